import {
  afterNamespaceText,
  type DocumentPlace,
  fromKeyText,
  fromNamespaceText,
  type ResolvedSearch,
  toKeyText,
  toNamespaceText,
} from "@holdpoint/checkpoint";
import type { Session } from "../connection.js";
import { type Data, fromStored, type StoredData, toStored } from "../stored-data.js";
import type { DocumentWrite } from "./plan-writes.js";
import { STORE_SQL } from "./store-statements.js";

export interface StoredDocument extends DocumentPlace {
  readonly place: number;
  readonly turn: number;
  readonly created: number;
  readonly updated: number;
  readonly duration: number | null;
  readonly data: Data;
}

interface DocumentRow extends Omit<StoredDocument, "namespace" | "data">, StoredData {
  readonly namespace: string;
}

const KINDS = ["put", "put-anew", "delete"] as const;
/** Documents that are read at once, at most, while a search looks for those that match. */
const PAGE = 1000;
/** Before every place of the database, for a first page. */
const NEWEST = [Number.MAX_SAFE_INTEGER, 0] as const;

export async function getDocument(session: Session, { namespace, key }: DocumentPlace, now: number): Promise<StoredDocument | undefined> {
  const row = await session.get<DocumentRow>(STORE_SQL.get, toNamespaceText(namespace), toKeyText(key), now);
  return row === undefined ? undefined : documentOf(row);
}

/** Reads a page of the documents under a prefix, the one that was put last first. */
export async function readPage(session: Session, { prefix, limit, offset }: ResolvedSearch, now: number): Promise<StoredDocument[]> {
  const page = [now, Number.isFinite(limit) ? limit : null, offset];
  const rows =
    prefix.length === 0
      ? await session.all<DocumentRow>(STORE_SQL.pageOfAll, ...page)
      : await session.all<DocumentRow>(STORE_SQL.pageUnder, ...rangeOf(prefix), ...page);
  return rows.map(documentOf);
}

/**
 * Reads the same for as long as more are asked for, without what lacks one of the texts.
 * @param wanted how many will be enough, if all match
 */
export async function* readCandidates(
  session: Session,
  { prefix }: ResolvedSearch,
  now: number,
  texts: readonly string[],
  wanted: number,
): AsyncGenerator<{ readonly documents: readonly StoredDocument[]; readonly isLast: boolean }> {
  const [sql, range] = prefix.length === 0 ? [STORE_SQL.matchesOfAll, []] : [STORE_SQL.matchesUnder, rangeOf(prefix)];
  const [one = "", other = ""] = texts;
  // A page that did not hold enough is followed by a larger one.
  for (let [size, before] = [Math.min(wanted, PAGE), NEWEST as readonly [number, number]]; ; size = Math.min(2 * size, PAGE)) {
    const rows = await session.all<DocumentRow>(sql, ...range, now, one, other, ...before, size);
    yield { documents: rows.map(documentOf), isLast: rows.length < size };
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return;
    before = [last.place, last.turn];
  }
}

/** Lists the namespaces that begin with these labels and hold a document. */
export async function readNamespaces(session: Session, prefix: readonly string[], now: number): Promise<string[][]> {
  const rows = await session.all<{ namespace: string }>(STORE_SQL.namespaces, ...rangeOf(prefix), now);
  return rows.map(({ namespace }) => fromNamespaceText(namespace));
}

/** Does all writes of a batch, in one statement. @param swept documents that are over which may be deleted with it */
export async function writeDocuments(
  session: Session,
  writes: readonly DocumentWrite[],
  { now, wait, swept }: { readonly now: number; readonly wait: number; readonly swept: number },
): Promise<void> {
  const stored = writes.map(({ data }) => (data === undefined ? [null, null] : toStored(data)));
  await session.all(
    STORE_SQL.write,
    `${wait}ms`,
    now,
    swept,
    writes.map(({ kind }) => KINDS.indexOf(kind)),
    writes.map(({ namespace }) => toNamespaceText(namespace)),
    writes.map(({ key }) => toKeyText(key)),
    writes.map(({ duration }) => duration ?? null),
    stored.map(([text]) => text),
    stored.map(([, bytes]) => bytes),
  );
}

/** Gives documents their whole time anew. Where none of them expires, nothing is done. */
export async function refreshDocuments(session: Session, documents: readonly StoredDocument[], now: number): Promise<void> {
  const expiring = documents.filter(({ duration }) => duration !== null);
  if (expiring.length === 0) return;
  const [places, turns] = [expiring.map(({ place }) => place), expiring.map(({ turn }) => turn)];
  await session.all(STORE_SQL.refresh, places, turns, now);
}

function rangeOf(prefix: readonly string[]): [from: string, to: string] {
  return [toNamespaceText(prefix), afterNamespaceText(prefix)];
}

function documentOf({ namespace, key, data, bytes, ...row }: DocumentRow): StoredDocument {
  return { ...row, namespace: fromNamespaceText(namespace), key: fromKeyText(key), data: fromStored({ data, bytes }) };
}
