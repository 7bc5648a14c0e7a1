import assert from "node:assert/strict";
import type { Checkpoint } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, firstCheckpoint, metadata, newThread, put } from "./fixtures.js";

export const putCases: readonly ConformanceCase[] = [
  {
    name: "put returns the config of the saved checkpoint, and getTuple reads it back as it was",
    run: async (saver) => {
      const thread = newThread();
      const checkpoint = firstCheckpoint({ text: "hi", list: [1, { a: null }], flag: false });
      const saved = await saver.put(
        { configurable: { ...thread.config.configurable, other: 1 } },
        checkpoint,
        metadata(-1, { run: "r1" }),
        {},
      );
      assert.equal(saved.configurable?.thread_id, thread.threadId);
      assert.equal(saved.configurable?.checkpoint_ns, "");
      assert.equal(saved.configurable?.checkpoint_id, checkpoint.id);
      const tuple = await saver.getTuple(saved);
      assert.deepEqual(tuple?.checkpoint, checkpoint);
      assert.deepEqual(tuple?.metadata, metadata(-1, { run: "r1" }));
      assert.equal(tuple?.parentConfig, undefined);
      assert.deepEqual(tuple?.pendingWrites ?? [], []);
    },
  },
  {
    name: "a namespace left out is the root namespace",
    run: async (saver) => {
      const { threadId } = newThread();
      const checkpoint = firstCheckpoint({ a: 1 });
      await saver.put({ configurable: { thread_id: threadId } }, checkpoint, metadata(-1), {});
      const tuple = await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: "" } });
      assert.deepEqual(tuple?.checkpoint, checkpoint);
    },
  },
  {
    name: "put refuses a config without thread_id",
    run: async (saver) => {
      await assert.rejects(async () => saver.put({ configurable: {} }, firstCheckpoint({}), metadata(-1), {}));
      await assert.rejects(async () => saver.put({}, firstCheckpoint({}), metadata(-1), {}));
    },
  },
  {
    name: "a child keeps what it did not write, and every ancestor stays as it was",
    run: async (saver) => {
      const thread = newThread();
      const line: Checkpoint[] = [firstCheckpoint({ kept: { deep: ["x"] }, log: ["a"], count: 0 })];
      await put(saver, thread, line[0]!);
      for (let step = 1; step < 40; step++) {
        const parent = line[step - 1]!;
        const log = parent.channel_values.log as string[];
        const child = childOf(parent, { log: [...log, `entry ${step} ${"x".repeat(50)}`], count: step });
        await put(saver, thread, child, parent, step);
        line.push(child);
      }
      for (const checkpoint of line) assert.deepEqual((await saver.getTuple(at(thread, checkpoint)))?.checkpoint, checkpoint);
    },
  },
  {
    name: "what changed is told by the checkpoint, not by newVersions or the base",
    run: async (saver) => {
      const thread = newThread();
      const parent = firstCheckpoint({ a: [1], b: "b" });
      await saver.put(thread.config, parent, metadata(-1), {});
      const child: Checkpoint = { ...childOf(parent, { a: [1, 2], c: "new" }), channel_versions: { a: 2, b: 7, c: 1 } };
      child.channel_values.b = "changed";
      await saver.put(at(thread, parent), child, metadata(0), {});
      assert.deepEqual((await saver.getTuple(thread.config))?.checkpoint, child);
    },
  },
  {
    name: "forks of one checkpoint do not see each other, even with the same version numbers",
    run: async (saver) => {
      const thread = newThread();
      const root: Checkpoint = { ...firstCheckpoint({ list: ["root"] }), channel_versions: { list: 1 } };
      await saver.put(thread.config, root, metadata(-1), { list: 1 });
      const left: Checkpoint = { ...childOf(root, { list: ["root", "left"] }), channel_versions: { list: 2 } };
      const right: Checkpoint = { ...childOf(root, { list: ["root", "right"] }), channel_versions: { list: 2 } };
      await saver.put(at(thread, root), left, metadata(0), { list: 2 }, root);
      await saver.put(at(thread, root), right, metadata(0), { list: 2 }, root);
      const ofLeft: Checkpoint = { ...childOf(left, { list: ["root", "left", 3] }), channel_versions: { list: 3 } };
      await saver.put(at(thread, left), ofLeft, metadata(1), { list: 3 });
      for (const one of [root, left, right, ofLeft]) assert.deepEqual((await saver.getTuple(at(thread, one)))?.checkpoint, one);
    },
  },
  {
    name: "an emptied channel reads back absent, with its version",
    run: async (saver) => {
      const thread = newThread();
      const root = firstCheckpoint({ gone: "x".repeat(300), stays: "y".repeat(300) });
      await put(saver, thread, root);
      const child = childOf(root, { gone: undefined });
      await put(saver, thread, child, root);
      const tuple = await saver.getTuple(thread.config);
      assert.deepEqual(tuple?.checkpoint, child);
      assert.equal("gone" in (tuple?.checkpoint.channel_values ?? {}), false);
    },
  },
  {
    name: "putting the same checkpoint again changes nothing; putting another under its id replaces it and leaves its children alone",
    run: async (saver) => {
      const thread = newThread();
      const root = firstCheckpoint({ log: ["a".repeat(300)], n: 0 });
      await put(saver, thread, root);
      const child = childOf(root, { log: [...(root.channel_values.log as string[]), "b"] });
      await put(saver, thread, child, root);
      await saver.putWrites(at(thread, root), [["n", 1]], "task");
      await put(saver, thread, root);
      assert.deepEqual((await saver.getTuple(at(thread, root)))?.checkpoint, root);
      const other: Checkpoint = { ...root, channel_values: { log: ["other"], n: 5 } };
      await put(saver, thread, other);
      const tuple = await saver.getTuple(at(thread, root));
      assert.deepEqual(tuple?.checkpoint, other);
      assert.deepEqual(tuple?.pendingWrites, [["task", "n", 1]]);
      const read = await saver.getTuple(at(thread, child));
      assert.deepEqual(read?.checkpoint, child);
      assert.equal(read?.parentConfig?.configurable?.checkpoint_id, root.id);
    },
  },
  {
    name: "what was put is not changed by what the caller does to it later, nor by changes to what was read",
    run: async (saver) => {
      const thread = newThread();
      const list = [{ text: "before" }];
      const checkpoint = firstCheckpoint({ list });
      const expected = structuredClone(checkpoint);
      await put(saver, thread, checkpoint);
      list[0]!.text = "after";
      list.push({ text: "more" });
      const read = await saver.getTuple(thread.config);
      assert.ok(read);
      assert.deepEqual(read.checkpoint, expected);
      (read.checkpoint.channel_values.list as unknown[]).push("mine");
      assert.deepEqual((await saver.getTuple(thread.config))?.checkpoint, expected);
    },
  },
  {
    name: "a channel that was written and holds the same object, changed in place, is saved as it is",
    run: async (saver) => {
      const thread = newThread();
      const list = ["a"];
      const root = firstCheckpoint({ list, other: "x".repeat(200) });
      await put(saver, thread, root);
      list.push("b");
      const child = childOf(root, { list });
      await put(saver, thread, child, root);
      assert.deepEqual((await saver.getTuple(thread.config))?.checkpoint.channel_values.list, ["a", "b"]);
      list[0] = "A";
      await put(saver, thread, childOf(child, { list }), child);
      assert.deepEqual((await saver.getTuple(thread.config))?.checkpoint.channel_values.list, ["A", "b"]);
    },
  },
  {
    name: "a parent that is not in the storage is kept as the parent's config",
    run: async (saver) => {
      const thread = newThread();
      const missing = firstCheckpoint({ a: 1 });
      const child = childOf(missing, { a: 2 });
      await put(saver, thread, child, missing);
      const tuple = await saver.getTuple(thread.config);
      assert.deepEqual(tuple?.checkpoint, child);
      assert.equal(tuple?.parentConfig?.configurable?.checkpoint_id, missing.id);
    },
  },
];
