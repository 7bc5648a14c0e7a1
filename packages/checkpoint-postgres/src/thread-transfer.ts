import {
  type ArrangedCheckpoint,
  type ArrangedThread,
  type ArrangedWrite,
  checkpointPlace,
  checkpointTime,
  type Decision,
  decisionPlace,
  fromKeyText,
  inPlace,
  metadataPlace,
  QUESTION_CHANNEL,
  readMetadata,
  readRecord,
  type Serializer,
  type ThreadRecord,
  threadNotEmpty,
  toKeyText,
  writePlace,
} from "@holdpoint/checkpoint";
import type { Connection, Session } from "./connection.js";
import { columnsOf, type TaskWriter } from "./put-writes.js";
import { SQL } from "./statements.js";
import { type Data, fromStored, type StoredData } from "./stored-data.js";
import type { Turns } from "./turn.js";

interface CheckpointRow extends StoredData {
  readonly ns: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly isPatch: boolean;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
  readonly metadata: string | null;
  readonly metadataBytes: Uint8Array | null;
}

interface WriteRow extends StoredData {
  readonly ns: string;
  readonly checkpoint: string;
  readonly task: string;
  readonly idx: number;
  readonly channel: string;
  readonly revision: number | null;
}

type EncodedCheckpoint = ArrangedCheckpoint & { readonly encodedMetadata: Data; readonly data: Data };
type EncodedWrite = ArrangedWrite & { readonly data: Data };

/** Keys in the database of the lines and checkpoints of the thread that is stored. */
interface Keys {
  readonly lines: ReadonlyMap<string, number>;
  readonly points: ReadonlyMap<string, number>;
}

/** Rows that one statement inserts. */
const BATCH = 500;

/** Takes threads out of the database, and in. */
export class ThreadTransfer {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly tasks: TaskWriter,
    private readonly turns: Turns,
  ) {}

  async isEmpty(session: Session, threadId: string): Promise<boolean> {
    return (await session.get(SQL.hasCheckpoints, toKeyText(threadId))) === undefined;
  }

  /** Reads everything of a thread as it is at the first step, and decodes it on the way. */
  async *records(threadId: string): AsyncGenerator<ThreadRecord> {
    const thread = toKeyText(threadId);
    const { checkpoints, writes } = await this.connection.read(async (session) => ({
      checkpoints: await session.all<CheckpointRow>(SQL.exportCheckpoints, thread),
      writes: await session.all<WriteRow>(SQL.exportWrites, thread),
    }));
    for (const row of checkpoints) yield this.#checkpointRecord(threadId, row);
    for (const row of writes) yield this.#writeRecord(threadId, row);
  }

  /** Stores the records of a thread, all of them or none. @throws CheckpointError INVALID_ARGUMENT if there is something of it already */
  async store(threadId: string, { checkpoints, writes }: ArrangedThread): Promise<void> {
    const encoded = checkpoints.map((one) => this.#encodeCheckpoint(threadId, one));
    const encodedWrites = writes.map((one) => this.#encodeWrite(threadId, one));
    await this.connection.write(async (session) => {
      await this.turns.enterAlone(session, threadId);
      if (!(await this.isEmpty(session, threadId))) throw threadNotEmpty(threadId);
      const keys = await makeKeys(session, threadId, checkpoints, writes);
      for (const batch of batchesOf(encoded)) await session.all(SQL.importCheckpoints, ...checkpointColumns(batch, keys));
      await insertPlaceholders(session, checkpoints, keys);
      await session.all(SQL.linkParents, [...keys.lines.values()]);
      for (const batch of batchesOf(encodedWrites)) await session.all(SQL.importWrites, ...writeColumns(batch, keys));
      for (const write of writes) await this.#fileQuestions(session, threadId, write);
      await session.all(SQL.tell, "t", toKeyText(threadId));
    });
  }

  #checkpointRecord(threadId: string, row: CheckpointRow): ThreadRecord {
    const { id, parentId, isPatch, live, chain, patches, metadata, metadataBytes } = row;
    const ns = fromKeyText(row.ns);
    const line = { threadId, ns };
    const place = checkpointPlace(line, id, isPatch ? (parentId ?? undefined) : undefined);
    const stored = fromStored({ data: metadata, bytes: metadataBytes });
    return {
      kind: "checkpoint",
      ns,
      id,
      ...(parentId === null ? undefined : { parentId }),
      record: inPlace(place, () => readRecord(this.serializer.loads(fromStored(row), place))),
      metadata: inPlace(place, () => readMetadata(this.serializer.loads(stored, metadataPlace(line, id)))),
      sizes: { liveSize: live, chainSize: chain, patchCount: patches },
    };
  }

  #writeRecord(threadId: string, { idx, revision, ...row }: WriteRow): ThreadRecord {
    const [ns, taskId, channel] = [fromKeyText(row.ns), fromKeyText(row.task), fromKeyText(row.channel)];
    const point = { threadId, ns, checkpointId: row.checkpoint };
    const place = revision === null ? writePlace(point, taskId, idx, channel) : decisionPlace(point, taskId);
    const value = inPlace(place, () => this.serializer.loads(fromStored(row), place));
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
    return { ...one, data: this.serializer.dumps(value, place) };
  }

  /** Once everything is there that decides their status. The write that holds them is written again, as it is. */
  async #fileQuestions(session: Session, threadId: string, { ns, checkpointId, taskId, channel, value }: ArrangedWrite): Promise<void> {
    if (ns !== "" || channel !== QUESTION_CHANNEL) return;
    const asked = checkpointTime(checkpointId) ?? Date.now();
    await this.tasks.put(session, { threadId, ns, checkpointId }, [[channel, value]], taskId, asked);
  }
}

/** Makes the lines, and keys for the rows of checkpoints: in their order, for what others are stored as a change of must have the smaller key. */
async function makeKeys(
  session: Session,
  threadId: string,
  checkpoints: readonly ArrangedCheckpoint[],
  writes: readonly ArrangedWrite[],
): Promise<Keys> {
  const lines = new Map<string, number>();
  for (const { ns } of [...checkpoints, ...writes]) {
    if (lines.has(ns)) continue;
    lines.set(ns, (await session.get<{ pk: number }>(SQL.makeLine, toKeyText(threadId), toKeyText(ns)))!.pk);
  }
  const names = [...checkpoints.map(({ ns, id }) => keyOf(ns, id)), ...writes.map(({ ns, checkpointId }) => keyOf(ns, checkpointId))];
  const distinct = [...new Set(names)];
  const rows = await session.all<{ pk: number }>(SQL.newKeys, distinct.length);
  const pks = rows.map(({ pk }) => pk).sort((a, b) => a - b);
  return { lines, points: new Map(distinct.map((name, at) => [name, pks[at]!])) };
}

/** Writes whose checkpoint has not come stand beside a row that is not saved. */
async function insertPlaceholders(session: Session, checkpoints: readonly ArrangedCheckpoint[], { lines, points }: Keys): Promise<void> {
  const saved = new Set(checkpoints.map(({ ns, id }) => keyOf(ns, id)));
  const missing = [...points].filter(([name]) => !saved.has(name)).map(([name, pk]) => ({ pk, ...(JSON.parse(name) as NameParts) }));
  if (missing.length === 0) return;
  const all = <T>(value: T) => missing.map(() => value);
  await session.all(
    SQL.importCheckpoints,
    ...[missing.map(({ pk }) => pk), missing.map(({ ns }) => lines.get(ns)), all(null), all(false), all(false), all(0), all(0), all(0)],
    ...[missing.map(({ id }) => id), all(null), all(null), all(null), all(null), all(null)],
  );
}

function checkpointColumns(batch: readonly EncodedCheckpoint[], { lines, points }: Keys): unknown[] {
  const column = <T>(of: (one: EncodedCheckpoint) => T) => batch.map(of);
  return [
    column(({ ns, id }) => points.get(keyOf(ns, id))),
    column(({ ns }) => lines.get(ns)),
    column(({ ns, base }) => (base === undefined ? null : points.get(keyOf(ns, base.id)))),
    column(({ base }) => base !== undefined),
    column(() => true),
    column(({ sizes }) => sizes.liveSize),
    column(({ sizes }) => sizes.chainSize),
    column(({ sizes }) => sizes.patchCount),
    column(({ id }) => id),
    column(({ base, parentId }) => (base === undefined ? (parentId ?? null) : null)),
    ...columnsOf(column(({ encodedMetadata }) => encodedMetadata)),
    ...columnsOf(column(({ data }) => data)),
  ];
}

function writeColumns(batch: readonly EncodedWrite[], { points }: Keys): unknown[] {
  const column = <T>(of: (one: EncodedWrite) => T) => batch.map(of);
  return [
    column(({ ns, checkpointId }) => points.get(keyOf(ns, checkpointId))),
    column(({ index }) => index),
    column(({ revision }) => revision ?? null),
    column(({ revision, value }) => (revision === undefined ? null : (value as Decision).refused !== undefined)),
    column(({ taskId }) => toKeyText(taskId)),
    column(({ channel }) => toKeyText(channel)),
    ...columnsOf(column(({ data }) => data)),
  ];
}

function* batchesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}

interface NameParts {
  readonly ns: string;
  readonly id: string;
}

function keyOf(ns: string, id: string): string {
  return JSON.stringify({ ns, id });
}
