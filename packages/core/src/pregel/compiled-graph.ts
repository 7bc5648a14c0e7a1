import type { BaseStore, CheckpointConfig, CheckpointListOptions, CheckpointSaver, JournalEntry } from "@holdpoint/checkpoint";
import { INTERRUPT } from "../constants.js";
import type { Command } from "../control/command.js";
import { GraphError } from "../errors.js";
import type { DrawableGraph } from "../graph/mermaid.js";
import { SETTLE_DUE } from "./answer/settle-due.js";
import { stopUnread } from "./context/abort.js";
import { EventStream } from "./context/event-stream.js";
import type { Outlet, TaskContext } from "./context/run-context.js";
import type { Authorize, DecisionGate } from "./model/decision-gate.js";
import type { GraphConfig, StreamOptions } from "./model/graph-config.js";
import type { Interrupt } from "./model/interrupt-types.js";
import type { Program } from "./model/program.js";
import type { StreamChunk } from "./model/stream-chunk.js";
import { readModes, type StreamMode } from "./model/stream-mode.js";
import { outputValues } from "./plan/map-output.js";
import * as reading from "./read/get-state.js";
import { type DecisionRecord, readDecisions } from "./read/read-decisions.js";
import type { StateSnapshot } from "./read/snapshot.js";
import { StateHistory } from "./read/state-history.js";
import { executeRun } from "./run/execute-run.js";
import { callerOf, createRun, type RunnableGraph, threadName } from "./run/start-run.js";
import * as updating from "./run/update-state.js";
import { takeThread } from "./thread/take-thread.js";

/** What `compile` and `entrypoint` hand to a compiled graph. */
export interface CompiledGraphParts extends RunnableGraph {
  /** Graphs that were added as nodes, by name. */
  readonly subgraphs: ReadonlyMap<string, CompiledGraph>;
  readonly drawing: () => DrawableGraph;
  readonly description?: string | undefined;
}

/** The state at the end of a run, with what the run waits for if it paused. */
export type RunResult<State> = State & { [INTERRUPT]?: Interrupt[] };

/**
 * A graph that can run: made by `new StateGraph(…).compile()`. It holds no state of its own, so one serves any number of threads at a time.
 *
 * With a checkpointer each step is saved before the next one begins, and the state of a thread can be read, changed and gone back to.
 */
export class CompiledGraph<
  State = Record<string, unknown>,
  Update = Record<string, unknown>,
  Node extends string = string,
  Context = unknown,
> {
  readonly name: string;
  readonly description: string | undefined;
  readonly program: Program;
  readonly checkpointer: CheckpointSaver | boolean | undefined;
  readonly store: BaseStore | undefined;
  readonly gate: DecisionGate | undefined;
  readonly authorize: Authorize | undefined;
  readonly subgraphs: ReadonlyMap<string, CompiledGraph>;
  readonly #drawing: () => DrawableGraph;
  /** Types only. */
  declare readonly __types?: { state: State; update: Update; node: Node; context: Context };

  constructor(parts: CompiledGraphParts) {
    this.name = parts.program.name;
    this.description = parts.description;
    this.program = parts.program;
    this.checkpointer = parts.checkpointer;
    this.store = parts.store;
    this.gate = parts.gate;
    this.authorize = parts.authorize;
    this.subgraphs = parts.subgraphs;
    this.#drawing = parts.drawing;
  }

  /**
   * Runs to the end, or to the next stop.
   * @param input state keys for a new run; `new Command({ resume })` to answer an interrupt; `null` to go on after a breakpoint, a failure or a crash
   * @returns the state, with `__interrupt__` (the questions that wait; empty at a breakpoint) where the run paused
   * @throws GraphError by code: MISSING_THREAD_ID, EMPTY_INPUT, INVALID_INPUT, GRAPH_RECURSION_LIMIT, ABORTED, THREAD_BUSY, CHECKPOINT_NOT_FOUND,
   *   and those of resuming: AMBIGUOUS_RESUME, UNKNOWN_INTERRUPT, ALREADY_DECIDED, NOTHING_TO_RESUME; and whatever a node throws
   *
   * When it resolves or rejects, everything that finished is saved; answers are recorded before any node runs, and count once.
   */
  async invoke(input: Update | Command | null, config?: GraphConfig<Context>): Promise<RunResult<State>> {
    const caller = callerOf(config);
    const { run, outcome } = await executeRun(this, { input, config, caller, outlets: inheritedOutlets(caller) });
    const values = outputValues(this.program, run.state.values) as RunResult<State>;
    if (outcome.kind !== "interrupted") return values;
    return { ...(this.program.resultKey === undefined ? values : undefined), [INTERRUPT]: [...outcome.interrupts] } as RunResult<State>;
  }

  /**
   * Runs as `invoke`, and gives what happens as it happens. Leave the loop to stop the run.
   * @returns an async iterator of chunks, by `streamMode`; a pause comes as a chunk `{ __interrupt__: [ … ] }` of the modes `updates` and `values`
   * @throws as invoke, from the iterator
   */
  async stream<const Mode extends StreamMode | readonly StreamMode[] = "updates", Subgraphs extends boolean = false>(
    input: Update | Command | null,
    options?: StreamOptions<Context, Mode, Subgraphs>,
  ): Promise<AsyncIterableIterator<StreamChunk<State, Update, Node, Mode, Subgraphs>>> {
    const { streamMode: mode, subgraphs, ...config } = options ?? {};
    const streamMode = mode ?? "updates";
    const caller = callerOf(options);
    const cancel = new AbortController();
    const modes = readModes(streamMode);
    const stream = new EventStream({
      modes,
      subgraphs: subgraphs ?? false,
      tagged: typeof streamMode !== "string",
      onCancel: () => stopUnread(cancel),
    });
    const depth = caller === undefined ? 0 : caller.scope.ns.split("|").length + (caller.subgraphs === 0 ? 0 : 1);
    const outlets = [...inheritedOutlets(caller), { sink: stream, depth }];
    stream.follow(executeRun(this, { input, config: config as GraphConfig, caller, outlets, cancel }));
    return stream as AsyncIterableIterator<never>;
  }

  /**
   * Reads a thread as it stands, or as it stood at `checkpoint_id`: its values, what runs next, and what waits for an answer.
   * @param options `subgraphs: true` reads the states of subgraphs too, into `tasks[].state`
   * @throws GraphError MISSING_CHECKPOINTER, MISSING_THREAD_ID
   */
  async getState(config: GraphConfig, options?: { readonly subgraphs?: boolean }): Promise<StateSnapshot<State>> {
    const { saver, config: place } = this.#storage(config);
    return (await reading.getState(this, saver, place, { subgraphs: options?.subgraphs ?? false })) as StateSnapshot<State>;
  }

  /** Reads every state that a thread has had, newest first. Go back to one by running with its `config`. */
  getStateHistory(config: GraphConfig, options?: CheckpointListOptions): AsyncIterableIterator<StateSnapshot<State>> {
    return new StateHistory(this, () => this.#storage(config), options) as AsyncIterableIterator<unknown> as never;
  }

  /**
   * Changes a thread's state as if a node had returned `values`, and saves it as a new checkpoint.
   * @param asNode the node; default: the one that ran last
   * @returns the config of the new checkpoint
   * @throws GraphError AMBIGUOUS_UPDATE where several nodes ran last, UNKNOWN_NODE, THREAD_BUSY, CHECKPOINT_NOT_FOUND
   */
  async updateState(config: GraphConfig, values: Update | null, asNode?: Node | (string & {})): Promise<CheckpointConfig> {
    const { saver, config: place } = this.#storage(config);
    const { thread_id: threadId, checkpoint_ns: ns = "" } = place.configurable;
    const graph = ns === "" ? this : (reading.findGraph(this, ns) as CompiledGraph | undefined);
    if (graph === undefined)
      throw new GraphError(
        "INVALID_CONFIG",
        `No graph was added as a node under the namespace "${ns}", so its state cannot be changed from here.`,
      );
    const run = await createRun(
      { program: graph.program, checkpointer: saver, store: graph.store },
      { ...config, configurable: { ...place.configurable, checkpoint_ns: "" } },
      undefined,
      [],
      config.signal,
    );
    const held = await takeThread(run, undefined);
    try {
      return await updating.updateState(ns === "" ? run : updating.atNamespace(run, saver, threadId, ns), values, asNode ?? undefined);
    } finally {
      await held?.release();
    }
  }

  /**
   * Reads what was asked in a thread, what was decided by whom and when, what ran on it and with which result: oldest first.
   * Kept by graphs compiled with `approvals`, in savers that keep a journal.
   * @throws GraphError MISSING_CHECKPOINTER, MISSING_THREAD_ID
   */
  async getDecisions(config: GraphConfig): Promise<DecisionRecord[]> {
    const { saver, config: place } = this.#storage(config);
    const entries: JournalEntry[] = [];
    for await (const entry of saver.readJournal?.({ threadId: place.configurable.thread_id }) ?? []) entries.push(entry);
    return readDecisions(entries);
  }

  /**
   * Does what the decision gate says is due of the questions that wait in a thread (deadlines, escalations, reminders), in nobody's name, and
   * goes on where that answered one; where nothing is due, nothing runs. Gates do the same whenever a thread is run on.
   * @returns as invoke: `__interrupt__` holds what still waits
   * @throws as invoke
   */
  settleDue(config: GraphConfig<Context>): Promise<RunResult<State>> {
    return this.invoke(SETTLE_DUE as Command, config);
  }

  /** Gives the graph's shape, to look at: `getGraph().drawMermaid()`. */
  getGraph(): DrawableGraph {
    return this.#drawing();
  }

  #storage(given: GraphConfig | null | undefined): {
    saver: CheckpointSaver;
    config: { configurable: { thread_id: string; checkpoint_ns?: string; checkpoint_id?: string } };
  } {
    const config = given ?? {};
    const caller = callerOf(config);
    const saver = typeof this.checkpointer === "object" ? this.checkpointer : caller?.run.saver;
    if (saver === undefined)
      throw new GraphError(
        "MISSING_CHECKPOINTER",
        `"${this.name}" has no checkpointer, so nothing of its runs is saved. Pass one: compile({ checkpointer }).`,
      );
    const threadId = threadName(config.configurable?.thread_id);
    if (threadId === undefined) throw new GraphError("MISSING_THREAD_ID", 'Say which thread: { configurable: { thread_id: "…" } }.');
    const { checkpoint_ns, checkpoint_id } = config.configurable ?? {};
    if (checkpoint_ns !== undefined && typeof checkpoint_ns !== "string")
      throw new GraphError(
        "INVALID_CONFIG",
        `configurable.checkpoint_ns must be a string, not ${checkpoint_ns === null ? "null" : typeof checkpoint_ns}.`,
      );
    return {
      saver,
      config: {
        configurable: {
          thread_id: threadId,
          ...(checkpoint_ns === undefined ? {} : { checkpoint_ns }),
          ...(checkpoint_id === undefined ? {} : { checkpoint_id }),
        },
      },
    };
  }
}

const inheritedOutlets = (caller: TaskContext | undefined): readonly Outlet[] => caller?.run.outlets ?? [];
