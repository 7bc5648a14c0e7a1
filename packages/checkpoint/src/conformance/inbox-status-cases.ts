import assert from "node:assert/strict";
import type { CheckpointConfig, CheckpointSaver, Decision } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, firstCheckpoint, newThread, put, type ThreadFixture } from "./fixtures.js";
import { ask, asking, page, question, readAll, second, statuses } from "./inbox-fixtures.js";

async function record(saver: CheckpointSaver, config: CheckpointConfig, interruptId: string, more: Partial<Decision> = {}): Promise<void> {
  const decision: Decision = { interruptId, value: "yes", at: second(9), revision: 0, ...more };
  assert.deepEqual(await saver.recordDecisions?.(config, [decision]), { kind: "recorded" });
}

/** Without atomic decisions, a saver's inbox has nothing to learn them from. */
const withDecisions = (one: ConformanceCase): ConformanceCase => ({
  ...one,
  run: async (saver) => (saver.recordDecisions === undefined ? undefined : one.run(saver)),
});

const decided: readonly ConformanceCase[] = [
  {
    name: "a question that is answered is decided; one whose answer was refused is pending again",
    run: async (saver) => {
      const thread = await asking(saver, question("a"), question("b"));
      await record(saver, thread.point, "a");
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "pending" });
      await record(saver, thread.point, "a", { revision: 1, refused: [{ message: "no" }] });
      await ask(saver, thread.point, "task", question("a", { issues: [{ message: "no", path: ["x", 1] }] }), question("b"));
      assert.deepEqual(await statuses(saver, thread), { a: "pending", b: "pending" });
      const [item] = (await page(saver, { threadId: thread.threadId, order: "oldest" })).items;
      assert.deepEqual(item?.issues, [{ message: "no", path: ["x", 1] }]);
      await record(saver, thread.point, "a", { revision: 2 });
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "pending" });
    },
  },
  {
    name: "decisions that conflict change nothing",
    run: async (saver) => {
      const thread = await asking(saver, question("a"), question("b"));
      await record(saver, thread.point, "a");
      const late = ["a", "b"].map((interruptId) => ({ interruptId, value: 1, at: second(9), revision: 0 }));
      assert.equal((await saver.recordDecisions?.(thread.point, late))?.kind, "conflict");
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "pending" });
    },
  },
  {
    name: "what a task asks no longer is decided if it has an answer, else closed",
    run: async (saver) => {
      const thread = await asking(saver, question("a"), question("b"), question("c"));
      await record(saver, thread.point, "a");
      await ask(saver, thread.point, "other", question("o"));
      await ask(saver, thread.point, "task", question("c"), question("d"));
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "closed", c: "pending", o: "pending", d: "pending" });
      await record(saver, thread.point, "a", { revision: 1, refused: [] });
      assert.equal((await statuses(saver, thread)).a, "closed", "nobody asks it any more");
    },
  },
  {
    name: "a decision stays one when the thread goes on, and when its question is saved again",
    run: async (saver) => {
      const thread = newThread();
      const root = firstCheckpoint({});
      const point = await put(saver, thread, root);
      await ask(saver, point, "task", question("a"), question("b"));
      await record(saver, point, "a");
      await ask(saver, point, "task", question("a"), question("b"));
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "pending" });
      await put(saver, thread, childOf(root, { n: 1 }), root);
      assert.deepEqual(await statuses(saver, thread), { a: "decided", b: "closed" });
    },
  },
];

const always: readonly ConformanceCase[] = [
  {
    name: "a question is shown as it was asked, with where and when",
    run: async (saver) => {
      const more = { schema: { type: "string" }, terms: { expiresAt: second(5), assignees: ["ann"], quorum: 2 } };
      const { threadId } = await asking(saver, question("a", { value: { action: "pay", amount: 5 }, ns: ["x:1", "y:2"], ...more }));
      assert.deepEqual((await page(saver, { threadId })).items, [
        {
          id: "a",
          threadId,
          status: "pending",
          value: { action: "pay", amount: 5 },
          ns: ["x:1", "y:2"],
          graph: "desk",
          at: second(0),
          ...more,
        },
      ]);
    },
  },
  {
    name: "a question without a time has that of saving, and keeps it when it is saved again",
    run: async (saver) => {
      const started = Date.now();
      const { threadId, point } = await asking(saver, { id: "a", value: 1, ns: [] });
      const before = (await page(saver, { threadId })).items;
      const time = Date.parse(String(before[0]?.at));
      assert.ok(time >= started && time <= Date.now(), `${before[0]?.at} is the time of saving`);
      await ask(saver, point, "task", question("a", { value: 2, ns: [] }));
      const after = (await page(saver, { threadId })).items;
      assert.deepEqual(after, [{ ...before[0], value: 2, graph: "desk" }]);
    },
  },
  {
    name: "a new checkpoint of the thread closes what stands beside older ones, and nothing else",
    run: async (saver) => {
      const [thread, other] = [newThread(), await asking(saver, question("elsewhere"))];
      const root = firstCheckpoint({});
      const child = childOf(root, { n: 1 });
      await put(saver, thread, root);
      await ask(saver, at(thread, root), "task", question("old"));
      await ask(saver, at(thread, child), "task", question("early"));
      await put(saver, thread, child, root);
      assert.deepEqual(await statuses(saver, thread), { old: "closed", early: "pending" });
      await put(saver, thread, root);
      assert.deepEqual(await statuses(saver, thread), { old: "closed", early: "pending" }, "an older one put again closes nothing");
      await ask(saver, at(thread, root), "task", question("late"));
      assert.equal((await statuses(saver, thread)).late, "closed", "nothing waits beside an older checkpoint");
      assert.deepEqual(await statuses(saver, other), { elsewhere: "pending" });
    },
  },
  {
    name: "a task that has finished waits for nothing",
    run: async (saver) => {
      const thread = await asking(saver, question("a"));
      await ask(saver, thread.point, "other", question("b"));
      await saver.putWrites(thread.point, [["__error__", "broken"]], "other");
      await saver.putWrites(thread.point, [["result", 1]], "task");
      assert.deepEqual(await statuses(saver, thread), { a: "closed", b: "pending" });
      await ask(saver, thread.point, "task", question("a"));
      assert.equal((await statuses(saver, thread)).a, "closed");
    },
  },
  {
    name: "nested graphs are not indexed: the root repeats what they ask",
    run: async (saver) => {
      const { threadId, point } = await asking(saver, question("a"));
      const nested: ThreadFixture = { threadId, ns: "node:1", config: { configurable: { thread_id: threadId, checkpoint_ns: "node:1" } } };
      const inner = await put(saver, nested, firstCheckpoint({}));
      await ask(saver, inner, "task", question("inner"));
      await put(saver, nested, firstCheckpoint({ n: 1 }));
      await saver.putWrites(inner, [["result", 1]], "task");
      assert.deepEqual(
        (await readAll(saver, { threadId, status: "any" })).map(({ id }) => id),
        ["a"],
      );
      assert.equal((await page(saver, { threadId })).items.length, 1);
      assert.equal(point.configurable?.thread_id, threadId);
    },
  },
  {
    name: "deleteThread removes the questions of the thread",
    run: async (saver) => {
      const [one, two] = [await asking(saver, question("a")), await asking(saver, question("a"))];
      await saver.deleteThread(one.threadId);
      assert.deepEqual(await statuses(saver, one), {});
      assert.deepEqual(await statuses(saver, two), { a: "pending" });
      await ask(saver, await put(saver, one, firstCheckpoint({})), "task", question("again"));
      assert.deepEqual(await statuses(saver, one), { again: "pending" });
    },
  },
  {
    name: "records of other runtimes do no harm: one question alone is read, and what has no id is left out",
    run: async (saver) => {
      const thread = newThread();
      const point = await put(saver, thread, firstCheckpoint({}));
      await saver.putWrites(point, [["__interrupt__", { id: "alone", value: 1 }]], "one");
      for (const [n, odd] of [[], [null, 1, "x", { id: 5 }, { value: 1 }, { id: "" }], "text", null].entries()) {
        await saver.putWrites(point, [["__interrupt__", odd]], `odd ${n}`);
      }
      const items = await readAll(saver, { threadId: thread.threadId, status: "any" });
      assert.deepEqual(
        items.map(({ id, value, ns }) => ({ id, value, ns })),
        [{ id: "alone", value: 1, ns: [] }],
      );
    },
  },
];

/** What a question waits for, and what ends that. */
export const inboxStatusCases: readonly ConformanceCase[] = [...always, ...decided.map(withDecisions)];
