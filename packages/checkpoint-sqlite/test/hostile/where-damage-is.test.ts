// Who looks after a storage of thousands of threads has to find the one that is damaged: errors name it, and nothing of what is saved in it.
import { type CheckpointSaver, createSerializer, encryptedSerializer, MemorySaver, type Serializer } from "@holdpoint/checkpoint";
import { tellDamage } from "@holdpoint/checkpoint/testing";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { newFile } from "../new-file.js";
import { openHandle } from "../open-handle.js";
import { makeVictim, THREAD } from "./victim.js";

describe.each([
  ["MemorySaver", (serializer: Serializer): CheckpointSaver => new MemorySaver({ serializer })],
  ["SqliteSaver", (serializer: Serializer): CheckpointSaver => SqliteSaver.fromConnString(newFile(), { serializer })],
])("%s", (_, open) => {
  it("names thread, namespace and checkpoint of what it cannot read", async () => {
    const { told, ids } = await tellDamage(open);
    const names = Object.keys(told);
    for (const part of ["checkpoint", "metadata", "write", "decision"]) {
      expect(names).toContain(`${part}, getTuple`);
      expect(names).toContain(`${part}, list`);
      expect(names).toContain(`${part}, exportThread`);
    }
    expect(names).toContain("question, listInterrupts");
    expect(names).toContain("journal, readJournal");
    expect(names).toContain("decision, recordDecisions");
    for (const [name, { code, message, place }] of Object.entries(told)) {
      expect([name, code]).toEqual([name, "CORRUPT_DATA"]);
      expect(message).not.toContain("hidden");
      expect(message).toContain('thread "t"');
      if (name === "journal, readJournal") expect(place).toEqual({ threadId: "t" });
      else expect([name, place]).toEqual([name, { threadId: "t", ns: "", checkpointId: expect.any(String) }]);
    }
    // The one that is damaged, not the one that was asked for.
    expect(told["base, getTuple"]?.place).toEqual({ threadId: "t", ns: "", checkpointId: ids[0] });
    expect(told["write, getTuple"]?.message).toContain(ids[1]);
  });
});

it("a file that lost a checkpoint others are changes of", async () => {
  const { file, ids } = await makeVictim();
  const handle = openHandle(file);
  handle.exec("PRAGMA foreign_keys = OFF");
  handle.exec("DELETE FROM holdpoint_checkpoint WHERE pk = (SELECT min(pk) FROM holdpoint_checkpoint)");
  handle.close();
  const saver = SqliteSaver.fromConnString(file);
  await expect(saver.getTuple({ configurable: { thread_id: THREAD, checkpoint_id: ids[1]! } })).rejects.toMatchObject({
    code: "CORRUPT_DATA",
    place: { threadId: THREAD, ns: "", checkpointId: ids[1] },
    message: expect.stringContaining(`thread "${THREAD}"`),
  });
});

it("a file that was encrypted with another key", async () => {
  const file = newFile();
  const keyed = (name: string) => encryptedSerializer({ keys: { current: name, keys: { [name]: Buffer.alloc(32, name) } } });
  const config = { configurable: { thread_id: "t", checkpoint_ns: "" } };
  const checkpoint = { v: 4, id: "1f0", ts: "", channel_values: { a: 1 }, channel_versions: { a: 1 }, versions_seen: {} };
  await SqliteSaver.fromConnString(file, { serializer: keyed("a") }).put(config, checkpoint, { source: "loop", step: 0, parents: {} }, {});
  await expect(SqliteSaver.fromConnString(file, { serializer: keyed("b") }).getTuple(config)).rejects.toMatchObject({
    code: "UNKNOWN_KEY",
    place: { threadId: "t", ns: "", checkpointId: "1f0" },
  });
});

it("an id that is very long is cut in the message, and whole in the place", async () => {
  const thread = "long ".repeat(1000);
  const inner = createSerializer();
  const saver = new MemorySaver({ serializer: { dumps: (value) => inner.dumps(value), loads: () => inner.loads("{") } });
  const config = { configurable: { thread_id: thread, checkpoint_ns: "" } };
  const checkpoint = { v: 4, id: "1f0", ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} };
  await saver.put(config, checkpoint, { source: "loop", step: 0, parents: {} }, {});
  const error = await saver.getTuple(config).catch((thrown: unknown) => thrown as { message: string; place: unknown });
  expect((error as { message: string }).message.length).toBeLessThan(500);
  expect(error).toMatchObject({ place: { threadId: thread } });
});
