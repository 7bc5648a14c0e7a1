import assert from "node:assert/strict";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, firstCheckpoint, newThread, put } from "./fixtures.js";

export const writeCases: readonly ConformanceCase[] = [
  {
    name: "putWrites saves writes beside the checkpoint, those of one task in their order",
    run: async (saver) => {
      const thread = newThread();
      const root = firstCheckpoint({ a: 1 });
      const config = await put(saver, thread, root);
      await saver.putWrites(
        config,
        Array.from({ length: 12 }, (_, n) => ["a", n]),
        "task-1",
      );
      await saver.putWrites(config, [["b", { deep: [null] }]], "task-2");
      const child = childOf(root, { a: 2 });
      await put(saver, thread, child, root);
      const writes = (await saver.getTuple(at(thread, root)))?.pendingWrites ?? [];
      const ofFirst = writes.filter(([task]) => task === "task-1");
      assert.deepEqual(
        ofFirst.map(([, , value]) => value),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      );
      assert.deepEqual(
        writes.filter(([task]) => task === "task-2"),
        [["task-2", "b", { deep: [null] }]],
      );
      assert.deepEqual((await saver.getTuple(at(thread, root)))?.pendingWrites, writes, "a second read has the same order");
      assert.deepEqual((await saver.getTuple(thread.config))?.pendingWrites ?? [], []);
    },
  },
  {
    name: "a task's write that is saved already stays; reserved channels are replaced",
    run: async (saver) => {
      const thread = newThread();
      const config = await put(saver, thread, firstCheckpoint({}));
      await saver.putWrites(config, [["a", "first"]], "task");
      await saver.putWrites(
        config,
        [
          ["a", "again"],
          ["b", "second"],
        ],
        "task",
      );
      await saver.putWrites(config, [["__interrupt__", [{ id: 1 }]]], "task");
      await saver.putWrites(config, [["__interrupt__", [{ id: 2 }]]], "task");
      await saver.putWrites(config, [["__error__", "broken"]], "other");
      const writes = (await saver.getTuple(config))?.pendingWrites ?? [];
      const valuesOf = (task: string, channel: string) =>
        writes.filter(([t, c]) => t === task && c === channel).map(([, , value]) => value);
      assert.deepEqual(valuesOf("task", "a"), ["first"]);
      assert.deepEqual(valuesOf("task", "b"), ["second"]);
      assert.deepEqual(valuesOf("task", "__interrupt__"), [[{ id: 2 }]]);
      assert.deepEqual(valuesOf("other", "__error__"), ["broken"]);
      assert.equal(writes.length, 4);
    },
  },
  {
    name: "putWrites refuses a config without thread_id or checkpoint_id",
    run: async (saver) => {
      const { threadId } = newThread();
      await assert.rejects(async () => saver.putWrites({ configurable: { checkpoint_id: "x" } }, [["a", 1]], "task"));
      await assert.rejects(async () => saver.putWrites({ configurable: { thread_id: threadId } }, [["a", 1]], "task"));
    },
  },
  {
    name: "many writes and checkpoints at once all arrive",
    run: async (saver) => {
      const thread = newThread();
      const root = firstCheckpoint({ n: -1 });
      const config = await put(saver, thread, root);
      const children = Array.from({ length: 20 }, (_, n) => childOf(root, { n }));
      await Promise.all([
        ...children.map((child) => put(saver, thread, child, root)),
        ...children.map((_, n) => saver.putWrites(config, [["n", n]], `task-${n}`)),
      ]);
      for (const child of children) assert.deepEqual((await saver.getTuple(at(thread, child)))?.checkpoint, child);
      assert.equal((await saver.getTuple(config))?.pendingWrites?.length, 20);
    },
  },
];
