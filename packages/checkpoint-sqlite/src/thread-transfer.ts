import {
  type ArrangedCheckpoint,
  type ArrangedThread,
  type ArrangedWrite,
  checkpointPlace,
  checkpointTime,
  decisionPlace,
  inPlace,
  metadataPlace,
  QUESTION_CHANNEL,
  readMetadata,
  readRecord,
  type Serializer,
  type ThreadRecord,
  threadNotEmpty,
  writePlace,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import type { EncodedQuestion, InterruptIndex } from "./interrupt-index.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";

type Data = string | Uint8Array;

interface CheckpointRow {
  readonly ns: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly isPatch: number;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
  readonly metadata: Data;
  readonly data: Data;
}

interface WriteRow {
  readonly ns: string;
  readonly checkpoint: string;
  readonly task: string;
  readonly idx: number;
  readonly channel: string;
  readonly data: Data;
  readonly revision: number | null;
}

type EncodedCheckpoint = ArrangedCheckpoint & { readonly encodedMetadata: Data; readonly data: Data };
type EncodedWrite = ArrangedWrite & { readonly data: Data; readonly questions: readonly EncodedQuestion[] | undefined };

/** Takes threads out of the database, and in. */
export class ThreadTransfer {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly interrupts: InterruptIndex,
  ) {}

  isEmpty(threadId: string): boolean {
    return this.connection.get(SQL.hasCheckpoints, toKeyText(threadId)) === undefined;
  }

  /** Reads everything of a thread as it is at the first step, and decodes it on the way. */
  *records(threadId: string): Generator<ThreadRecord> {
    const thread = toKeyText(threadId);
    const [checkpoints, writes] = this.connection.read(() => [
      this.connection.all<CheckpointRow>(SQL.exportCheckpoints, thread),
      this.connection.all<WriteRow>(SQL.exportWrites, thread),
    ]);
    for (const row of checkpoints) yield this.#checkpointRecord(threadId, row);
    for (const row of writes) yield this.#writeRecord(threadId, row);
  }

  /** Stores the records of a thread, all of them or none. @throws CheckpointError INVALID_ARGUMENT if there is something of it already */
  store(threadId: string, { checkpoints, writes }: ArrangedThread): void {
    const encoded = checkpoints.map((one) => this.#encodeCheckpoint(threadId, one));
    const encodedWrites = writes.map((one) => this.#encodeWrite(threadId, one));
    this.connection.write(() => {
      if (!this.isEmpty(threadId)) throw threadNotEmpty(threadId);
      const lines = this.#insertLines(threadId, [...checkpoints, ...writes]);
      const keys = new Map<string, number>();
      for (const one of encoded) keys.set(keyOf(one.ns, one.id), this.#insertCheckpoint(lines.get(one.ns)!, one, keys));
      for (const line of lines.values()) this.connection.run(SQL.linkParents, line);
      for (const write of encodedWrites) this.#insertWrite(threadId, write, keys);
      for (const write of encodedWrites) this.#fileQuestions(threadId, lines.get(write.ns)!, write, keys);
    });
  }

  #checkpointRecord(
    threadId: string,
    { id, parentId, isPatch, live, chain, patches, metadata, data, ...row }: CheckpointRow,
  ): ThreadRecord {
    const ns = fromKeyText(row.ns);
    const line = { threadId, ns };
    const place = checkpointPlace(line, id, isPatch === 1 ? (parentId ?? undefined) : undefined);
    return {
      kind: "checkpoint",
      ns,
      id,
      ...(parentId === null ? undefined : { parentId }),
      record: inPlace(place, () => readRecord(this.serializer.loads(data, place))),
      metadata: inPlace(place, () => readMetadata(this.serializer.loads(metadata, metadataPlace(line, id)))),
      sizes: { liveSize: live, chainSize: chain, patchCount: patches },
    };
  }

  #writeRecord(threadId: string, { idx, data, revision, ...row }: WriteRow): ThreadRecord {
    const [ns, taskId, channel] = [fromKeyText(row.ns), fromKeyText(row.task), fromKeyText(row.channel)];
    const point = { threadId, ns, checkpointId: row.checkpoint };
    const place = revision === null ? writePlace(point, taskId, idx, channel) : decisionPlace(point, taskId);
    const value = inPlace(place, () => this.serializer.loads(data, place));
    const record = { kind: "write", ns, checkpointId: row.checkpoint, taskId, index: idx, channel, value } as const;
    return revision === null ? record : { ...record, revision };
  }

  #encodeCheckpoint(threadId: string, one: ArrangedCheckpoint): EncodedCheckpoint {
    const line = { threadId, ns: one.ns };
    const encodedMetadata = this.serializer.dumps(one.metadata, metadataPlace(line, one.id));
    return { ...one, encodedMetadata, data: this.serializer.dumps(one.record, checkpointPlace(line, one.id, one.base?.id)) };
  }

  #encodeWrite(threadId: string, one: ArrangedWrite): EncodedWrite {
    const { ns, checkpointId, taskId, index, channel, value, revision } = one;
    const point = { threadId, ns, checkpointId };
    const place = revision === undefined ? writePlace(point, taskId, index, channel) : decisionPlace(point, taskId);
    const questions = ns === "" && channel === QUESTION_CHANNEL ? this.interrupts.encode(point, value) : undefined;
    return { ...one, data: this.serializer.dumps(value, place), questions };
  }

  #insertLines(threadId: string, records: readonly { readonly ns: string }[]): Map<string, number> {
    const thread = toKeyText(threadId);
    const lines = new Map<string, number>();
    for (const ns of new Set(records.map((one) => one.ns))) {
      const space = toKeyText(ns);
      this.connection.run(SQL.insertLine, thread, space);
      lines.set(ns, this.connection.get<{ pk: number }>(SQL.findLine, thread, space)!.pk);
    }
    return lines;
  }

  /** @returns the key of the row */
  #insertCheckpoint(line: number, one: EncodedCheckpoint, keys: ReadonlyMap<string, number>): number {
    const { ns, id, parentId, base, sizes, encodedMetadata, data } = one;
    const parent = base === undefined ? null : keys.get(keyOf(ns, base.id))!;
    const place = [line, parent, base === undefined ? 0 : 1, sizes.liveSize, sizes.chainSize, sizes.patchCount, id];
    const { lastId } = this.connection.run(
      SQL.importCheckpoint,
      ...place,
      base === undefined ? (parentId ?? null) : null,
      encodedMetadata,
      data,
    );
    return lastId;
  }

  #insertWrite(threadId: string, write: EncodedWrite, keys: Map<string, number>): void {
    const { ns, checkpointId, taskId, index, channel, revision, data } = write;
    const key = keyOf(ns, checkpointId);
    // Writes whose checkpoint has not come stand beside a row without data.
    const pk = keys.get(key) ?? this.connection.run(SQL.insertPlaceholder, toKeyText(threadId), toKeyText(ns), checkpointId).lastId;
    keys.set(key, pk);
    this.connection.run(SQL.importWrite, pk, index, revision ?? null, toKeyText(taskId), toKeyText(channel), data);
  }

  #fileQuestions(threadId: string, line: number, write: EncodedWrite, keys: ReadonlyMap<string, number>): void {
    const { ns, checkpointId, taskId, questions } = write;
    if (questions === undefined) return;
    const point = { threadId, ns, checkpointId, line, pk: keys.get(keyOf(ns, checkpointId))! };
    this.interrupts.ask(point, toKeyText(taskId), questions, checkpointTime(checkpointId) ?? Date.now());
  }
}

function keyOf(ns: string, id: string): string {
  return JSON.stringify([ns, id]);
}
