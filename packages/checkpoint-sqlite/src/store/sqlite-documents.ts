import { afterNamespaceText, type DocumentPlace, fromNamespaceText, toNamespaceText } from "@holdpoint/checkpoint";
import type { Connection } from "../connection.js";
import { fromKeyText, toKeyText } from "../key-text.js";
import { STORE_SQL } from "./store-statements.js";

export interface StoredDocument extends DocumentPlace {
  readonly pk: number;
  readonly created: number;
  readonly updated: number;
  readonly duration: number | null;
  readonly data: string | Uint8Array;
}

interface DocumentRow extends Omit<StoredDocument, "namespace"> {
  readonly namespace: string;
}

/** Documents that are read at once while a search looks for those that match. */
const PAGE = 200;
/** Documents that one transaction of a sweep deletes: others may write between two of them. */
const SWEPT_AT_ONCE = 1000;
/** Documents that a write deletes which are over: it costs little, and keeps up with any number of puts. */
const SWEPT_BY_WRITE = 100;

/** The rows of a store. One whose time is over is not there. */
export class SqliteDocuments {
  constructor(private readonly connection: Connection) {}

  get({ namespace, key }: DocumentPlace, now: number): StoredDocument | undefined {
    const row = this.connection.get<DocumentRow>(STORE_SQL.get, toNamespaceText(namespace), toKeyText(key), now);
    return row === undefined ? undefined : documentOf(row);
  }

  put({ namespace, key }: DocumentPlace, data: string | Uint8Array, duration: number | undefined, now: number): void {
    const place = [toNamespaceText(namespace), toKeyText(key)] as const;
    const expires = duration === undefined ? null : now + duration;
    this.connection.run(STORE_SQL.put, ...place, now, now, now, duration ?? null, expires, ...place, data);
  }

  delete({ namespace, key }: DocumentPlace): void {
    this.connection.run(STORE_SQL.delete, toNamespaceText(namespace), toKeyText(key));
  }

  /** Gives a document its whole time anew. */
  refresh({ pk }: StoredDocument, now: number): void {
    this.connection.run(STORE_SQL.refresh, now, pk, now);
  }

  /** A page of the documents whose namespace begins with these labels, the one that was put last first. */
  page(prefix: readonly string[], now: number, limit: number, offset: number): StoredDocument[] {
    const most = Number.isFinite(limit) ? limit : -1;
    return this.#read(
      prefix.length === 0
        ? this.connection.all<{ pk: number }>(STORE_SQL.pageOfAll, now, most, offset)
        : this.connection.all<{ pk: number }>(STORE_SQL.pageUnder, ...rangeOf(prefix), now, most, offset),
    );
  }

  /**
   * The same for as long as more are asked for, without what lacks one of the texts.
   * @param wanted how many will be enough, if all match
   */
  *candidates(prefix: readonly string[], now: number, texts: readonly string[], wanted: number): Generator<StoredDocument> {
    const [one = "", other = ""] = texts;
    const first = Math.min(wanted, PAGE);
    const pages = prefix.length === 0 ? this.#pagesOfAll(now, first, one, other) : this.#pagesUnder(prefix, now, first, one, other);
    for (const keys of pages) yield* this.#read(keys);
  }

  /** The namespaces that begin with these labels and hold a document. */
  namespaces(prefix: readonly string[], now: number): string[][] {
    const [from, to] = rangeOf(prefix);
    const rows = this.connection.all<{ namespace: string }>(STORE_SQL.namespaces, from, to, to, now);
    return rows.map(({ namespace }) => fromNamespaceText(namespace));
  }

  /** Deletes a little of what is over, within the caller's transaction. */
  sweepSome(now: number): void {
    this.connection.run(STORE_SQL.sweep, now, SWEPT_BY_WRITE);
  }

  /** Deletes all that is over. @returns how many documents that were */
  sweep(now: number): number {
    for (let swept = 0; ; ) {
      const { changes } = this.connection.write(() => this.connection.run(STORE_SQL.sweep, now, SWEPT_AT_ONCE));
      swept += changes;
      if (changes < SWEPT_AT_ONCE) return swept;
    }
  }

  *#pagesOfAll(now: number, first: number, ...texts: [string, string]): Generator<readonly { pk: number }[]> {
    for (let [last, size] = [Number.MAX_SAFE_INTEGER, first]; ; size = larger(size)) {
      const keys = this.connection.all<{ pk: number }>(STORE_SQL.matchesBefore, last, now, ...texts, size);
      yield keys;
      if (keys.length < size) return;
      last = keys.at(-1)!.pk;
    }
  }

  /** The keys are found and sorted once, not anew for each page. */
  *#pagesUnder(prefix: readonly string[], now: number, first: number, ...texts: [string, string]): Generator<readonly { pk: number }[]> {
    const keys = this.connection.all<{ pk: number }>(STORE_SQL.matchesUnder, ...rangeOf(prefix), now, ...texts);
    for (let [at, size] = [0, first]; at < keys.length; at += size, size = larger(size)) yield keys.slice(at, at + size);
  }

  #read(keys: readonly { pk: number }[]): StoredDocument[] {
    if (keys.length === 0) return [];
    return this.connection.all<DocumentRow>(STORE_SQL.read, JSON.stringify(keys.map(({ pk }) => pk))).map(documentOf);
  }
}

/** A page that did not hold enough is followed by a larger one. */
function larger(size: number): number {
  return Math.min(2 * size, PAGE);
}

function rangeOf(prefix: readonly string[]): [from: string, to: string] {
  return [toNamespaceText(prefix), afterNamespaceText(prefix)];
}

function documentOf(row: DocumentRow): StoredDocument {
  return { ...row, namespace: fromNamespaceText(row.namespace), key: fromKeyText(row.key) };
}
