import assert from "node:assert/strict";
import type { StatsQuery, StorageStats } from "../retention/retention.js";
import type { CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, firstCheckpoint, newThread, put } from "./fixtures.js";
import { saveLine } from "./prune-cases.js";

function stats(saver: CheckpointSaver, query?: StatsQuery): Promise<StorageStats> {
  assert.ok(saver.stats, "the saver has stats");
  return saver.stats(query);
}

export const statsCases: readonly ConformanceCase[] = [
  {
    name: "checkpoints, writes and bytes are counted, of all threads and of each, the largest first",
    run: async (saver) => {
      assert.deepEqual(await stats(saver), { threads: 0, checkpoints: 0, writes: 0, bytes: 0, byThread: [] });
      const [small, large, text] = [newThread(), newThread(), newThread()];
      await saveLine(saver, small, 2);
      await saveLine(saver, large, 9);
      const checkpoint = firstCheckpoint({ text: "é".repeat(100_000) });
      await put(saver, text, checkpoint);
      const nested = { configurable: { ...at(text, checkpoint).configurable, checkpoint_ns: "sub" } };
      await saver.putWrites(nested, [["a", 1]], "task");
      const all = await stats(saver);
      const counts = ({ threadId, checkpoints, writes }: StorageStats["byThread"][number]) => [threadId, checkpoints, writes];
      assert.deepEqual(all.byThread.map(counts), [
        [text.threadId, 1, 1],
        [large.threadId, 9, 9],
        [small.threadId, 2, 2],
      ]);
      assert.deepEqual([all.threads, all.checkpoints, all.writes], [3, 12, 12]);
      assert.equal(
        all.bytes,
        all.byThread.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      assert.ok((all.byThread[0]?.bytes ?? 0) >= 200_000, "bytes are counted, not characters");
      assert.ok((all.byThread[1]?.bytes ?? 0) >= 1000 && (all.byThread[1]?.bytes ?? 0) < 20_000);
      assert.deepEqual(await stats(saver, { limit: 1 }), { ...all, byThread: all.byThread.slice(0, 1) });
      assert.deepEqual(await stats(saver, { limit: 0 }), { ...all, byThread: [] });
      const [, one] = all.byThread;
      const { threadId, ...ofOne } = one!;
      assert.deepEqual(await stats(saver, { threadId }), { threads: 1, ...ofOne, byThread: [one] });
      assert.equal((await stats(saver, { threadId: newThread().threadId })).threads, 0);
      await saver.deleteThread(text.threadId);
      assert.equal((await stats(saver)).threads, 2);
      await assert.rejects(async () => stats(saver, { limit: -1 }));
    },
  },
];
