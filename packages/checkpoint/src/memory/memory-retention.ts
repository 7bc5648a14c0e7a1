import { checkpointTime } from "../ids/checkpoint-id.js";
import type { ThreadLine } from "../record/thread-point.js";
import { type CheckpointFacts, type PrunePlan, planPrune } from "../retention/plan-prune.js";
import { resolvePrune } from "../retention/resolve-prune.js";
import { resolveStats } from "../retention/resolve-stats.js";
import type { PruneOptions, PruneResult, StatsQuery, StorageStats, ThreadStats } from "../retention/retention.js";
import type { Serializer } from "../serde/serializer.js";
import type { MemoryInbox } from "./memory-inbox.js";
import type { MemoryLeases } from "./memory-leases.js";
import type { MemoryLine } from "./memory-line.js";
import type { MemoryReader } from "./memory-reader.js";
import type { MemoryThreads } from "./memory-threads.js";
import { rebuildLine } from "./rebuild-line.js";

/** Deletes what is not worth keeping, and counts what there is. */
export class MemoryRetention {
  constructor(
    private readonly threads: MemoryThreads,
    private readonly serializer: Serializer,
    private readonly inbox: MemoryInbox,
    private readonly leases: MemoryLeases,
    private readonly reader: MemoryReader,
  ) {}

  prune(options: PruneOptions): PruneResult {
    const resolved = resolvePrune(options);
    let [checkpoints, threads] = [0, 0];
    for (const threadId of resolved.threadId === undefined ? [...this.threads.ids()] : [resolved.threadId]) {
      if (this.leases.isHeld(threadId, Date.now())) continue;
      const plan = planPrune(this.#factsOf(threadId), resolved);
      if (plan.going.length === 0) continue;
      this.#carryOut(threadId, plan);
      checkpoints += plan.going.filter(({ isSaved }) => isSaved).length;
      if (!this.threads.removeEmpty(threadId)) continue;
      this.inbox.deleteThread(threadId);
      threads += 1;
    }
    return { checkpoints, threads };
  }

  stats(query?: StatsQuery): StorageStats {
    const { threadId, limit } = resolveStats(query);
    const all = [...(threadId === undefined ? this.threads.ids() : [threadId])]
      .map((id) => this.#statsOf(id))
      .filter(({ checkpoints, writes }) => checkpoints + writes > 0)
      .sort((a, b) => b.bytes - a.bytes || (a.threadId < b.threadId ? -1 : 1));
    const sum = (field: "checkpoints" | "writes" | "bytes") => all.reduce((total, one) => total + one[field], 0);
    const totals = { threads: all.length, checkpoints: sum("checkpoints"), writes: sum("writes"), bytes: sum("bytes") };
    return { ...totals, byThread: all.slice(0, limit) };
  }

  #factsOf(threadId: string): CheckpointFacts[] {
    return Array.from(this.threads.linesOf(threadId), ([ns, line]) => this.#factsOfLine({ threadId, ns }, line)).flat();
  }

  #factsOfLine({ threadId, ns }: ThreadLine, line: MemoryLine): CheckpointFacts[] {
    const shared = (id: string) => ({ ns, id, time: checkpointTime(id), isAsking: ns === "" && this.inbox.isAsking(threadId, id) });
    const saved = Array.from(line.points(), (point) => ({
      ...shared(point.id),
      isSaved: true,
      parentId: point.parentId !== undefined && line.get(point.parentId) !== undefined ? point.parentId : undefined,
      baseId: point.base?.id,
      parents: ns === "" ? undefined : this.reader.readMetadata({ threadId, ns, line, point }).parents,
    }));
    const ahead = line.idsOfWrites().filter((id) => line.get(id) === undefined);
    const unsaved = { isSaved: false, parentId: undefined, baseId: undefined, parents: undefined };
    return [...saved, ...ahead.map((id) => ({ ...shared(id), ...unsaved }))];
  }

  #carryOut(threadId: string, { going, orphaned }: PrunePlan<CheckpointFacts>): void {
    const [gone, orphans] = [keysOf(going), keysOf(orphaned)];
    // What stays is worked out in full before anything goes.
    const rebuilt = Array.from(this.threads.linesOf(threadId), ([ns, line]) => {
      const fate = { stays: (id: string) => !gone.has(keyOf({ ns, id })), isOrphan: (id: string) => orphans.has(keyOf({ ns, id })) };
      return { line, points: rebuildLine({ threadId, ns }, line, fate, this.serializer, this.reader) };
    });
    for (const { ns, id } of going) {
      this.threads.get(threadId, ns)?.delete(id);
      if (ns === "") this.inbox.deleteCheckpoint(threadId, id);
    }
    for (const { line, points } of rebuilt) for (const point of points) line.set(point);
  }

  #statsOf(threadId: string): ThreadStats {
    let [checkpoints, writes, bytes] = [0, 0, 0];
    for (const [, line] of this.threads.linesOf(threadId)) {
      for (const { data, metadata } of line.points()) {
        checkpoints += 1;
        bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata);
      }
      for (const { data } of line.idsOfWrites().flatMap((id) => [...line.readWrites(id)])) {
        writes += 1;
        bytes += Buffer.byteLength(data);
      }
    }
    return { threadId, checkpoints, writes, bytes };
  }
}

function keysOf(facts: readonly CheckpointFacts[]): ReadonlySet<string> {
  return new Set(facts.map(keyOf));
}

function keyOf({ ns, id }: Pick<CheckpointFacts, "ns" | "id">): string {
  return JSON.stringify([ns, id]);
}
