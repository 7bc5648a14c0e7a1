import { checkpointTime } from "../ids/checkpoint-id.js";
import { QUESTION_CHANNEL } from "../inbox/read-questions.js";
import { readRecord } from "../record/checkpoint-record.js";
import { checkpointPlace, decisionPlace, metadataPlace, writePlace } from "../record/data-places.js";
import { type EncodedCheckpoint, encodeCheckpoint } from "../record/encode-checkpoint.js";
import { inPlace } from "../record/in-place.js";
import type { ThreadLine, ThreadPoint } from "../record/thread-point.js";
import type { ArrangedCheckpoint, ArrangedThread, ArrangedWrite } from "../retention/arrange-records.js";
import type { ThreadRecord } from "../retention/retention.js";
import { threadNotEmpty } from "../retention/thread-errors.js";
import type { Serializer } from "../serde/serializer.js";
import { ChainReader } from "./chain-reader.js";
import { type MemoryLine, type MemoryPoint, type MemoryWrite, writeKey } from "./memory-line.js";
import type { MemoryReader } from "./memory-reader.js";
import type { MemoryThreads } from "./memory-threads.js";
import type { MemoryWriter } from "./memory-writer.js";

/** Takes threads out, and in. */
export class MemoryTransfer {
  constructor(
    private readonly threads: MemoryThreads,
    private readonly serializer: Serializer,
    private readonly reader: MemoryReader,
    private readonly writer: MemoryWriter,
  ) {}

  /** Reads everything of a thread as it is at this moment, each checkpoint after the one that it is a change of. */
  records(threadId: string): ThreadRecord[] {
    return [...this.threads.linesOf(threadId)].flatMap(([ns, line]) => [...this.#recordsOfLine({ threadId, ns }, line)]);
  }

  /** Stores the records of a thread. @throws CheckpointError INVALID_ARGUMENT if there is something of it already */
  store(threadId: string, { checkpoints, writes }: ArrangedThread): void {
    if (!this.threads.isEmpty(threadId)) throw threadNotEmpty(threadId);
    const points = new Map<ArrangedCheckpoint, MemoryPoint>();
    for (const one of checkpoints)
      points.set(one, this.#encodePoint(threadId, one, one.base === undefined ? undefined : points.get(one.base)));
    const encoded = writes.map((write) => ({ ...write, saved: this.#encodeWrite(threadId, write) }));
    // Everything could be encoded: from here on nothing fails.
    for (const [{ ns }, point] of points) this.threads.open(threadId, ns).set(point);
    for (const { ns, checkpointId, taskId, index, saved } of encoded) {
      this.threads.open(threadId, ns).writesOf(checkpointId).set(writeKey(taskId, index), saved);
    }
    for (const write of writes) this.#fileQuestions(threadId, write);
  }

  *#recordsOfLine(where: ThreadLine, line: MemoryLine): Generator<ThreadRecord> {
    const done = new Set<MemoryPoint>();
    for (const point of line.points()) {
      const missing: MemoryPoint[] = [];
      for (let at: MemoryPoint | undefined = point; at !== undefined && !done.has(at) && line.get(at.id) === at; at = at.base)
        missing.push(at);
      for (const one of missing.reverse()) {
        done.add(one);
        yield this.#checkpointRecord(where, line, one);
      }
    }
    for (const id of line.idsOfWrites()) {
      for (const write of line.readWrites(id)) yield this.#writeRecord({ ...where, checkpointId: id }, write);
    }
  }

  #checkpointRecord(where: ThreadLine, line: MemoryLine, point: MemoryPoint): ThreadRecord {
    const { id, parentId, base } = point;
    // What it is a change of may not be in the line any more: another took its id.
    const isWhole = base !== undefined && line.get(base.id) !== base;
    const { data, sizes } = isWhole ? this.#whole(where, point) : point;
    const place = checkpointPlace(where, id, isWhole ? undefined : base?.id);
    const record = inPlace(place, () => readRecord(this.serializer.loads(data, place)));
    const metadata = this.reader.readMetadata({ ...where, line, point });
    return { kind: "checkpoint", ns: where.ns, id, ...(parentId === undefined ? undefined : { parentId }), record, metadata, sizes };
  }

  #whole(where: ThreadLine, point: MemoryPoint): EncodedCheckpoint {
    return encodeCheckpoint(this.serializer, where, new ChainReader(this.serializer).read(where, point));
  }

  #writeRecord(point: ThreadPoint, { taskId, index, channel, data, revision }: MemoryWrite): ThreadRecord {
    const place = revision === undefined ? writePlace(point, taskId, index, channel) : decisionPlace(point, taskId);
    const { ns, checkpointId } = point;
    const value = inPlace(place, () => this.serializer.loads(data, place));
    return { kind: "write", ns, checkpointId, taskId, index, channel, value, ...(revision === undefined ? undefined : { revision }) };
  }

  #encodePoint(threadId: string, one: ArrangedCheckpoint, base: MemoryPoint | undefined): MemoryPoint {
    const { id, parentId, record, metadata, sizes } = one;
    const where = { threadId, ns: one.ns };
    const data = this.serializer.dumps(record, checkpointPlace(where, id, base?.id));
    return { id, parentId, base, data, metadata: this.serializer.dumps(metadata, metadataPlace(where, id)), sizes };
  }

  #encodeWrite(threadId: string, { ns, checkpointId, taskId, index, channel, value, revision }: ArrangedWrite): MemoryWrite {
    const point = { threadId, ns, checkpointId };
    const place = revision === undefined ? writePlace(point, taskId, index, channel) : decisionPlace(point, taskId);
    return { taskId, index, channel, data: this.serializer.dumps(value, place), revision };
  }

  #fileQuestions(threadId: string, { ns, checkpointId, taskId, channel, value }: ArrangedWrite): void {
    if (ns !== "" || channel !== QUESTION_CHANNEL) return;
    const point = { threadId, ns, checkpointId };
    this.writer.ask(point, taskId, this.writer.encodeQuestions(point, value), checkpointTime(checkpointId));
  }
}
