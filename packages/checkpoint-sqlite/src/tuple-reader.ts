import {
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  configOf,
  decisionPlace,
  matchesFilter,
  metadataPlace,
  needsPendingSends,
  readId,
  readLimit,
  readMetadata,
  readNamespace,
  rememberShapes,
  type Serializer,
  type ThreadLine,
  type ThreadPoint,
  withPendingSends,
  writePlace,
} from "@holdpoint/checkpoint";
import { ChainReader } from "./chain-reader.js";
import type { Connection } from "./connection.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { type HeadRow, type ListedRow, listQuery, listRows } from "./list-query.js";
import type { CheckpointWriter } from "./put-checkpoint.js";
import { SQL } from "./statements.js";

type Data = string | Uint8Array;

interface WriteRow {
  readonly task: string;
  readonly idx: number;
  readonly channel: string;
  readonly data: Data;
  readonly revision: number | null;
}

/** Reads checkpoints with what stands beside them. */
export class TupleReader {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly checkpoints: CheckpointWriter,
    /** Whether metadata is stored as the default serializer writes it, so that SQL can look into it. */
    private readonly isReadable: boolean,
  ) {}

  getTuple(config: CheckpointConfig): CheckpointTuple | undefined {
    const threadId = readId(config, "thread_id");
    if (threadId === undefined) return undefined;
    const ns = readNamespace(config) ?? "";
    const id = readId(config, "checkpoint_id");
    const line = [toKeyText(threadId), toKeyText(ns)];
    const tuple = this.connection.read(() => {
      const row = id === undefined ? this.#get(SQL.readNewest, ...line) : this.#get(SQL.readOne, ...line, id);
      if (row === undefined) return undefined;
      if (id === undefined) this.checkpoints.noteRead({ threadId, ns }, row.id, row);
      return this.#readTuple({ threadId, ns }, row, this.chains());
    });
    if (tuple !== undefined) rememberShapes(tuple.checkpoint);
    return tuple;
  }

  *list(config: CheckpointConfig, options: CheckpointListOptions): Generator<CheckpointTuple> {
    const query = listQuery(config, options, this.isReadable);
    const reader = this.chains();
    let left = readLimit(options.limit);
    if (left <= 0) return;
    for (const row of listRows(this.connection, query, left)) {
      const line = { threadId: fromKeyText(row.thread), ns: fromKeyText(row.ns) };
      if (!matchesFilter(this.readMetadata(line, row), options.filter)) continue;
      const tuple = this.#readWhole(line, row, reader) ?? this.connection.read(() => this.#readListed(line, row, reader));
      if (tuple === undefined) continue;
      yield tuple;
      if (--left <= 0) return;
    }
  }

  chains(): ChainReader {
    return new ChainReader(this.connection, this.serializer);
  }

  readMetadata(line: ThreadLine, { id, metadata }: Pick<HeadRow, "id" | "metadata">): CheckpointMetadata {
    return readMetadata(this.serializer.loads(metadata, metadataPlace(line, id)));
  }

  /** Adds to a checkpoint of an older format what stands beside its parent. */
  withSends(line: ThreadLine, { parent, parentId }: Pick<HeadRow, "parent" | "parentId">, checkpoint: Checkpoint): Checkpoint {
    if (parentId === null || !needsPendingSends(checkpoint)) return checkpoint;
    return withPendingSends(checkpoint, parent === null ? [] : this.#readWrites({ ...line, checkpointId: parentId }, parent));
  }

  #get(sql: string, ...values: string[]): HeadRow | undefined {
    return this.connection.get<HeadRow>(sql, ...values);
  }

  /**
   * Reads what stands beside a row that needs no other one, in a single statement: most of a history of small states. Undefined if it is another one,
   * or is not there any more.
   */
  #readWhole(line: ThreadLine, row: ListedRow, reader: ChainReader): CheckpointTuple | undefined {
    if (row.isPatch === 1) return undefined;
    const found = this.connection.all<WriteRow | { readonly task: null }>(SQL.readWritesOf, row.pk, row.id, row.thread, row.ns);
    if (found.length === 0) return undefined;
    const checkpoint = reader.readWhole(line, row.id, row.data);
    if (needsPendingSends(checkpoint)) return undefined;
    const writes = found.filter((write) => write.task !== null);
    return this.#tuple(line, row, checkpoint, this.#decodeWrites({ ...line, checkpointId: row.id }, writes));
  }

  /** Reads a row of a page, which others may have deleted since. */
  #readListed(line: ThreadLine, row: ListedRow, reader: ChainReader): CheckpointTuple | undefined {
    const standing = this.connection.get(SQL.isThere, row.pk, row.id, row.thread, row.ns);
    return standing === undefined ? undefined : this.#readTuple(line, row, reader);
  }

  #readTuple(line: ThreadLine, row: HeadRow, reader: ChainReader): CheckpointTuple {
    const { pk, id } = row;
    const checkpoint = row.isPatch === 1 ? reader.read(line, pk, id) : reader.readWhole(line, id, row.data);
    return this.#tuple(line, row, this.withSends(line, row, checkpoint), this.#readWrites({ ...line, checkpointId: id }, pk));
  }

  #tuple(line: ThreadLine, row: HeadRow, checkpoint: Checkpoint, pendingWrites: CheckpointPendingWrite[]): CheckpointTuple {
    const { threadId, ns } = line;
    const { id, parentId } = row;
    return {
      config: configOf(threadId, ns, id),
      checkpoint,
      metadata: this.readMetadata(line, row),
      parentConfig: parentId === null ? undefined : configOf(threadId, ns, parentId),
      pendingWrites,
    };
  }

  #readWrites(point: ThreadPoint, checkpoint: number): CheckpointPendingWrite[] {
    return this.#decodeWrites(point, this.connection.all<WriteRow>(SQL.readWrites, checkpoint));
  }

  #decodeWrites(point: ThreadPoint, rows: readonly WriteRow[]): CheckpointPendingWrite[] {
    return rows.map(({ idx, data, revision, ...row }) => {
      const [task, channel] = [fromKeyText(row.task), fromKeyText(row.channel)];
      const place = revision === null ? writePlace(point, task, idx, channel) : decisionPlace(point, task);
      return [task, channel, this.serializer.loads(data, place)];
    });
  }
}
