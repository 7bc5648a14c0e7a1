// Another process deletes the thread; the next writes stand beside a checkpoint that is gone, and its row may get the old one's key.
import { checkpointId } from "@holdpoint/checkpoint";
import { expect, it } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { newFile } from "../new-file.js";

it("a checkpoint is not saved as a change of one that only has writes", async () => {
  const file = newFile();
  const [one, other] = [SqliteSaver.fromConnString(file), SqliteSaver.fromConnString(file)];
  const metadata = { source: "loop", step: 0, parents: {} } as const;
  const at = (id?: string) => ({ configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: id } });
  const checkpoint = (id: string, values: Record<string, unknown>, versions: Record<string, string>) => ({
    v: 4,
    id,
    ts: "",
    channel_values: values,
    channel_versions: versions,
    versions_seen: {},
  });
  const first = checkpointId();
  const parent = checkpoint(first, { log: ["a"], text: "kept" }, { log: first, text: first });
  await one.put(at(), parent, metadata, {});
  await other.deleteThread("t");
  await one.putWrites(at(first), [["log", "b"]], "task");
  const second = checkpointId(first);
  const child = checkpoint(second, { ...parent.channel_values, log: ["a", "b"] }, { log: second, text: first });
  await one.put(at(first), child, metadata, {}, parent);
  expect((await other.getTuple(at(second)))?.checkpoint).toEqual(child);
  expect((await other.getTuple(at(second)))?.parentConfig?.configurable?.checkpoint_id).toBe(first);
  one.close();
  other.close();
});
