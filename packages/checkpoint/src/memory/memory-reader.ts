import { readListOptions } from "../record/check-arguments.js";
import { decisionPlace, metadataPlace, writePlace } from "../record/data-places.js";
import { inPlace } from "../record/in-place.js";
import { matchesFilter } from "../record/matches-filter.js";
import { needsPendingSends, withPendingSends } from "../record/pending-sends.js";
import { ReadAhead } from "../record/read-ahead.js";
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

  *list(config: CheckpointConfig, given: CheckpointListOptions | undefined): Generator<CheckpointTuple, void, undefined> {
    const options = readListOptions(given);
    const listed = this.#listed(config, options);
    const reader = new ChainReader(this.serializer);
    const ahead = new ReadAhead();
    let left = readLimit(options.limit);
    while (left > 0) {
      const batch = take(listed, Math.min(left, ahead.count));
      if (batch.length === 0) return;
      ahead.note(batch.map(({ point }) => point.sizes.liveSize));
      const known = batch.length === 1 ? undefined : readAhead(batch, reader);
      for (const found of batch) {
        // It may have been deleted, or put again, since the batch was read.
        const point = found.line.get(found.point.id);
        if (point === undefined) continue;
        left--;
        yield this.#readTuple(point === found.point ? found : { ...found, point }, reader, known?.get(point));
      }
    }
  }

  /** The points that the caller asks for, newest first. */
  *#listed(config: CheckpointConfig, { before, filter }: CheckpointListOptions): Generator<Found, void, undefined> {
    const wanted = { threadId: readId(config, "thread_id"), ns: readNamespace(config), id: readId(config, "checkpoint_id") };
    const below = before === undefined ? undefined : readId(before, "checkpoint_id");
    for (const found of this.#newestFirst(wanted.threadId, wanted.ns, below)) {
      if (wanted.id !== undefined && wanted.id !== found.point.id) continue;
      if (filter === undefined || matchesFilter(this.readMetadata(found), filter)) yield found;
    }
  }

  readMetadata({ point, ...line }: Found): CheckpointMetadata {
    const place = metadataPlace(line, point.id);
    return inPlace(place, () => readMetadata(this.serializer.loads(point.metadata, place)));
  }

  /** Reads a checkpoint as it is to be seen, whatever wrote it. */
  readCheckpoint(found: Found, reader: ChainReader, known?: Checkpoint): Checkpoint {
    const { parentId } = found.point;
    const checkpoint = known ?? reader.read(found, found.point);
    if (parentId === undefined || !needsPendingSends(checkpoint)) return checkpoint;
    return withPendingSends(checkpoint, this.#readWrites(found, parentId));
  }

  *#newestFirst(threadId: string | undefined, ns: string | undefined, before: string | undefined): Generator<Found, void, undefined> {
    const found: Generator<Found>[] = [];
    for (const thread of threadId === undefined ? this.threads.ids() : [threadId]) {
      for (const [space, line] of this.threads.linesOf(thread)) {
        if (ns === undefined || space === ns) found.push(pointsOf(thread, space, line, before));
      }
    }
    if (found.length === 1) yield* found[0]!;
    else yield* found.flatMap((points) => [...points]).sort((a, b) => (a.point.id < b.point.id ? 1 : -1));
  }

  /** @param known the checkpoint, where it was read ahead */
  #readTuple(found: Found, reader: ChainReader, known?: Checkpoint): CheckpointTuple {
    const { threadId, ns, point } = found;
    const { id, parentId } = point;
    return {
      config: configOf(threadId, ns, id),
      checkpoint: this.readCheckpoint(found, reader, known),
      metadata: this.readMetadata(found),
      parentConfig: parentId === undefined ? undefined : configOf(threadId, ns, parentId),
      pendingWrites: this.#readWrites(found, id),
    };
  }

  #readWrites({ threadId, ns, line }: Found, checkpointId: string): CheckpointPendingWrite[] {
    const point = { threadId, ns, checkpointId };
    return Array.from(line.readWrites(checkpointId), ({ taskId, index, channel, data, revision }) => {
      const place = revision === undefined ? writePlace(point, taskId, index, channel) : decisionPlace(point, taskId);
      return [taskId, channel, inPlace(place, () => this.serializer.loads(data, place))];
    });
  }
}

function* pointsOf(threadId: string, ns: string, line: MemoryLine, before: string | undefined): Generator<Found> {
  for (const point of line.newestFirst(before)) yield { threadId, ns, line, point };
}

/** The next items, as many as there are up to so many. */
function take<T>(items: Generator<T, void, undefined>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = items.next();
    if (done === true) break;
    taken.push(value as T);
  }
  return taken;
}

/** Reads what is stored as changes, each line by itself. */
function readAhead(batch: readonly Found[], reader: ChainReader): Map<MemoryPoint, Checkpoint> {
  const found = new Map<MemoryPoint, Checkpoint>();
  const lines = new Map<MemoryLine, Found[]>();
  for (const item of batch) {
    if (item.point.base === undefined) continue;
    const line = lines.get(item.line);
    if (line === undefined) lines.set(item.line, [item]);
    else line.push(item);
  }
  for (const items of lines.values()) {
    const line = items[0] as Found;
    for (const [point, checkpoint] of reader.readAhead(
      line,
      items.map(({ point }) => point),
    ))
      found.set(point, checkpoint);
  }
  return found;
}
