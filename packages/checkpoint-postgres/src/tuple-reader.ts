import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  configOf,
  decisionPlace,
  fromKeyText,
  inPlace,
  metadataPlace,
  needsPendingSends,
  type RecordSizes,
  readMetadata,
  type Serializer,
  type ThreadLine,
  type ThreadPoint,
  toKeyText,
  withPendingSends,
  writePlace,
} from "@holdpoint/checkpoint";
import { ChainReader, type ChainRow } from "./chain-reader.js";
import type { Session } from "./connection.js";
import { SQL } from "./statements.js";
import { fromStored, type StoredData } from "./stored-data.js";

/** What stands in the row of a checkpoint beside its data. */
export interface Head extends ThreadLine {
  readonly pk: number;
  readonly line: number;
  readonly parent: number | null;
  readonly id: string;
  readonly parentId: string | null;
  readonly sizes: RecordSizes;
  readonly metadata: StoredData;
}

type Parented = Pick<Head, "threadId" | "ns" | "parent" | "parentId">;

/** A write as the reading statements return it. */
export interface WriteRow extends StoredData {
  readonly pk: number;
  /** The task. */
  readonly id: string;
  /** The channel. */
  readonly name: string;
  readonly idx: number;
  readonly revision: number | null;
}

/** A row of SQL.readNewest and SQL.readOne; what its columns mean depends on `part`. */
interface PartRow extends StoredData {
  readonly part: number;
  readonly pk: number;
  readonly line: number;
  readonly base: number | null;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
  readonly id: string;
  readonly name: string | null;
  readonly idx: number;
  readonly revision: number | null;
}

/** What a tuple is put together from. */
interface ReadParts {
  readonly checkpoint: Checkpoint;
  readonly metadata: CheckpointMetadata;
  readonly writes: readonly WriteRow[];
}

/** One checkpoint as it was found, and what it stands on. */
export interface FoundTuple {
  readonly head: Head;
  readonly tuple: CheckpointTuple;
}

/** Reads checkpoints with what stands beside them. */
export class TupleReader {
  constructor(private readonly serializer: Serializer) {}

  /** Reads one checkpoint in one statement: the newest, or the one of an id. */
  async find(session: Session, line: ThreadLine, id: string | undefined): Promise<FoundTuple | undefined> {
    const key = [toKeyText(line.threadId), toKeyText(line.ns)];
    const rows =
      id === undefined ? await session.all<PartRow>(SQL.readNewest, ...key) : await session.all<PartRow>(SQL.readOne, ...key, id);
    const row = rows.find(({ part }) => part === 0);
    if (row === undefined) return undefined;
    const reader = new ChainReader(this.serializer);
    reader.add(rows.filter(({ part }) => part === 1));
    const writes = rows.filter(({ part }) => part === 2).sort((a, b) => a.pk - b.pk) as readonly PartRow[] as readonly WriteRow[];
    const head = headOf(line, row);
    const checkpoint = reader.read(head, head.pk);
    return { head, tuple: await this.tuple(session, head, { checkpoint, metadata: this.metadata(head), writes }) };
  }

  /** Reads what a statement of a list found, as one state of the database. */
  async load(session: Session, rows: readonly ChainRow[], reader: ChainReader): Promise<Map<number, WriteRow[]>> {
    reader.trim();
    reader.add(rows);
    const missing = new Set(rows.map(({ pk }) => reader.missingFor(pk)).filter((pk) => pk !== undefined));
    if (missing.size > 0) reader.add(await session.all<ChainRow>(SQL.readChains, [...missing]));
    const writes = new Map<number, WriteRow[]>(rows.map(({ pk }) => [pk, []]));
    for (const row of await session.all<WriteRow & { checkpoint: number }>(SQL.readWrites, [...writes.keys()])) {
      writes.get(row.checkpoint)?.push(row);
    }
    return writes;
  }

  async tuple(session: Session, head: Head, { checkpoint, metadata, writes }: ReadParts): Promise<CheckpointTuple> {
    const { threadId, ns, id, parentId } = head;
    return {
      config: configOf(threadId, ns, id),
      checkpoint: needsPendingSends(checkpoint) ? await this.withSends(session, head, checkpoint) : checkpoint,
      metadata,
      parentConfig: parentId === null ? undefined : configOf(threadId, ns, parentId),
      pendingWrites: this.#writes({ threadId, ns, checkpointId: id }, writes),
    };
  }

  /** Adds to a checkpoint of an older format what stands beside its parent. */
  async withSends(session: Session, { threadId, ns, parent, parentId }: Parented, checkpoint: Checkpoint): Promise<Checkpoint> {
    if (parentId === null || !needsPendingSends(checkpoint)) return checkpoint;
    const rows = parent === null ? [] : await session.all<WriteRow>(SQL.readWrites, [parent]);
    return withPendingSends(checkpoint, this.#writes({ threadId, ns, checkpointId: parentId }, rows));
  }

  metadata(head: Pick<Head, "threadId" | "ns" | "id" | "metadata">): CheckpointMetadata {
    const place = metadataPlace(head, head.id);
    return inPlace(place, () => readMetadata(this.serializer.loads(fromStored(head.metadata), place)));
  }

  #writes(point: ThreadPoint, rows: readonly WriteRow[]): CheckpointPendingWrite[] {
    return rows.map(({ id, name, idx, revision, ...stored }) => {
      const [task, channel] = [fromKeyText(id), fromKeyText(name)];
      const place = revision === null ? writePlace(point, task, idx, channel) : decisionPlace(point, task);
      return [task, channel, inPlace(place, () => this.serializer.loads(fromStored(stored), place))];
    });
  }
}

function headOf({ threadId, ns }: ThreadLine, row: PartRow): Head {
  const { pk, line, base, id, name, data, bytes } = row;
  const sizes = { liveSize: row.live, chainSize: row.chain, patchCount: row.patches };
  return { threadId, ns, pk, line, parent: base, id, parentId: name, sizes, metadata: { data, bytes } };
}
