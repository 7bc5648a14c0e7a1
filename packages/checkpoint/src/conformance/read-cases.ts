import assert from "node:assert/strict";
import type { CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, collect, firstCheckpoint, idsOf, metadata, newThread, put, type ThreadFixture } from "./fixtures.js";

/** Saves a line of checkpoints whose metadata has `step` and `parity`; returns their ids, newest first. */
async function putLine(saver: CheckpointSaver, thread: ThreadFixture, length: number): Promise<string[]> {
  let parent = firstCheckpoint({ n: 0 });
  await saver.put(thread.config, parent, metadata(-1, { parity: "even" }), {});
  const ids = [parent.id];
  for (let step = 1; step < length; step++) {
    const child = childOf(parent, { n: step });
    await saver.put(at(thread, parent), child, metadata(step, { parity: step % 2 === 0 ? "even" : "odd" }), {}, parent);
    ids.unshift(child.id);
    parent = child;
  }
  return ids;
}

export const readCases: readonly ConformanceCase[] = [
  {
    name: "getTuple without checkpoint_id reads the newest of the namespace; with it, that one",
    run: async (saver) => {
      const thread = newThread();
      const [newest, , oldest] = await putLine(saver, thread, 3);
      const read = await saver.getTuple(thread.config);
      assert.equal(read?.checkpoint.id, newest);
      assert.deepEqual(read?.config.configurable, { ...thread.config.configurable, checkpoint_id: newest });
      const old = await saver.getTuple({ configurable: { ...thread.config.configurable, checkpoint_id: oldest } });
      assert.equal(old?.checkpoint.id, oldest);
    },
  },
  {
    name: "getTuple finds nothing where there is nothing",
    run: async (saver) => {
      const thread = newThread();
      assert.equal(await saver.getTuple(thread.config), undefined);
      assert.equal(await saver.getTuple({ configurable: { checkpoint_ns: "" } }), undefined);
      const checkpoint = firstCheckpoint({});
      await put(saver, thread, checkpoint);
      const [other, elsewhere] = [firstCheckpoint({}), newThread("sub")];
      assert.equal(await saver.getTuple(at(thread, other)), undefined);
      assert.equal(await saver.getTuple(at(elsewhere, checkpoint)), undefined);
      assert.equal(await saver.getTuple({ configurable: { thread_id: thread.threadId, checkpoint_ns: "sub" } }), undefined);
    },
  },
  {
    name: "parentConfig names the checkpoint that was put's config",
    run: async (saver) => {
      const thread = newThread();
      await putLine(saver, thread, 3);
      const [newest, parent, first] = await collect(saver.list(thread.config));
      assert.deepEqual(newest?.parentConfig?.configurable, parent?.config.configurable);
      assert.deepEqual(parent?.parentConfig?.configurable, first?.config.configurable);
      assert.equal(first?.parentConfig, undefined);
    },
  },
  {
    name: "list is newest first, and reads each checkpoint as getTuple does",
    run: async (saver) => {
      const thread = newThread();
      const ids = await putLine(saver, thread, 130);
      const tuples = await collect(saver.list(thread.config));
      assert.deepEqual(
        tuples.map((tuple) => tuple.checkpoint.id),
        ids,
      );
      for (const tuple of tuples.slice(0, 5)) assert.deepEqual(tuple, await saver.getTuple(tuple.config));
    },
  },
  {
    name: "list takes limit, before and filter, alone and together",
    run: async (saver) => {
      const thread = newThread();
      const ids = await putLine(saver, thread, 8);
      const before = { configurable: { ...thread.config.configurable, checkpoint_id: ids[2]! } };
      assert.deepEqual(await idsOf(saver.list(thread.config, { limit: 3 })), ids.slice(0, 3));
      assert.deepEqual(await idsOf(saver.list(thread.config, { limit: 0 })), []);
      assert.deepEqual(await idsOf(saver.list(thread.config, { before })), ids.slice(3));
      const odd = ids.filter((_, at) => (7 - at) % 2 === 1);
      assert.deepEqual(await idsOf(saver.list(thread.config, { filter: { parity: "odd" } })), odd);
      assert.deepEqual(await idsOf(saver.list(thread.config, { filter: { parity: "odd", step: 3 } })), [ids[4]!]);
      assert.deepEqual(await idsOf(saver.list(thread.config, { filter: { parity: "none" } })), []);
      assert.deepEqual(await idsOf(saver.list(thread.config, { filter: {}, limit: 2 })), ids.slice(0, 2));
      const both = odd.filter((id) => id < ids[2]!).slice(0, 1);
      assert.deepEqual(await idsOf(saver.list(thread.config, { before, filter: { parity: "odd" }, limit: 1 })), both);
    },
  },
  {
    name: "list without checkpoint_ns is of every namespace, without thread_id of every thread",
    run: async (saver) => {
      const thread = newThread();
      const sub: ThreadFixture = {
        ...thread,
        ns: "node:1",
        config: { configurable: { thread_id: thread.threadId, checkpoint_ns: "node:1" } },
      };
      const ids = [...(await putLine(saver, thread, 3)), ...(await putLine(saver, sub, 3))].sort().reverse();
      const [other] = await putLine(saver, newThread(), 1);
      assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: thread.threadId } })), ids);
      const all = await idsOf(saver.list({}));
      for (const id of [...ids, other!]) assert.equal(all.includes(id), true);
    },
  },
  {
    name: "a list that is left early does no harm, and checkpoints may be put while it is read",
    run: async (saver) => {
      const thread = newThread();
      const ids = await putLine(saver, thread, 5);
      for await (const tuple of saver.list(thread.config)) {
        const child = childOf(tuple.checkpoint, { n: "new" });
        await put(saver, thread, child, tuple.checkpoint);
        break;
      }
      assert.equal((await idsOf(saver.list(thread.config))).length, ids.length + 1);
    },
  },
  {
    name: "deleteThread removes every namespace of the thread and its writes, and nothing else",
    run: async (saver) => {
      const [thread, other] = [newThread(), newThread()];
      const sub: ThreadFixture = { ...thread, ns: "sub", config: { configurable: { thread_id: thread.threadId, checkpoint_ns: "sub" } } };
      const root = firstCheckpoint({ a: 1 });
      for (const line of [thread, sub, other]) {
        await put(saver, line, root);
        await saver.putWrites(at(line, root), [["a", 2]], "task");
      }
      await saver.deleteThread(thread.threadId);
      assert.equal(await saver.getTuple(thread.config), undefined);
      assert.equal(await saver.getTuple(sub.config), undefined);
      assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: thread.threadId } })), []);
      assert.deepEqual((await saver.getTuple(other.config))?.pendingWrites, [["task", "a", 2]]);
      await put(saver, thread, root);
      assert.deepEqual((await saver.getTuple(thread.config))?.pendingWrites ?? [], []);
    },
  },
];
