import {
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  configOf,
  decisionPlace,
  inPlace,
  matchesFilter,
  metadataPlace,
  needsPendingSends,
  ReadAhead,
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
import { type HeadRow, type ListedRow, ListPages, listQuery } from "./list-query.js";
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

/** A row of a list, with what was read of it ahead. */
interface Listed {
  readonly line: ThreadLine;
  readonly row: ListedRow;
  readonly metadata: CheckpointMetadata | undefined;
  /** Where it is stored as a change. */
  checkpoint: Checkpoint | undefined;
  writes: readonly WriteRow[];
}

const NOTHING_WRITTEN: readonly WriteRow[] = [];

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

  *list(config: CheckpointConfig, options: CheckpointListOptions): Generator<CheckpointTuple, void, undefined> {
    const pages = new ListPages(this.connection, listQuery(config, options, this.isReadable));
    const reader = this.chains();
    const ahead = new ReadAhead(pages.areSorted);
    let left = readLimit(options.limit);
    while (left > 0 && !pages.isOver) {
      const size = Math.min(left, ahead.count);
      const page = this.connection.read(() => this.#readPage(pages.next(size), options.filter, reader));
      ahead.note(page.map(({ row }) => row.live));
      for (const listed of page) {
        const tuple = this.#listedTuple(listed, reader);
        if (tuple === undefined) continue;
        left--;
        yield tuple;
      }
    }
  }

  chains(): ChainReader {
    return new ChainReader(this.connection, this.serializer);
  }

  readMetadata(line: ThreadLine, { id, metadata }: Pick<HeadRow, "id" | "metadata">): CheckpointMetadata {
    const place = metadataPlace(line, id);
    return inPlace(place, () => readMetadata(this.serializer.loads(metadata, place)));
  }

  /** Adds to a checkpoint of an older format what stands beside its parent. */
  withSends(line: ThreadLine, { parent, parentId }: Pick<HeadRow, "parent" | "parentId">, checkpoint: Checkpoint): Checkpoint {
    if (parentId === null || !needsPendingSends(checkpoint)) return checkpoint;
    return withPendingSends(checkpoint, parent === null ? [] : this.#readWrites({ ...line, checkpointId: parentId }, parent));
  }

  #get(sql: string, ...values: string[]): HeadRow | undefined {
    return this.connection.get<HeadRow>(sql, ...values);
  }

  /** Reads what rows of a list need besides themselves, of the same state of the database. */
  #readPage(rows: readonly ListedRow[], filter: CheckpointListOptions["filter"], reader: ChainReader): Listed[] {
    const page: Listed[] = [];
    const patches: { readonly line: ThreadLine; readonly pk: number; readonly id: string; readonly listed: Listed }[] = [];
    for (const row of rows) {
      const line = { threadId: fromKeyText(row.thread), ns: fromKeyText(row.ns) };
      const metadata = filter === undefined ? undefined : this.readMetadata(line, row);
      if (metadata !== undefined && !matchesFilter(metadata, filter)) continue;
      const listed: Listed = { line, row, metadata, checkpoint: undefined, writes: NOTHING_WRITTEN };
      page.push(listed);
      if (row.isPatch === 1) patches.push({ line, pk: row.pk, id: row.id, listed });
    }
    this.#addWrites(page);
    for (const [{ listed }, checkpoint] of reader.readAhead(patches)) listed.checkpoint = checkpoint;
    return page;
  }

  #addWrites(page: readonly Listed[]): void {
    const listed = new Map(page.filter(({ row }) => row.hasWrites === 1).map((one) => [one.row.pk, one]));
    if (listed.size === 0) return;
    const writes = this.connection.all<WriteRow & { readonly checkpoint: number }>(SQL.readWritesOf, JSON.stringify([...listed.keys()]));
    for (const write of writes) {
      const one = listed.get(write.checkpoint);
      if (one === undefined) continue;
      if (one.writes === NOTHING_WRITTEN) one.writes = [write];
      else (one.writes as WriteRow[]).push(write);
    }
  }

  #listedTuple({ line, row, metadata, checkpoint: known, writes }: Listed, reader: ChainReader): CheckpointTuple | undefined {
    const checkpoint = known ?? (row.isPatch === 1 ? undefined : reader.readWhole(line, row.id, row.data));
    if (checkpoint === undefined || needsPendingSends(checkpoint)) return this.connection.read(() => this.#readListed(line, row, reader));
    return this.#tuple(line, row, checkpoint, this.#decodeWrites({ ...line, checkpointId: row.id }, writes), metadata);
  }

  /** Reads a row that needs others, by itself. Others may have deleted it since. */
  #readListed(line: ThreadLine, row: ListedRow, reader: ChainReader): CheckpointTuple | undefined {
    const standing = this.connection.get(SQL.isThere, row.pk, row.id, row.thread, row.ns);
    return standing === undefined ? undefined : this.#readTuple(line, row, reader);
  }

  #readTuple(line: ThreadLine, row: HeadRow, reader: ChainReader): CheckpointTuple {
    const { pk, id } = row;
    const checkpoint = row.isPatch === 1 ? reader.read(line, pk, id) : reader.readWhole(line, id, row.data);
    const writes = row.hasWrites === 0 ? [] : this.#readWrites({ ...line, checkpointId: id }, pk);
    return this.#tuple(line, row, this.withSends(line, row, checkpoint), writes);
  }

  #tuple(
    line: ThreadLine,
    row: HeadRow,
    checkpoint: Checkpoint,
    pendingWrites: CheckpointPendingWrite[],
    metadata = this.readMetadata(line, row),
  ): CheckpointTuple {
    const { threadId, ns } = line;
    const { id, parentId } = row;
    return {
      config: configOf(threadId, ns, id),
      checkpoint,
      metadata,
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
      return [task, channel, inPlace(place, () => this.serializer.loads(data, place))];
    });
  }
}
