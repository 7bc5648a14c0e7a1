import {
  type Checkpoint,
  CheckpointError,
  type CheckpointFacts,
  checkpointTime,
  encodeCheckpoint,
  fromKeyText,
  needsPendingSends,
  type PruneOptions,
  type PrunePlan,
  type PruneResult,
  planPrune,
  type ResolvedPrune,
  resolvePrune,
  type Serializer,
  type ThreadLine,
  toKeyText,
} from "@holdpoint/checkpoint";
import { ChainReader, type ChainRow } from "./chain-reader.js";
import type { Connection, Session } from "./connection.js";
import { SQL } from "./statements.js";
import { type StoredData, toStored } from "./stored-data.js";
import type { ThreadLeases } from "./thread-leases.js";
import type { TupleReader } from "./tuple-reader.js";
import type { Turns } from "./turn.js";

/** `data` and `bytes` are the metadata; null in the root's line. */
interface FactsRow extends StoredData {
  readonly pk: number;
  readonly line: number;
  readonly ns: string;
  readonly parent: number | null;
  readonly isPatch: boolean;
  readonly id: string;
  readonly parentId: string | null;
  readonly isSaved: boolean;
  readonly isAsking: boolean;
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
const NOTHING: PruneResult = { checkpoints: 0, threads: 0 };

/** Deletes what is not worth keeping: each thread in one transaction, alone with it. */
export class ThreadPruner {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly reader: TupleReader,
    private readonly leases: ThreadLeases,
    private readonly turns: Turns,
  ) {}

  /** A thread that cannot be read keeps none of the others from being pruned; its error is thrown in the end. */
  async prune(options: PruneOptions): Promise<PruneResult> {
    const resolved = resolvePrune(options);
    const unreadable: CheckpointError[] = [];
    let [checkpoints, threads] = [0, 0];
    for await (const threadId of resolved.threadId === undefined ? this.#threadIds() : [resolved.threadId]) {
      try {
        const result = await this.#pruneThread(threadId, resolved);
        checkpoints += result.checkpoints;
        threads += result.threads;
      } catch (error) {
        if (!CheckpointError.is(error, "CORRUPT_DATA") && !CheckpointError.is(error, "UNKNOWN_KEY")) throw error;
        unreadable.push(error);
      }
    }
    const [first] = unreadable;
    if (first !== undefined) throw first;
    return { checkpoints, threads };
  }

  async *#threadIds(): AsyncGenerator<string> {
    for (let last = ""; ; ) {
      const rows = await this.connection.all<{ thread: string }>(SQL.threadsAfter, last, PAGE);
      for (const { thread } of rows) yield fromKeyText(thread);
      if (rows.length < PAGE) return;
      last = rows.at(-1)!.thread;
    }
  }

  async #pruneThread(threadId: string, options: ResolvedPrune): Promise<PruneResult> {
    const plan = async (session: Session): Promise<PrunePlan<Facts>> => planPrune(await this.#factsOf(session, threadId), options);
    // Most threads have nothing to give: nobody has to wait for them.
    if ((await plan(this.connection)).going.length === 0) return NOTHING;
    return this.connection.write(async (session) => {
      await this.turns.enterAlone(session, threadId);
      if (await this.leases.isHeld(session, threadId, Date.now())) return NOTHING;
      const current = await plan(session);
      return current.going.length === 0 ? NOTHING : this.#carryOut(session, threadId, current);
    });
  }

  async #factsOf(session: Session, threadId: string): Promise<Facts[]> {
    return (await session.all<FactsRow>(SQL.readFacts, toKeyText(threadId))).map((row) => {
      const { id, isPatch, isSaved, isAsking, parent, parentId, data, bytes } = row;
      const ns = fromKeyText(row.ns);
      const known = parent === null || parentId === null ? undefined : parentId;
      const hasMetadata = data !== null || bytes !== null;
      const parents = hasMetadata ? this.reader.metadata({ threadId, ns, id, metadata: { data, bytes } }).parents : undefined;
      const baseId = isPatch ? known : undefined;
      return { row, ns, id, isSaved, parentId: known, baseId, time: checkpointTime(id), parents, isAsking };
    });
  }

  async #carryOut(session: Session, threadId: string, { going, orphaned, detached }: PrunePlan<Facts>): Promise<PruneResult> {
    // What stays is worked out in full before anything goes.
    const rewrites = await this.#rewritesOf(session, threadId, orphaned, detached);
    const pks = going.map(({ row }) => row.pk);
    await session.all(SQL.deleteWrites, pks);
    const questions = await session.all(SQL.deleteInterrupts, pks);
    await session.all(SQL.deleteCheckpoints, pks);
    for (const { pk, line, checkpoint } of rewrites) {
      const { data, sizes } = encodeCheckpoint(this.serializer, line, checkpoint);
      await session.all(SQL.makeWhole, sizes.liveSize, sizes.chainSize, ...toStored(data), pk);
    }
    const parentless = orphaned.map(({ row }) => row.pk);
    if (parentless.length > 0) await session.all(SQL.dropParents, parentless);
    const thread = toKeyText(threadId);
    await session.all(SQL.deleteEmptyLines, thread);
    const isGone = (await session.get(SQL.hasLines, thread)) === undefined;
    await session.all(SQL.tell, "t", thread);
    if (questions.length > 0) await session.all(SQL.tell, "i", thread);
    return { checkpoints: going.filter(({ isSaved }) => isSaved).length, threads: isGone ? 1 : 0 };
  }

  async #rewritesOf(
    session: Session,
    threadId: string,
    orphaned: readonly Facts[],
    detached: readonly Facts[],
  ): Promise<Iterable<Rewrite>> {
    const rewrites = new Map<number, Rewrite>();
    const chains = new ChainReader(this.serializer);
    // Rows that only stand for the writes that came before their checkpoint hold nothing.
    const saved = orphaned.filter(({ isSaved }) => isSaved);
    const pks = [...detached, ...saved].map(({ row }) => row.pk);
    if (pks.length > 0) chains.add(await session.all<ChainRow>(SQL.readChains, pks));
    for (const { ns, row } of detached) {
      const line = { threadId, ns };
      rewrites.set(row.pk, { pk: row.pk, line, checkpoint: chains.read(line, row.pk) });
    }
    for (const { ns, row } of saved) await this.#bringUpToDate(session, { threadId, ns }, row, chains, rewrites);
    return rewrites.values();
  }

  /**
   * A checkpoint of an older format has its sends beside the parent that goes: they become part of it. What is stored as a change of it is then
   * stored whole, for it is a change of what it was.
   */
  async #bringUpToDate(
    session: Session,
    line: ThreadLine,
    row: FactsRow,
    chains: ChainReader,
    rewrites: Map<number, Rewrite>,
  ): Promise<void> {
    const checkpoint = chains.read(line, row.pk);
    if (!needsPendingSends(checkpoint)) return;
    const children = (await session.all<{ pk: number }>(SQL.patchChildren, row.line, row.pk)).map(({ pk }) => pk);
    if (children.length > 0) chains.add(await session.all<ChainRow>(SQL.readChains, children));
    for (const pk of children) if (!rewrites.has(pk)) rewrites.set(pk, { pk, line, checkpoint: chains.read(line, pk) });
    rewrites.set(row.pk, { pk: row.pk, line, checkpoint: await this.reader.withSends(session, { ...line, ...parentOf(row) }, checkpoint) });
  }
}

function parentOf({ parent, parentId }: FactsRow): Pick<FactsRow, "parent" | "parentId"> {
  return { parent, parentId };
}
