import type { CheckpointSaver, Decision, InterruptTerms } from "@holdpoint/checkpoint";
import { NAMESPACE_END, REQUESTER } from "../../constants.js";
import type { StandardResult } from "../../state/standard-schema.js";
import type { AskedQuestion, Authorize, DecisionGate } from "../model/decision-gate.js";
import type { GraphConfig } from "../model/graph-config.js";
import type { Control, GraphState } from "../model/graph-state.js";
import { Interrupt } from "../model/interrupt-types.js";
import type { Program, ShownKeys } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";
import type { StreamMode, StreamSink } from "../model/stream-mode.js";
import type { Task } from "../model/task.js";
import type { Fence } from "../save/fence.js";
import type { Persistence } from "../save/persistence.js";
import type { SavedStep } from "../save/saved-tasks.js";
import type { MessageFollower } from "./bridge.js";

/** A stream that was opened on a graph `depth` levels below the outermost one; that graph's events are at the top of it. */
export interface Outlet {
  readonly sink: StreamSink;
  readonly depth: number;
}

/** One run of one graph: what stays the same from its first step to its last. */
export interface GraphRun {
  readonly program: Program;
  readonly config: GraphConfig;
  readonly ns: string;
  readonly nsPath: readonly string[];
  /** The task of the graph around this one that called it. */
  readonly caller: TaskContext | undefined;
  /** The run whose task called this one, be it in a thread of its own. */
  readonly within: GraphRun | undefined;
  readonly saver: CheckpointSaver | undefined;
  readonly threadId: string | undefined;
  readonly persistence: Persistence | undefined;
  /** Whether it is a graph inside of another one that keeps a state of its own from call to call. */
  readonly keepsState: boolean;
  /** Shared with the graphs inside. */
  readonly fence: Fence;
  /** Answers of the whole thread's paused step, shared with the graphs inside. */
  readonly decisions: Map<string, Decision>;
  /** Policy of the outermost graph. */
  readonly gate: DecisionGate | undefined;
  readonly authorize: Authorize | undefined;
  /** Answers that this run of the thread found not to fit; shared as well. */
  readonly refusals: Refusal[];
  /** What schemas that take their time made of answers, by interrupt id; shared as well. */
  readonly parsed: Map<string, StandardResult<unknown>>;
  /** Terms of the thread's questions, by interrupt id, as the outermost graph saved them last; shared as well. */
  readonly terms: Map<string, InterruptTerms>;
  /** Errors for those whose answer came after the gate had given its own. */
  readonly tooLate: Error[];
  readonly outlets: readonly Outlet[];
  /** What its result, and the modes `values` and `updates`, show. */
  readonly shown: ShownKeys;
  readonly callbacks: unknown;
  readonly signal: AbortSignal | undefined;
  readonly state: GraphState;
  /** The older checkpoint that this run went back to, with what was saved of its step. */
  forkedFrom?: { readonly checkpointId: string; readonly saved: SavedStep };
  /** What was asked there, under the ids that the answers were moved to. */
  moved?: ReadonlyMap<string, Interrupt>;
  /** Super-steps that the run may take after the one under way. */
  stepsLeft?: number;
  /** Tasks of the step under way. */
  step?: readonly Task[];
  /** What was due at a checkpoint before commands from outside added to it. */
  dueAtFirst?: { readonly checkpointId: string; readonly control: Control };
  /** Keys that changed since the last checkpoint. */
  readonly dirty: Set<string>;
  /** What `task()` calls of this step returned, by call id. */
  readonly results: Map<string, unknown>;
  /** Tasks that go on after the run was aborted. */
  readonly late: Set<Promise<unknown>>;
}

/** An answer that did not fit, and why. */
export interface Refusal {
  readonly decision: Decision;
  readonly issues: NonNullable<Decision["refused"]>;
}

/** Where a task stands: what the context-free functions (`interrupt`, `task`, a subgraph's `invoke`) need to know. */
export interface TaskScopeInfo {
  readonly name: string;
  readonly id: string;
  readonly ns: string;
  /** Id and namespace for results, where these are others: see `KeptResults`. */
  readonly resultId?: string;
  readonly resultNs?: string;
}

const NONE: readonly Interrupt[] = [];

/** One attempt at one task. Lives in AsyncLocalStorage while the task's code runs. */
export class TaskContext {
  readonly run: GraphRun;
  readonly scope: TaskScopeInfo;
  readonly input: unknown;
  /** Questions asked in this attempt. */
  raised: readonly Interrupt[] = NONE;
  /** Answers that did not fit their schema. */
  refused: Refusal[] | undefined;
  /** Answers whose schema takes its time. */
  parsing: Promise<void>[] | undefined;
  /** Set with the first question, or by a breakpoint further inside: the task is paused whatever its code returns or catches. */
  paused = false;
  /** Set where somebody reads the task's messages. */
  follower: MessageFollower | undefined;
  /** Updates that its code has made before it returned. */
  pushed: [key: string, value: unknown][] | undefined;
  /** What the task's code got as its second argument, with the parts of it that are made when they are read. */
  runtime: Runtime | undefined;
  configurable: Readonly<Record<string, unknown>> | undefined;
  metadata: Readonly<Record<string, unknown>> | undefined;
  /** Graphs and tasks called from this task that are still running. */
  children: Set<Promise<unknown>> | undefined;
  /** Calls of `task()` in this attempt, by id: the same key twice is one call. */
  calling: Map<string, Promise<unknown>> | undefined;
  /** Keys of questions asked in this attempt. */
  keys: Set<string> | undefined;
  /** Count the calls of each sort, so that the same call of a later attempt has the same number. */
  interrupts = 0;
  subgraphs = 0;
  calls = 0;

  constructor(run: GraphRun, scope: TaskScopeInfo, input: unknown) {
    this.run = run;
    this.scope = scope;
    this.input = input;
  }

  pause(interrupts: readonly Interrupt[]): void {
    this.paused = true;
    this.raised = [...this.raised, ...interrupts];
  }

  /** Runs something inside this task whose end the task must wait for. */
  adopt<T>(child: Promise<T>): Promise<T> {
    this.children ??= new Set();
    const { children } = this;
    children.add(child);
    const forget = () => children.delete(child);
    child.then(forget, forget);
    return child;
  }
}

// Not imported: decision 0033.
const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
const storage = new AsyncLocalStorage<TaskContext>();

/** The task whose code is running, if any. */
export const currentTask = (): TaskContext | undefined => storage.getStore();

export const runInTask = <T>(context: TaskContext, run: () => T): T => storage.run(context, run);

/** Number of the step that the running tasks belong to: the thread's, or the run's own where nothing is saved. */
export function stepUnderWay({ persistence, config: { recursionLimit = 25 }, stepsLeft = recursionLimit }: GraphRun): number {
  return (persistence?.metadata?.step ?? recursionLimit - stepsLeft - 1) + 1;
}

/** Sends an event to those who asked for its mode. */
export function emit(run: GraphRun, mode: StreamMode, chunk: unknown): void {
  for (const { sink, depth } of run.outlets) {
    if (sees(run, sink, depth, mode)) sink.push(run.nsPath.slice(depth), mode, chunk);
  }
}

/** Tells whether somebody wants this run's events of a mode. */
export const wanted = (run: GraphRun, mode: StreamMode): boolean => run.outlets.some(({ sink, depth }) => sees(run, sink, depth, mode));

// What code sends by itself is meant for whoever looks on, and nobody knows how deep a tool or an agent stands that reports its progress.
const sees = (run: GraphRun, sink: StreamSink, depth: number, mode: StreamMode): boolean =>
  sink.modes.has(mode) && (sink.subgraphs || mode === "custom" || run.nsPath.length === depth);

/** The run of the graph around all others. */
export function outermost(run: GraphRun): GraphRun {
  let found = run;
  while (found.caller !== undefined) found = found.caller.run;
  return found;
}

/** The node that asked. */
export const nodeOf = ({ ns }: Pick<Interrupt, "ns">): string => ns.at(-1)?.split(NAMESPACE_END)[0] ?? "";

/** A question with where it was asked, as policies and the journal see it. */
export function questionOf(run: GraphRun, interrupt: Interrupt): AskedQuestion {
  const { program, persistence } = outermost(run);
  return {
    interrupt,
    threadId: run.threadId ?? "",
    graph: program.name,
    node: nodeOf(interrupt),
    requester: persistence?.metadata?.[REQUESTER],
  };
}

/** The question with the terms that it has by now: a subgraph's own record of it may be older. */
export function withTerms({ terms }: GraphRun, asked: Interrupt): Interrupt {
  const newest = terms.get(asked.id);
  return newest === undefined || newest === asked.terms ? asked : new Interrupt({ ...asked, at: asked.at, terms: newest });
}
