import type { CheckpointSaver, InboxItem } from "@holdpoint/checkpoint";
import { type DecisionGate, type GraphConfig, GraphError, type Interrupt } from "@holdpoint/core";
import { ApprovalError } from "./approval-error.js";
import { isApprovals } from "./create-approvals.js";
import type { ApprovalTerms } from "./deadlines/question-terms.js";
import { checkLimit, checkSaver, readOptions } from "./read-options.js";

/** A compiled graph, as far as sweeping needs it. */
export interface SweptGraph {
  readonly name: string;
  readonly gate: DecisionGate | undefined;
  readonly checkpointer: CheckpointSaver | boolean | undefined;
  settleDue(config: GraphConfig): Promise<{ readonly __interrupt__?: readonly Interrupt[] }>;
}

export interface SweepOptions {
  /** The graph whose threads are swept: those that its name stands on. */
  readonly graph: SweptGraph;
  /** Default: the graph's checkpointer. */
  readonly saver?: CheckpointSaver;
  /** What runs need beside their `thread_id`: context, callbacks, … */
  readonly config?: GraphConfig;
  /** Threads that are settled at most; the rest waits for the next sweep. Default: all. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface SweptQuestion {
  readonly threadId: string;
  readonly interruptId: string;
  /** `answered`: it waits no more; its rule has answered it, or somebody has in the last moment. */
  readonly outcome: "answered" | "escalated" | "reminded";
}

export interface SweepReport {
  readonly settled: readonly SweptQuestion[];
  /** Threads that another run had: the next sweep finds them. */
  readonly busy: readonly string[];
  /** Threads whose run failed, after the answer or before it. */
  readonly failed: readonly { readonly threadId: string; readonly error: unknown }[];
}

/**
 * Does what is due of all questions that a graph has asked: answers those whose time is over as their rules say and runs their threads on,
 * escalates, reminds. Call it every minute or so, from as many processes as you like: each thing is done by one of them.
 * @returns what was done; one thread's failure does not keep the others from being swept
 * @throws ApprovalError MISSING_CAPABILITY, INVALID_OPTIONS
 * @example
 * ```ts no-check part of a program
 * setInterval(() => void sweepExpired({ graph }).then(({ failed }) => failed.forEach(report)), 60_000).unref();
 * ```
 */
export async function sweepExpired(options: SweepOptions): Promise<SweepReport> {
  const { graph, saver, config, limit: most = Number.POSITIVE_INFINITY, signal } = readSweep(options);
  let limit = most;
  const { gate, checkpointer } = graph;
  const storage = saver ?? (typeof checkpointer === "object" ? checkpointer : undefined);
  if (!isApprovals(gate))
    throw missing(`"${graph.name}" was compiled without a policy of createApprovals(), so that nothing of it expires.`);
  if (storage?.listInterrupts === undefined) throw missing("sweepExpired() needs a saver that has listInterrupts, such as SqliteSaver.");
  const report = { settled: [] as SweptQuestion[], busy: [] as string[], failed: [] as { threadId: string; error: unknown }[] };
  const before = new Date(gate.now().getTime() + gate.remindBefore + 1).toISOString();
  for (const [threadId, items] of await dueThreads(storage, graph.name, before)) {
    if (limit-- <= 0 || signal?.aborted === true) break;
    try {
      const result = await graph.settleDue({ ...config, signal, configurable: { ...config?.configurable, thread_id: threadId } });
      report.settled.push(...items.flatMap((item) => compare(item, result.__interrupt__ ?? [])));
    } catch (error) {
      if (GraphError.is(error, "THREAD_BUSY")) report.busy.push(threadId);
      else report.failed.push({ threadId, error });
    }
  }
  return report;
}

function readSweep(given: SweepOptions): SweepOptions {
  const options = readOptions("sweepExpired()", given, ["graph", "saver", "config", "limit", "signal"]);
  const { graph, saver, limit } = options;
  if (typeof (graph as Partial<SweptGraph> | undefined)?.settleDue !== "function")
    throw new ApprovalError("INVALID_OPTIONS", "sweepExpired() needs the graph whose questions it sweeps: sweepExpired({ graph }).");
  if (saver !== undefined) checkSaver("sweepExpired()", saver);
  checkLimit("sweepExpired()", limit);
  return options;
}

/** Questions that may be due, by thread. Read to the end before the first is touched, so that what the sweep itself asks is not swept. */
async function dueThreads(saver: CheckpointSaver, graph: string, expiresBefore: string): Promise<Map<string, InboxItem[]>> {
  const threads = new Map<string, InboxItem[]>();
  let cursor: string | undefined;
  do {
    const page = await saver.listInterrupts?.({
      graph,
      expiresBefore,
      order: "oldest",
      limit: 1000,
      ...(cursor === undefined ? {} : { before: cursor }),
    });
    for (const item of page?.items ?? []) {
      const items = threads.get(item.threadId);
      if (items === undefined) threads.set(item.threadId, [item]);
      else items.push(item);
    }
    cursor = page?.next;
  } while (cursor !== undefined);
  return threads;
}

function compare(item: InboxItem, waiting: readonly Interrupt[]): SweptQuestion[] {
  const question = { threadId: item.threadId, interruptId: item.id };
  const now = waiting.find(({ id }) => id === item.id);
  if (now === undefined) return [{ ...question, outcome: "answered" }];
  const [before, after] = [item.terms ?? {}, now.terms ?? {}] as readonly [ApprovalTerms, ApprovalTerms];
  if (before.level !== after.level) return [{ ...question, outcome: "escalated" }];
  const isReminded = before.remindedAt !== after.remindedAt || before.expiresAt !== after.expiresAt;
  return isReminded ? [{ ...question, outcome: "reminded" }] : [];
}

const missing = (message: string): ApprovalError => new ApprovalError("MISSING_CAPABILITY", message);
