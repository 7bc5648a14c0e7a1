import {
  type Checkpoint,
  CheckpointError,
  type CheckpointFacts,
  checkpointTime,
  encodeCheckpoint,
  needsPendingSends,
  type PruneOptions,
  type PrunePlan,
  type PruneResult,
  planPrune,
  type ResolvedPrune,
  resolvePrune,
  type Serializer,
  type ThreadLine,
} from "@holdpoint/checkpoint";
import type { ChainReader } from "./chain-reader.js";
import type { Connection } from "./connection.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";
import type { ThreadLeases } from "./thread-leases.js";
import type { TupleReader } from "./tuple-reader.js";

interface FactsRow {
  readonly pk: number;
  readonly parent: number | null;
  readonly isPatch: number;
  readonly id: string;
  readonly parentId: string | null;
  readonly line: number;
  readonly ns: string;
  readonly isSaved: number;
  readonly isAsking: number;
  readonly metadata: string | Uint8Array | null;
}

interface Facts extends CheckpointFacts {
  readonly row: FactsRow;
}

/** A checkpoint that has to be stored whole. */
interface Rewrite {
  readonly pk: number;
  readonly line: ThreadLine;
  readonly checkpoint: Checkpoint;
}

/** Threads that are looked up at once. */
const PAGE = 200;

/** Deletes what is not worth keeping: each thread in one transaction, and others may use the event loop and the database in between. */
export class ThreadPruner {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly reader: TupleReader,
    private readonly leases: ThreadLeases,
  ) {}

  /** A thread that cannot be read keeps none of the others from being pruned; its error is thrown in the end. */
  async prune(options: PruneOptions): Promise<PruneResult> {
    const resolved = resolvePrune(options);
    const unreadable: CheckpointError[] = [];
    let [checkpoints, threads] = [0, 0];
    for (const threadId of resolved.threadId === undefined ? this.#threadIds() : [resolved.threadId]) {
      try {
        const result = this.#pruneThread(threadId, resolved);
        checkpoints += result.checkpoints;
        threads += result.threads;
      } catch (error) {
        if (!CheckpointError.is(error, "CORRUPT_DATA") && !CheckpointError.is(error, "UNKNOWN_KEY")) throw error;
        unreadable.push(error);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [first] = unreadable;
    if (first !== undefined) throw first;
    return { checkpoints, threads };
  }

  *#threadIds(): Generator<string> {
    for (let last = ""; ; ) {
      const rows = this.connection.all<{ thread: string }>(SQL.threadsAfter, last, PAGE);
      for (const { thread } of rows) yield fromKeyText(thread);
      if (rows.length < PAGE) return;
      last = rows.at(-1)!.thread;
    }
  }

  #pruneThread(threadId: string, options: ResolvedPrune): PruneResult {
    const plan = (): PrunePlan<Facts> => planPrune(this.#factsOf(threadId), options);
    // Most threads have nothing to give: nobody has to wait for them.
    if (this.connection.read(plan).going.length === 0) return { checkpoints: 0, threads: 0 };
    return this.connection.write(() => {
      if (this.leases.isHeld(threadId, Date.now())) return { checkpoints: 0, threads: 0 };
      return this.#carryOut(threadId, plan());
    });
  }

  #factsOf(threadId: string): Facts[] {
    return this.connection.all<FactsRow>(SQL.readFacts, toKeyText(threadId)).map((row) => {
      const { id, isPatch, parent, parentId } = row;
      const ns = fromKeyText(row.ns);
      const known = parent === null || parentId === null ? undefined : parentId;
      const parents =
        row.metadata === null ? undefined : this.reader.readMetadata({ threadId, ns }, { id, metadata: row.metadata }).parents;
      return {
        row,
        ns,
        id,
        isSaved: row.isSaved === 1,
        parentId: known,
        baseId: isPatch === 1 ? known : undefined,
        time: checkpointTime(id),
        parents,
        isAsking: row.isAsking === 1,
      };
    });
  }

  #carryOut(threadId: string, { going, orphaned, detached }: PrunePlan<Facts>): PruneResult {
    // What stays is worked out in full before anything goes.
    const rewrites = this.#rewritesOf(threadId, orphaned, detached);
    for (const { row } of going) {
      this.connection.run(SQL.deleteWrites, row.pk);
      this.connection.run(SQL.deleteInterrupts, row.line, row.id);
      this.connection.run(SQL.deleteCheckpoint, row.pk);
    }
    for (const { pk, line, checkpoint } of rewrites) {
      const { data, sizes } = encodeCheckpoint(this.serializer, line, checkpoint);
      this.connection.run(SQL.makeWhole, sizes.liveSize, sizes.chainSize, data, pk);
    }
    for (const { row } of orphaned) this.connection.run(SQL.dropParent, row.pk);
    const thread = toKeyText(threadId);
    this.connection.run(SQL.deleteEmptyLines, thread);
    const isGone = this.connection.get(SQL.hasLines, thread) === undefined;
    return { checkpoints: going.filter(({ isSaved }) => isSaved).length, threads: isGone ? 1 : 0 };
  }

  #rewritesOf(threadId: string, orphaned: readonly Facts[], detached: readonly Facts[]): Iterable<Rewrite> {
    const rewrites = new Map<number, Rewrite>();
    const chains = this.reader.chains();
    for (const { ns, row } of detached) {
      const line = { threadId, ns };
      rewrites.set(row.pk, { pk: row.pk, line, checkpoint: chains.read(line, row.pk) });
    }
    for (const { ns, row } of orphaned) this.#bringUpToDate({ threadId, ns }, row, chains, rewrites);
    return rewrites.values();
  }

  /**
   * A checkpoint of an older format has its sends beside the parent that goes: they become part of it. What is stored as a change of it is then
   * stored whole, for it is a change of what it was.
   */
  #bringUpToDate(line: ThreadLine, row: FactsRow, chains: ChainReader, rewrites: Map<number, Rewrite>): void {
    const checkpoint = chains.read(line, row.pk);
    if (!needsPendingSends(checkpoint)) return;
    for (const { pk } of this.connection.all<{ pk: number }>(SQL.patchChildren, row.line, row.pk)) {
      if (!rewrites.has(pk)) rewrites.set(pk, { pk, line, checkpoint: chains.read(line, pk) });
    }
    rewrites.set(row.pk, { pk: row.pk, line, checkpoint: this.reader.withSends(line, row, checkpoint) });
  }
}
