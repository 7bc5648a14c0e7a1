import { CheckpointError } from "../checkpoint-error.js";
import { isPlainObject } from "../patch/plain.js";
import { roughSize } from "../patch/rough-size.js";
import { type CheckpointRecord, type RecordSizes, readRecord } from "../record/checkpoint-record.js";
import { type ChainLink, decodeCheckpoint } from "../record/decode-checkpoint.js";
import { describeValue } from "../record/describe-value.js";
import { isUsableId } from "../record/thread-point.js";
import { DECISION_CHANNEL, DECISION_INDEX } from "../record/write-index.js";
import type { ThreadRecord } from "./retention.js";

/** A checkpoint to be stored as its record says. */
export interface ArrangedCheckpoint {
  readonly ns: string;
  readonly id: string;
  readonly parentId: string | undefined;
  /** The checkpoint before it in the list that the record is a patch on. */
  readonly base: ArrangedCheckpoint | undefined;
  readonly record: CheckpointRecord;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly sizes: RecordSizes;
}

export type ArrangedWrite = Extract<ThreadRecord, { kind: "write" }>;

/** The records of a thread, known to fit together. */
export interface ArrangedThread {
  /** Each after the one that it is stored as a change of. */
  readonly checkpoints: readonly ArrangedCheckpoint[];
  readonly writes: readonly ArrangedWrite[];
}

/**
 * Puts the records of one thread together. They may come from anywhere: what is returned can be stored, and every checkpoint of it can be read.
 * @throws CheckpointError CORRUPT_DATA if a record is none, or does not fit those before it
 */
export async function arrangeRecords(records: Iterable<ThreadRecord> | AsyncIterable<ThreadRecord>): Promise<ArrangedThread> {
  const checkpoints = new Map<string, ArrangedCheckpoint>();
  const writes = new Map<string, ArrangedWrite>();
  if (!isIterable(records))
    throw new CheckpointError("INVALID_ARGUMENT", "importThread takes the records of a thread, as exportThread gives them.");
  for await (const record of records as AsyncIterable<unknown>) {
    if (!isPlainObject(record)) throw misfit("One of them is no record.");
    if (record.kind === "checkpoint") {
      const checkpoint = readCheckpoint(record, checkpoints);
      addTo(checkpoints, keyOf([checkpoint.ns, checkpoint.id]), checkpoint);
    } else if (record.kind === "write") {
      const write = readWrite(record);
      addTo(writes, keyOf([write.ns, write.checkpointId, write.taskId, write.index]), write);
    } else throw misfit(`One of them is of the kind ${describeValue(record.kind)}, which this version does not know.`);
  }
  checkThatAllRead([...checkpoints.values()]);
  return { checkpoints: [...checkpoints.values()], writes: [...writes.values()] };
}

const isIterable = (records: unknown): boolean =>
  typeof records === "object" && records !== null && (Symbol.asyncIterator in records || Symbol.iterator in records);

function readCheckpoint(
  { ns, id, parentId, record: data, metadata, sizes }: Record<string, unknown>,
  before: ReadonlyMap<string, ArrangedCheckpoint>,
): ArrangedCheckpoint {
  const isWhole = typeof ns === "string" && isUsableId(id) && (parentId === undefined || isUsableId(parentId)) && isPlainObject(metadata);
  if (!isWhole || parentId === id) throw misfit("A checkpoint lacks its namespace, its id or its metadata.");
  const record = readRecord(data);
  const base = record[0] === 1 ? before.get(keyOf([ns, parentId])) : undefined;
  if (record[0] === 1 && base === undefined) throw misfit(`The checkpoint ${id} is a change of one that does not come before it.`);
  return { ns, id, parentId, base, record, metadata, sizes: readSizes(sizes) ?? estimateSizes(record, base) };
}

function readWrite(record: Record<string, unknown>): ArrangedWrite {
  const { ns, checkpointId, taskId, index, channel, value, revision } = record;
  const hasPlace = typeof ns === "string" && isUsableId(checkpointId) && typeof taskId === "string" && Number.isSafeInteger(index);
  if (!hasPlace || typeof channel !== "string") throw misfit("A write lacks its place, its task or its channel.");
  const isDecision = index === DECISION_INDEX && channel === DECISION_CHANNEL && isPlainObject(value);
  const fits = isDecision && value.interruptId === taskId && value.revision === revision;
  if (revision !== undefined && !fits) throw misfit(`A write of the task ${taskId} has a revision, and is no decision.`);
  return record as unknown as ArrangedWrite;
}

function readSizes(sizes: unknown): RecordSizes | undefined {
  if (!isPlainObject(sizes)) return undefined;
  const { liveSize, chainSize, patchCount } = sizes;
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= 0;
  return isSize(liveSize) && isSize(chainSize) && isSize(patchCount) ? { liveSize, chainSize, patchCount } : undefined;
}

/** As if the change dropped nothing. Sizes only say when a checkpoint is stored whole again. */
function estimateSizes(record: CheckpointRecord, base: ArrangedCheckpoint | undefined): RecordSizes {
  const size = roughSize(record);
  if (base === undefined) return { liveSize: size, chainSize: size, patchCount: 0 };
  const { liveSize, chainSize, patchCount } = base.sizes;
  return { liveSize: liveSize + size, chainSize: chainSize + size, patchCount: patchCount + 1 };
}

/** Every change is on the way to a checkpoint that no other is a change of. */
function checkThatAllRead(checkpoints: readonly ArrangedCheckpoint[]): void {
  const bases = new Set(checkpoints.map(({ base }) => base));
  for (const last of checkpoints) {
    if (bases.has(last)) continue;
    const chain: ChainLink[] = [];
    for (let at: ArrangedCheckpoint | undefined = last; at !== undefined; at = at.base) chain.push(at);
    decodeCheckpoint(chain.reverse());
  }
}

function addTo<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key)) throw misfit("Two of them are of the same checkpoint, or of the same write.");
  map.set(key, value);
}

function keyOf(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

function misfit(fact: string): CheckpointError {
  return new CheckpointError(
    "CORRUPT_DATA",
    `The records are not those of one thread, in the order of an export. ${fact} Nothing was imported.`,
  );
}
