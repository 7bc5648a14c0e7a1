import assert from "node:assert/strict";
import type { CheckpointSaver, Decision } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, firstCheckpoint, newThread, put, type ThreadFixture } from "./fixtures.js";

function decision(interruptId: string, value: unknown, revision = 0): Decision {
  return { interruptId, value, at: "2026-01-01T00:00:00.000Z", revision };
}

async function decisionsIn(saver: CheckpointSaver, thread: ThreadFixture): Promise<unknown[]> {
  const writes = (await saver.getTuple(thread.config))?.pendingWrites ?? [];
  return writes.filter(([, channel]) => channel === "__resume__").map(([task, , value]) => [task, value]);
}

function record(saver: CheckpointSaver, ...args: Parameters<NonNullable<CheckpointSaver["recordDecisions"]>>) {
  assert.ok(saver.recordDecisions, "the saver has no recordDecisions");
  return saver.recordDecisions(...args);
}

export const decisionCases: readonly ConformanceCase[] = [
  {
    name: "a decision is recorded once; a second one conflicts and is told what stands",
    run: async (saver) => {
      const thread = newThread();
      const config = await put(saver, thread, firstCheckpoint({}));
      assert.deepEqual(await record(saver, config, [decision("a", true)]), { kind: "recorded" });
      assert.deepEqual(await record(saver, config, [decision("a", false)]), { kind: "conflict", recorded: [decision("a", true)] });
      assert.deepEqual(await decisionsIn(saver, thread), [["a", decision("a", true)]]);
    },
  },
  {
    name: "all of the decisions are recorded, or none",
    run: async (saver) => {
      const thread = newThread();
      const config = await put(saver, thread, firstCheckpoint({}));
      await record(saver, config, [decision("b", "yes")]);
      const outcome = await record(saver, config, [decision("a", 1), decision("b", 2), decision("c", 3)]);
      assert.deepEqual(outcome, { kind: "conflict", recorded: [decision("b", "yes")] });
      assert.deepEqual(await decisionsIn(saver, thread), [["b", decision("b", "yes")]]);
      assert.deepEqual(await record(saver, config, [decision("a", null), decision("c", "")]), { kind: "recorded" });
      assert.equal((await decisionsIn(saver, thread)).length, 3);
    },
  },
  {
    name: "a revision follows the one before it, and replaces it",
    run: async (saver) => {
      const thread = newThread();
      const config = await put(saver, thread, firstCheckpoint({}));
      assert.deepEqual(await record(saver, config, [decision("a", "late", 1)]), { kind: "conflict", recorded: [] });
      await record(saver, config, [decision("a", "first", 0)]);
      assert.deepEqual(await record(saver, config, [decision("a", "skip", 2)]), {
        kind: "conflict",
        recorded: [decision("a", "first", 0)],
      });
      assert.deepEqual(await record(saver, config, [decision("a", "second", 1)]), { kind: "recorded" });
      assert.deepEqual(await record(saver, config, [decision("a", "again", 1)]), {
        kind: "conflict",
        recorded: [decision("a", "second", 1)],
      });
      assert.deepEqual(await decisionsIn(saver, thread), [["a", decision("a", "second", 1)]]);
    },
  },
  {
    name: "of many decisions at once, one is recorded",
    run: async (saver) => {
      const thread = newThread();
      const config = await put(saver, thread, firstCheckpoint({}));
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => record(saver, config, [decision("a", n)])));
      assert.equal(outcomes.filter((outcome) => outcome.kind === "recorded").length, 1);
      const winner = outcomes.findIndex((outcome) => outcome.kind === "recorded");
      assert.deepEqual(await decisionsIn(saver, thread), [["a", decision("a", winner)]]);
    },
  },
  {
    name: "decisions of different checkpoints are apart, and writes do not replace them",
    run: async (saver) => {
      const thread = newThread();
      const [first, second] = [firstCheckpoint({}), firstCheckpoint({})];
      await put(saver, thread, first);
      await put(saver, thread, second);
      await record(saver, at(thread, first), [decision("a", 1)]);
      assert.deepEqual(await record(saver, at(thread, second), [decision("a", 2)]), { kind: "recorded" });
      await saver.putWrites(at(thread, second), [["__resume__", "forged"]], "a");
      assert.deepEqual(await decisionsIn(saver, thread), [["a", decision("a", 2)]]);
    },
  },
  {
    name: "a decision for a checkpoint that does not exist is refused",
    run: async (saver) => {
      const thread = newThread();
      await assert.rejects(async () => record(saver, at(thread, firstCheckpoint({})), [decision("a", 1)]));
      await put(saver, thread, firstCheckpoint({}));
      await assert.rejects(async () => record(saver, at(thread, firstCheckpoint({})), [decision("a", 1)]));
      await assert.rejects(async () => record(saver, thread.config, [decision("a", 1)]));
    },
  },
];
