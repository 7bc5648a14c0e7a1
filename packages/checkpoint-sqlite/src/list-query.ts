import { type CheckpointConfig, type CheckpointListOptions, readId, readNamespace } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";

/** A stored checkpoint as the reading statements return it. */
export interface HeadRow {
  readonly pk: number;
  readonly parent: number | null;
  readonly isPatch: number;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
  readonly id: string;
  readonly parentId: string | null;
  /** 1 if something stands beside it. */
  readonly hasWrites: number;
  readonly metadata: string | Uint8Array;
  readonly data: string | Uint8Array;
}

export interface ListedRow extends HeadRow {
  readonly thread: string;
  readonly ns: string;
}

export interface ListQuery {
  readonly thread: string | undefined;
  readonly ns: string | undefined;
  readonly id: string | undefined;
  readonly before: string;
  /** JSON object of the filter's scalars, or null. */
  readonly filter: string | null;
}

/** Sorts after every id: no text is above the last character of Unicode. */
const AFTER_ALL = "\u{10ffff}";

export function listQuery(config: CheckpointConfig, { before, filter }: CheckpointListOptions, mayFilterText: boolean): ListQuery {
  const thread = readId(config, "thread_id");
  const ns = readNamespace(config);
  return {
    thread: thread === undefined ? undefined : toKeyText(thread),
    ns: ns === undefined ? undefined : toKeyText(ns),
    id: readId(config, "checkpoint_id"),
    before: (before === undefined ? undefined : readId(before, "checkpoint_id")) ?? AFTER_ALL,
    filter: mayFilterText ? scalarsOf(filter) : null,
  };
}

/** What a query may match, newest first, in pages: no read transaction stays open while the caller works. */
export class ListPages {
  #cursor = { id: AFTER_ALL, pk: 0 };
  #isOver = false;

  constructor(
    private readonly connection: Connection,
    private readonly query: ListQuery,
  ) {}

  /** True unless an index gives the rows in their order, as it does those of one line. */
  get areSorted(): boolean {
    return this.query.thread === undefined || this.query.ns === undefined;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The next rows, so many or fewer. */
  next(size: number): ListedRow[] {
    const rows = this.connection.all<ListedRow>(...pageQuery(this.query, this.#cursor, size));
    const last = rows.at(-1);
    if (last !== undefined) this.#cursor = { id: last.id, pk: last.pk };
    if (rows.length < size) this.#isOver = true;
    const { id } = this.query;
    return id === undefined ? rows : rows.filter((row) => row.id === id);
  }
}

function pageQuery(
  query: ListQuery,
  cursor: { id: string; pk: number },
  size: number,
): [sql: string, ...values: (string | number | null)[]] {
  const { thread, ns, before, filter } = query;
  const rest = [before, cursor.id, cursor.pk, filter, filter, size];
  if (thread !== undefined && ns !== undefined) {
    const below = cursor.id < before ? cursor.id : before;
    return [SQL.listLine, thread, ns, below, filter, filter, size];
  }
  if (thread !== undefined) return [SQL.listThread, thread, ...rest];
  return ns === undefined ? [SQL.listAll, ...rest] : [SQL.listNamespace, ns, ...rest];
}

/** The part of a filter that SQL can decide for certain: texts that need no escape, numbers but zero (there are two), booleans. */
function scalarsOf(filter: CheckpointListOptions["filter"]): string | null {
  const entries = Object.entries(filter ?? {}).filter(([key, value]) => isVerbatim(key) && isPlainScalar(value));
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}

function isPlainScalar(value: unknown): boolean {
  if (typeof value === "string") return isVerbatim(value);
  return typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value) && value !== 0);
}

function isVerbatim(text: string): boolean {
  return JSON.stringify(text) === `"${text}"`;
}
