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
