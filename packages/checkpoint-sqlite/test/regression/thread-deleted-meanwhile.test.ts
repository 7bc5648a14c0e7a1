// Another process deletes the thread. Writes that come after it stand beside checkpoints that are gone, whose rows may get the old ones' keys.
import { type Checkpoint, type CheckpointTuple, checkpointId } from "@holdpoint/checkpoint";
import { describe, expect, it, onTestFinished } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { newFile } from "../new-file.js";

const metadata = { source: "loop", step: 0, parents: {} } as const;
const at = (id?: string) => ({ configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: id } });

function next(parent: Checkpoint | undefined, changes: Record<string, unknown>): Checkpoint {
  const id = checkpointId(parent?.id);
  const written = Object.fromEntries(Object.keys(changes).map((channel) => [channel, id]));
  return {
    v: 4,
    id,
    ts: "",
    channel_values: { ...parent?.channel_values, ...changes },
    channel_versions: { ...parent?.channel_versions, ...written },
    versions_seen: {},
  };
}

function open() {
  const file = newFile();
  const savers = [SqliteSaver.fromConnString(file), SqliteSaver.fromConnString(file)] as const;
  onTestFinished(() => savers.forEach((saver) => void saver.close()));
  return savers;
}

describe("where a thread was deleted meanwhile", () => {
  it("a checkpoint is not saved as a change of one that only has writes", async () => {
    const [one, other] = open();
    const parent = next(undefined, { log: ["a"], text: "kept" });
    await one.put(at(), parent, metadata, {});
    await other.deleteThread("t");
    await one.putWrites(at(parent.id), [["log", "b"]], "task");
    const child = next(parent, { log: ["a", "b"] });
    await one.put(at(parent.id), child, metadata, {}, parent);
    expect((await other.getTuple(at(child.id)))?.checkpoint).toEqual(child);
    expect((await other.getTuple(at(child.id)))?.parentConfig?.configurable?.checkpoint_id).toBe(parent.id);
  });

  // Long enough to be stored as a change of what stood before it, which would be nothing, or something else.
  const long = "x".repeat(600);
  const parent = next(undefined, { log: [long] });
  const child = next(parent, { log: [long, "more"] });

  /** Saves the child by a saver that has last seen its parent in that row, after others have been at it. */
  async function saveAfter(change: (other: SqliteSaver, one: SqliteSaver) => Promise<unknown>) {
    const [one, other] = open();
    await one.put(at(), parent, metadata, {});
    await change(other, one);
    await one.put(at(parent.id), child, metadata, {}, parent);
    expect((await other.getTuple(at()))?.checkpoint).toEqual(child);
    expect((await other.getTuple(at()))?.parentConfig?.configurable?.checkpoint_id).toBe(parent.id);
    return other;
  }

  it("its row may hold writes alone", async () => {
    await saveAfter(async (other, one) => {
      await other.deleteThread("t");
      await one.putWrites(at(parent.id), [["log", "b"]], "task");
    });
  });

  it("its row may hold another checkpoint of the thread", async () => {
    const older = { ...next(undefined, { log: ["another"] }), id: parent.id.replace(/^./, "0") };
    const other = await saveAfter(async (saver) => {
      await saver.deleteThread("t");
      await saver.put(at(), older, metadata, {});
    });
    expect((await other.getTuple(at(older.id)))?.checkpoint).toEqual(older);
  });

  it("its row may be the same checkpoint in another thread", async () => {
    const other = await saveAfter(async (saver) => {
      const records = [];
      for await (const record of saver.exportThread("t")) records.push(record);
      await saver.deleteThread("t");
      await saver.importThread("moved", records);
    });
    const moved = { configurable: { thread_id: "moved" } };
    expect((await other.getTuple(moved))?.checkpoint).toEqual(parent);
  });

  it("a list that is under way leaves out what is gone, also where writes came after it", async () => {
    const [one, other] = open();
    const first = next(undefined, { text: "kept", n: 1 });
    const second = next(first, { n: 2 });
    const newest = next(undefined, { n: 3 });
    await one.put(at(), first, metadata, {});
    await one.put(at(first.id), second, metadata, {}, first);
    await one.put(at(), newest, metadata, {});
    const found: CheckpointTuple[] = [];
    for await (const tuple of one.list(at())) {
      found.push(tuple);
      if (found.length > 1) continue;
      await other.deleteThread("t");
      for (const { id } of [first, second]) await other.putWrites(at(id), [["n", 0]], "task");
    }
    expect(found.map(({ checkpoint }) => checkpoint)).toEqual([newest]);
  });
});
