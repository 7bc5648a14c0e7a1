import { decisionPlace, metadataPlace, writePlace } from "../record/data-places.js";
import { matchesFilter } from "../record/matches-filter.js";
import { needsPendingSends, withPendingSends } from "../record/pending-sends.js";
import { readLimit } from "../record/read-limit.js";
import { readMetadata } from "../record/read-metadata.js";
import { rememberShapes } from "../record/stored-shapes.js";
import { configOf, readId, readNamespace, type ThreadLine } from "../record/thread-point.js";
import type { Serializer } from "../serde/serializer.js";
import type {
  Checkpoint,
  CheckpointConfig,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointPendingWrite,
  CheckpointTuple,
} from "../types.js";
import { ChainReader } from "./chain-reader.js";
import type { MemoryLine, MemoryPoint } from "./memory-line.js";
import type { MemoryThreads } from "./memory-threads.js";

/** A point, and where it stands. */
export interface Found extends ThreadLine {
  readonly line: MemoryLine;
  readonly point: MemoryPoint;
}

/** Reads checkpoints with what stands beside them. */
export class MemoryReader {
  constructor(
    private readonly threads: MemoryThreads,
    private readonly serializer: Serializer,
  ) {}

  getTuple(config: CheckpointConfig): CheckpointTuple | undefined {
    const threadId = readId(config, "thread_id");
    if (threadId === undefined) return undefined;
    const ns = readNamespace(config) ?? "";
    const id = readId(config, "checkpoint_id");
    const line = this.threads.get(threadId, ns);
    const point = id === undefined ? line?.newest() : line?.get(id);
    if (line === undefined || point === undefined) return undefined;
    const tuple = this.#readTuple({ threadId, ns, line, point }, new ChainReader(this.serializer));
    rememberShapes(tuple.checkpoint);
    return tuple;
  }

  *list(config: CheckpointConfig, options: CheckpointListOptions): Generator<CheckpointTuple> {
    const wanted = { threadId: readId(config, "thread_id"), ns: readNamespace(config), id: readId(config, "checkpoint_id") };
    const before = options.before === undefined ? undefined : readId(options.before, "checkpoint_id");
    const reader = new ChainReader(this.serializer);
    let left = readLimit(options.limit);
    for (const found of this.#newestFirst(wanted.threadId, wanted.ns, before)) {
      if (left <= 0) return;
      if (wanted.id !== undefined && wanted.id !== found.point.id) continue;
      if (!matchesFilter(this.readMetadata(found), options.filter)) continue;
      left--;
      yield this.#readTuple(found, reader);
    }
  }

  readMetadata({ point, ...line }: Found): CheckpointMetadata {
    return readMetadata(this.serializer.loads(point.metadata, metadataPlace(line, point.id)));
  }

  /** Reads a checkpoint as it is to be seen, whatever wrote it. */
  readCheckpoint(found: Found, reader: ChainReader): Checkpoint {
    const { parentId } = found.point;
    const checkpoint = reader.read(found, found.point);
    if (parentId === undefined || !needsPendingSends(checkpoint)) return checkpoint;
    return withPendingSends(checkpoint, this.#readWrites(found, parentId));
  }

  *#newestFirst(threadId: string | undefined, ns: string | undefined, before: string | undefined): Generator<Found> {
    const found: Generator<Found>[] = [];
    for (const thread of threadId === undefined ? this.threads.ids() : [threadId]) {
      for (const [space, line] of this.threads.linesOf(thread)) {
        if (ns === undefined || space === ns) found.push(pointsOf(thread, space, line, before));
      }
    }
    if (found.length === 1) yield* found[0]!;
    else yield* found.flatMap((points) => [...points]).sort((a, b) => (a.point.id < b.point.id ? 1 : -1));
  }

  #readTuple(found: Found, reader: ChainReader): CheckpointTuple {
    const { threadId, ns, point } = found;
    const { id, parentId } = point;
    return {
      config: configOf(threadId, ns, id),
      checkpoint: this.readCheckpoint(found, reader),
      metadata: this.readMetadata(found),
      parentConfig: parentId === undefined ? undefined : configOf(threadId, ns, parentId),
      pendingWrites: this.#readWrites(found, id),
    };
  }

  #readWrites({ threadId, ns, line }: Found, checkpointId: string): CheckpointPendingWrite[] {
    const point = { threadId, ns, checkpointId };
    return Array.from(line.readWrites(checkpointId), ({ taskId, index, channel, data, revision }) => {
      const place = revision === undefined ? writePlace(point, taskId, index, channel) : decisionPlace(point, taskId);
      return [taskId, channel, this.serializer.loads(data, place)];
    });
  }
}

function* pointsOf(threadId: string, ns: string, line: MemoryLine, before: string | undefined): Generator<Found> {
  for (const point of line.newestFirst(before)) yield { threadId, ns, line, point };
}
