import { CheckpointError, checkpointId, createSerializer } from "../index.js";
import type { DataPlace } from "../serde/data-place.js";
import type { Serializer } from "../serde/serializer.js";
import type { Checkpoint, CheckpointSaver } from "../types.js";

/** What a saver said of a piece of data that cannot be read. */
export interface ToldDamage {
  readonly code: string | undefined;
  readonly message: string;
  readonly place: unknown;
}

const at = "2026-01-01T00:00:00.000Z";
const PARTS = ["checkpoint", "metadata", "write", "decision", "question", "journal"] as const;

/**
 * Saves a thread, then reads it by every way with one part of it damaged at a time.
 * @param open a saver with this serializer, on an empty storage
 * @returns what was told, by the part and the way; and the ids of the two checkpoints, the older one first
 */
export async function tellDamage(
  open: (serializer: Serializer) => CheckpointSaver,
): Promise<{ readonly told: Readonly<Record<string, ToldDamage>>; readonly ids: readonly [string, string] }> {
  const inner: Serializer = createSerializer();
  let damaged: { readonly part: DataPlace["part"]; readonly checkpointId?: string } | undefined;
  const saver = open({
    dumps: (value, place) => inner.dumps(value, place),
    loads: (data, place) => {
      const isHit = place?.part === damaged?.part && (damaged?.checkpointId ?? place?.checkpointId) === place?.checkpointId;
      if (damaged !== undefined && isHit) throw new CheckpointError("CORRUPT_DATA", "Saved data is damaged.");
      return inner.loads(data, place);
    },
  });
  const ids = await fill(saver);
  const told: Record<string, ToldDamage> = {};
  for (const part of PARTS) {
    damaged = { part };
    for (const [way, read] of Object.entries(waysOf(saver, ids))) await note(told, `${part}, ${way}`, read);
  }
  damaged = { part: "checkpoint", checkpointId: ids[0] };
  await note(told, "base, getTuple", () => saver.getTuple({ configurable: { thread_id: "t", checkpoint_ns: "" } }));
  return { told, ids };
}

async function fill(saver: CheckpointSaver): Promise<[string, string]> {
  const line = { configurable: { thread_id: "t", checkpoint_ns: "" } };
  const make = (parent: Checkpoint | undefined, secret: string): Checkpoint => {
    const id = checkpointId(parent?.id);
    const list = [...((parent?.channel_values.list as unknown[] | undefined) ?? []), { secret, filler: "x".repeat(500) }];
    return { v: 4, id, ts: at, channel_values: { list }, channel_versions: { list: id }, versions_seen: {} };
  };
  const first = make(undefined, "hidden");
  await saver.put(line, first, { source: "loop", step: 0, parents: {}, secret: "hidden" }, { list: first.id });
  const second = make(first, "hidden");
  const parent = { configurable: { ...line.configurable, checkpoint_id: first.id } };
  await saver.put(parent, second, { source: "loop", step: 1, parents: {}, secret: "hidden" }, { list: second.id }, first);
  const newest = { configurable: { ...line.configurable, checkpoint_id: second.id } };
  await saver.putWrites(newest, [["list", "hidden"]], "task");
  await saver.putWrites(newest, [["__interrupt__", [{ id: "q", value: "hidden", ns: ["a:1"], at }]]], "gate");
  const decision = { interruptId: "q", value: "hidden", at, revision: 0 };
  await saver.recordDecisions?.(newest, [decision], [{ at, kind: "decided", data: "hidden" }]);
  return [first.id, second.id];
}

function waysOf(saver: CheckpointSaver, [, newest]: readonly [string, string]): Readonly<Record<string, () => unknown>> {
  const line = { configurable: { thread_id: "t", checkpoint_ns: "" } };
  return {
    getTuple: () => saver.getTuple(line),
    "getTuple by id": () => saver.getTuple({ configurable: { ...line.configurable, checkpoint_id: newest } }),
    list: () => saver.list(line).next(),
    "filtered list": () => saver.list(line, { filter: { step: 1 } }).next(),
    listInterrupts: () => saver.listInterrupts?.({ status: "any" }),
    exportThread: async () => {
      for await (const _ of saver.exportThread?.("t") ?? []);
    },
    prune: () => saver.prune?.({ keepLast: 2 }),
    readJournal: async () => {
      for await (const { data } of saver.readJournal?.({ threadId: "t" }) ?? []) if (data === "") return;
    },
    recordDecisions: () =>
      saver.recordDecisions?.({ configurable: { ...line.configurable, checkpoint_id: newest } }, [
        { interruptId: "q", value: 2, at, revision: 5 },
      ]),
  };
}

async function note(told: Record<string, ToldDamage>, name: string, read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    const { code, message, place } = error as Partial<ToldDamage>;
    told[name] = { code, message: String(message), place };
  }
}
