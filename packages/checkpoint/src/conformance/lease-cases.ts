import assert from "node:assert/strict";
import { leaseHost, newLease } from "../index.js";
import type { CheckpointSaver, LeaseOutcome, ThreadLease } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { newThread } from "./fixtures.js";

const NOW = 1_800_000_000_000;

function acquire(saver: CheckpointSaver, threadId: string, lease: ThreadLease, now = NOW): Promise<LeaseOutcome> {
  assert.ok(saver.acquireLease && saver.releaseLease, "the saver has acquireLease and releaseLease");
  return saver.acquireLease(threadId, lease, now);
}

/** No process has this number: it is beyond the largest that Linux gives. */
const DEAD = 2 ** 22 + 1;

export const leaseCases: readonly ConformanceCase[] = [
  {
    name: "one run has a thread until it gives it back; others are told who has it",
    run: async (saver) => {
      const { threadId } = newThread();
      const [one, two] = [newLease(NOW, 1000), newLease(NOW, 1000)];
      assert.deepEqual(await acquire(saver, threadId, one), { kind: "acquired" });
      assert.deepEqual(await acquire(saver, threadId, two), { kind: "held", by: one });
      assert.deepEqual(await acquire(saver, newThread().threadId, two), { kind: "acquired" }, "another thread is free");
      await saver.releaseLease?.(threadId, two.id);
      assert.equal((await acquire(saver, threadId, two)).kind, "held", "a run cannot give back what it does not have");
      await saver.releaseLease?.(threadId, one.id);
      assert.deepEqual(await acquire(saver, threadId, two), { kind: "acquired" });
      await saver.releaseLease?.(threadId, one.id);
      assert.equal((await acquire(saver, threadId, one)).kind, "held", "to give back twice frees nothing");
    },
  },
  {
    name: "a lease is prolonged by acquiring it again, and lost once its time is over",
    run: async (saver) => {
      const { threadId } = newThread();
      const [one, two] = [newLease(NOW, 1000), newLease(NOW, 9000)];
      await acquire(saver, threadId, one);
      assert.deepEqual(await acquire(saver, threadId, { ...one, expiresAt: NOW + 5000 }), { kind: "acquired" });
      assert.deepEqual(await acquire(saver, threadId, two, NOW + 4999), { kind: "held", by: { ...one, expiresAt: NOW + 5000 } });
      assert.deepEqual(await acquire(saver, threadId, two, NOW + 5000), { kind: "acquired" });
      assert.deepEqual(await acquire(saver, threadId, one, NOW + 5000), { kind: "held", by: two }, "too late to prolong");
    },
  },
  {
    name: "the lease of a process that is gone is free at once, that of a process elsewhere is not",
    run: async (saver) => {
      const { threadId } = newThread();
      const gone: ThreadLease = { id: "gone", host: leaseHost(), pid: DEAD, expiresAt: NOW + 60_000 };
      const next = newLease(NOW, 1000);
      await acquire(saver, threadId, gone);
      assert.deepEqual(await acquire(saver, threadId, next), { kind: "acquired" });
      await saver.releaseLease?.(threadId, next.id);
      const elsewhere: ThreadLease = { ...gone, host: `${leaseHost()} another` };
      await acquire(saver, threadId, elsewhere);
      assert.deepEqual(await acquire(saver, threadId, next), { kind: "held", by: elsewhere });
    },
  },
  {
    name: "of many runs at once, one gets the thread, whatever text its id is",
    run: async (saver) => {
      const { threadId } = newThread();
      for (const id of [threadId, `${threadId}\0`, `${threadId}\ud800`, `${threadId}\udc00`]) {
        const leases = Array.from({ length: 20 }, () => newLease(NOW, 1000));
        const outcomes = await Promise.all(leases.map((lease) => acquire(saver, id, lease)));
        assert.equal(outcomes.filter(({ kind }) => kind === "acquired").length, 1);
        const winner = leases[outcomes.findIndex(({ kind }) => kind === "acquired")];
        for (const outcome of outcomes) if (outcome.kind === "held") assert.deepEqual(outcome.by, winner);
      }
    },
  },
  {
    name: "a lease that could not be kept is refused",
    run: async (saver) => {
      const lease = newLease(NOW, 1000);
      for (const bad of [{ id: "" }, { expiresAt: Number.NaN }, { expiresAt: Number.POSITIVE_INFINITY }, { pid: 1.5 }]) {
        await assert.rejects(async () => acquire(saver, newThread().threadId, { ...lease, ...bad }), JSON.stringify(bad));
      }
    },
  },
];
