import {
  type CheckpointConfig,
  CheckpointError,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  fromKeyText,
  matchesFilter,
  readId,
  readLimit,
  readNamespace,
  type Serializer,
  toKeyText,
} from "@holdpoint/checkpoint";
import { ChainReader, type ChainRow } from "./chain-reader.js";
import type { Connection, Session } from "./connection.js";
import { SQL } from "./statements.js";
import { type Head, TupleReader, type WriteRow } from "./tuple-reader.js";

interface ListedRow extends ChainRow {
  readonly thread: string;
  readonly ns: string;
  readonly parent: number | null;
  readonly isPatch: boolean;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
  readonly parentId: string | null;
  readonly metadata: string | null;
  readonly metadataBytes: Uint8Array | null;
}

interface ListQuery {
  readonly thread: string | undefined;
  readonly ns: string | undefined;
  readonly id: string | undefined;
  readonly before: string;
  /** What the text of the metadata must contain, or null. */
  readonly filter: string[] | null;
}

interface Cursor {
  readonly id: string;
  readonly pk: number;
}

interface Page {
  readonly rows: readonly ListedRow[];
  readonly writes: ReadonlyMap<number, WriteRow[]>;
}

/** Sorts after every id: no text is above the last character of Unicode. */
const AFTER_ALL = "\u{10ffff}";
/** Rows are read in pages, so that no transaction stays open while the caller works. */
const PAGE = 100;

/** Lists checkpoints, newest first. Each page is one state of the database. */
export async function* listTuples(
  connection: Connection,
  serializer: Serializer,
  config: CheckpointConfig,
  options: CheckpointListOptions,
  mayFilterText: boolean,
): AsyncGenerator<CheckpointTuple> {
  const { filter } = options;
  const query = listQuery(config, options, mayFilterText);
  let left = readLimit(options.limit);
  const [tuples, reader] = [new TupleReader(serializer), new ChainReader(serializer)];
  for (let cursor: Cursor | undefined = { id: AFTER_ALL, pk: 0 }; cursor !== undefined && left > 0; ) {
    const size = Math.min(PAGE, left);
    const from: Cursor = cursor;
    const { rows, writes }: Page = await connection.read((session) => readPage(session, pageQuery(query, from, size), tuples, reader));
    const wanted = rows
      .filter(({ id }) => query.id === undefined || query.id === id)
      .map((row) => wantedOf(tuples, row))
      .filter(({ metadata }) => mayBeWanted(metadata, filter));
    // What is stored whole is decoded when its turn comes: a page of large states is not in memory at once.
    const patches = wanted.slice(0, left).flatMap(({ head, isPatch }) => (isPatch ? [head] : []));
    const read = reader.readAhead(patches);
    for (const { head, metadata = tuples.metadata(head) } of wanted) {
      const checkpoint = read.get(head) ?? reader.read(head, head.pk);
      yield await tuples.tuple(connection, head, { checkpoint, metadata, writes: writes.get(head.pk) ?? [] });
      if (--left <= 0) return;
    }
    cursor = rows.length < size ? undefined : rows.at(-1);
  }
}

/** A row with its metadata: undefined if that cannot be read, which is told when its turn comes. */
function wantedOf(tuples: TupleReader, row: ListedRow) {
  const head = headOf(row);
  return { head, isPatch: row.isPatch, metadata: metadataOf(tuples, head) };
}

function metadataOf(tuples: TupleReader, head: Head): CheckpointMetadata | undefined {
  try {
    return tuples.metadata(head);
  } catch (error) {
    if (CheckpointError.is(error)) return undefined;
    throw error;
  }
}

function mayBeWanted(metadata: CheckpointMetadata | undefined, filter: CheckpointListOptions["filter"]): boolean {
  return metadata === undefined || matchesFilter(metadata, filter);
}

async function readPage(session: Session, query: PageQuery, tuples: TupleReader, reader: ChainReader): Promise<Page> {
  const found = await session.all<ListedRow>(...query);
  const rows = found.map((row) => ({ ...row, base: row.isPatch ? row.parent : null }));
  return { rows, writes: rows.length === 0 ? new Map() : await tuples.load(session, rows, reader) };
}

function listQuery(config: CheckpointConfig, { before, filter }: CheckpointListOptions, mayFilterText: boolean): ListQuery {
  const thread = readId(config, "thread_id");
  const ns = readNamespace(config);
  return {
    thread: thread === undefined ? undefined : toKeyText(thread),
    ns: ns === undefined ? undefined : toKeyText(ns),
    id: readId(config, "checkpoint_id"),
    before: (before === undefined ? undefined : readId(before, "checkpoint_id")) ?? AFTER_ALL,
    filter: mayFilterText ? partsOf(filter) : null,
  };
}

type PageQuery = [sql: string, ...values: unknown[]];

function pageQuery({ thread, ns, before, filter }: ListQuery, cursor: Cursor, size: number): PageQuery {
  const rest = [before, cursor.id, cursor.pk, filter, size];
  if (thread !== undefined && ns !== undefined) return [SQL.listLine, thread, ns, cursor.id < before ? cursor.id : before, filter, size];
  if (thread !== undefined) return [SQL.listThread, thread, ...rest];
  return ns === undefined ? [SQL.listAll, ...rest] : [SQL.listNamespace, ns, ...rest];
}

/** The part of a filter that can be looked for in the text of metadata: texts that need no escape, numbers but zero (there are two), booleans. */
function partsOf(filter: CheckpointListOptions["filter"]): string[] | null {
  const entries = Object.entries(filter ?? {}).filter(([key, value]) => isVerbatim(key) && isPlainScalar(value));
  return entries.length === 0 ? null : entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
}

function isPlainScalar(value: unknown): boolean {
  if (typeof value === "string") return isVerbatim(value);
  return typeof value === "boolean" || (typeof value === "number" && Number.isSafeInteger(value) && value !== 0);
}

function isVerbatim(text: string): boolean {
  return JSON.stringify(text) === `"${text}"`;
}

function headOf(row: ListedRow): Head {
  const { pk, line, parent, id, parentId, metadata, metadataBytes } = row;
  const sizes = { liveSize: row.live, chainSize: row.chain, patchCount: row.patches };
  const stored = { data: metadata, bytes: metadataBytes };
  return { threadId: fromKeyText(row.thread), ns: fromKeyText(row.ns), pk, line, parent, id, parentId, sizes, metadata: stored };
}
