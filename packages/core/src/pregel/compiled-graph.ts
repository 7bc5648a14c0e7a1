import type { BaseStore, CheckpointConfig, CheckpointListOptions, CheckpointSaver, JournalEntry } from "@holdpoint/checkpoint";
import { INTERRUPT, type START } from "../constants.js";
import type { Command } from "../control/command.js";
import { GraphError } from "../errors.js";
import type { DrawableGraph } from "../graph/drawable-graph.js";
import { expandDrawing } from "../graph/expand-drawing.js";
import { SETTLE_DUE } from "./answer/settle-due.js";
import type { Authorize, DecisionGate } from "./model/decision-gate.js";
import type { GraphConfig, InvokeOptions, OutputKeys, Shown, StreamOptions } from "./model/graph-config.js";
import type { Interrupt } from "./model/interrupt-types.js";
import type { Program } from "./model/program.js";
import type { StreamChunk } from "./model/stream-chunk.js";
import type { StreamMode } from "./model/stream-mode.js";
import { valuesSoFar } from "./plan/apply-writes.js";
import { outputValues } from "./plan/map-output.js";
import { mergeConfigs, underTask } from "./plan/merge-configs.js";
import * as reading from "./read/get-state.js";
import { type NodeView, nodeViews } from "./read/node-views.js";
import { type DecisionRecord, readDecisions } from "./read/read-decisions.js";
import type { StateSnapshot } from "./read/snapshot.js";
import { StateHistory } from "./read/state-history.js";
import { checkConfig } from "./run/check-config.js";
import { executeRun } from "./run/execute-run.js";
import { findStorage, type ThreadStorage } from "./run/find-storage.js";
import { openStream, outletsAround } from "./run/open-stream.js";
import type { Superstep } from "./run/read-supersteps.js";
import { type BatchOptions, runBatch } from "./run/run-batch.js";
import { callerOf, createRun, handedOn, type RunnableGraph } from "./run/start-run.js";
import * as updating from "./run/update-state.js";
import { takeThread } from "./thread/take-thread.js";

/** What `compile` and `entrypoint` hand to a compiled graph. */
export interface CompiledGraphParts extends RunnableGraph {
  /** Graphs that were added as nodes, by name. */
  readonly subgraphs: ReadonlyMap<string, CompiledGraph>;
  readonly drawing: () => DrawableGraph;
  /** What stands under the config of each call; see `withConfig`. */
  readonly config?: GraphConfig | undefined;
  readonly description?: string | undefined;
}

/** What a run gives out of its state at its end, with what it waits for if it paused. */
export type RunResult<Output> = Output & { [INTERRUPT]?: Interrupt[] };

/**
 * A graph that can run: made by `new StateGraph(…).compile()`. It holds no state of its own, so one serves any number of threads at a time.
 *
 * With a checkpointer each step is saved before the next one begins, and the state of a thread can be read, changed and gone back to.
 */
export class CompiledGraph<
  Output = Record<string, unknown>,
  Input = Record<string, unknown>,
  Node extends string = string,
  Context = unknown,
  State = Output,
  Update = Input,
> {
  readonly name: string;
  readonly description: string | undefined;
  readonly program: Program;
  readonly checkpointer: CheckpointSaver | boolean | undefined;
  readonly store: BaseStore | undefined;
  readonly gate: DecisionGate | undefined;
  readonly authorize: Authorize | undefined;
  readonly subgraphs: ReadonlyMap<string, CompiledGraph>;
  readonly config: GraphConfig | undefined;
  readonly #drawing: () => DrawableGraph;
  /** Types only. */
  declare readonly __types?: { output: Output; input: Input; node: Node; context: Context; state: State; update: Update };

  constructor(parts: CompiledGraphParts) {
    this.name = parts.program.name;
    this.description = parts.description;
    this.program = parts.program;
    this.checkpointer = parts.checkpointer;
    this.store = parts.store;
    this.gate = parts.gate;
    this.authorize = parts.authorize;
    this.subgraphs = parts.subgraphs;
    this.config = parts.config;
    this.#drawing = parts.drawing;
  }

  /** The nodes by name, `__start__` among them; each can be tried by itself: `graph.nodes.name.invoke(state)`. */
  get nodes(): Readonly<Record<Node | typeof START, NodeView>> {
    return nodeViews(this.program, this.store) as Readonly<Record<Node | typeof START, NodeView>>;
  }

  /**
   * Runs to the end, or to the next stop.
   * @param input state keys for a new run; `new Command({ resume })` to answer an interrupt; `null` to go on after a breakpoint, a failure or a crash
   * @param options `outputKeys`: what to give out; default: the keys of the graph's output, which is the whole state where none was declared.
   *   The result's type is the output's all the same
   * @returns these keys of the state, with `__interrupt__` (the questions that wait; empty at a breakpoint) where the run paused; what finished beside them counts. Programs for LangGraph
   *   that say a `streamMode` other than "values" get the list of its chunks; in TypeScript, use `stream`
   * @throws GraphError by code: MISSING_THREAD_ID, EMPTY_INPUT, INVALID_INPUT, INVALID_CONFIG, GRAPH_RECURSION_LIMIT, ABORTED, THREAD_BUSY, CHECKPOINT_NOT_FOUND,
   *   and those of resuming: AMBIGUOUS_RESUME, UNKNOWN_INTERRUPT, ALREADY_DECIDED, NOTHING_TO_RESUME; and whatever a node throws
   *
   * When it resolves or rejects, everything that finished is saved; answers are recorded before any node runs, and count once.
   */
  async invoke(input: Input | Command | null, options?: InvokeOptions<Context, OutputKeys<State>>): Promise<RunResult<Output>> {
    const config = this.#configOf(options);
    const { streamMode } = (config ?? {}) as StreamOptions;
    if (streamMode !== undefined && streamMode !== "values")
      return (await collect(openStream(this, input, config, this.program.outputKeys))) as never;
    const caller = callerOf(config);
    const call = { input, config, caller, outlets: outletsAround(caller), shown: this.program.outputKeys };
    const { run, outcome } = await executeRun(this, call);
    const finished = outcome.kind === "interrupted" ? (outcome.finished ?? []) : [];
    const values = outputValues(run.shown, valuesSoFar(this.program, run.state.values, finished));
    if (outcome.kind !== "interrupted") return values as never;
    return { ...(typeof run.shown === "string" ? undefined : (values as object)), [INTERRUPT]: [...outcome.interrupts] } as never;
  }

  /**
   * Runs as `invoke`, and gives what happens as it happens. Leave the loop to stop the run.
   *
   * The whole state is shown, keys too that the graph's output leaves out: it is the output of `invoke` alone. `outputKeys` limits the modes `values` and
   * `updates`; `tasks`, `checkpoints` and `debug` show everything.
   * @returns an async iterator of chunks, by `streamMode`; a pause comes as a chunk `{ __interrupt__: [ … ] }` of the modes `updates` and `values`
   * @throws as invoke, from the iterator
   */
  async stream<
    const Mode extends StreamMode | readonly StreamMode[] = "updates",
    Subgraphs extends boolean = false,
    const Keys extends OutputKeys<State> | undefined = undefined,
  >(
    input: Input | Command | null,
    options?: StreamOptions<Context, Mode, Subgraphs, Keys>,
  ): Promise<AsyncIterableIterator<StreamChunk<Shown<State, Keys>, Shown<Update, Keys>, Node, Mode, Subgraphs>>> {
    return openStream(this, input, this.#configOf(options as StreamOptions), this.program.allKeys) as AsyncIterableIterator<never>;
  }

  /**
   * Reads a thread as it stands, or as it stood at `checkpoint_id`: its values (all of the state, whatever the graph's output leaves out), what runs next, and what waits for an answer.
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
   * Changes a thread's state as if a node had returned `values`, and saves it as a new checkpoint. Calls of `task()` that have a key, as tool calls have,
   * are not made again in a node that had not finished and is due again.
   * @param asNode the node; default: the one that ran last, or none where a step has done something and waits for the rest: that stays done, and due.
   *   `"__copy__"`, with `null` for values, saves the checkpoint that the config names once more, as the thread's newest: its step is due again
   * @returns the config of the new checkpoint
   * @throws GraphError AMBIGUOUS_UPDATE where several nodes ran last, UNKNOWN_NODE, THREAD_BUSY, CHECKPOINT_NOT_FOUND
   */
  updateState(config: GraphConfig, values: Update | null, asNode?: Node | (string & {})): Promise<CheckpointConfig> {
    return this.bulkUpdateState(config, [{ updates: [{ values, asNode: asNode ?? undefined }] }]);
  }

  /**
   * Changes a thread's state as if nodes had returned values, step by step: each step's updates are applied together, in their order, and saved as
   * one checkpoint. `asNode: "__input__"` is an input that waits for its first step; with it a thread can be made again from what another one did.
   * @param supersteps `[{ updates: [{ values, asNode }, …] }, …]`; where a step has several updates, each says its node
   * @returns the config of the last checkpoint
   * @throws as updateState, before anything is saved; INVALID_CONCURRENT_GRAPH_UPDATE, INVALID_INPUT
   *
   * A crash leaves the first steps, each as a whole, or none.
   */
  async bulkUpdateState(config: GraphConfig, supersteps: readonly Superstep<Update | Command>[]): Promise<CheckpointConfig> {
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
      { ...this.#configOf(config), durability: "sync", configurable: { ...place.configurable, checkpoint_ns: "" } },
      undefined,
      [],
      config.signal ?? this.config?.signal,
    );
    const held = await takeThread(run, undefined);
    try {
      return await updating.updateState(ns === "" ? run : updating.atNamespace(run, saver, threadId, ns), supersteps);
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
  settleDue(config: GraphConfig<Context>): Promise<RunResult<Output>> {
    return this.invoke(SETTLE_DUE as Command, config);
  }

  /**
   * Runs each input as `invoke` does, so many at a time.
   * @param options a config for all, whose `maxConcurrency` then bounds the runs too, or a list with one for each. With a checkpointer each input needs a thread of its own
   * @param batchOptions `maxConcurrency`; `returnExceptions: true` gives an error in its input's place
   * @returns the results in the order of the inputs
   * @throws what the first run that failed did, when those under way have ended: no further one begins. GraphError INVALID_CONFIG
   */
  batch<const Returned extends boolean = false>(
    inputs: readonly (Input | Command | null)[],
    options?: GraphConfig<Context> | readonly GraphConfig<Context>[],
    batchOptions?: BatchOptions<Returned>,
  ): Promise<(RunResult<Output> | (Returned extends true ? Error : never))[]> {
    const run = (index: number, config: GraphConfig) => this.invoke(inputs[index]!, config as GraphConfig<Context>);
    return runBatch(inputs, options, batchOptions, run) as Promise<never>;
  }

  /**
   * Gives the same graph with a config that stands under the one of each call: what the call says counts, key by key in `configurable` and `metadata`,
   * and tags and callbacks of both. As a node it is a graph like any other: what the graph around says counts too, its thread above all.
   * @throws GraphError INVALID_CONFIG, UNKNOWN_NODE
   */
  withConfig(config: GraphConfig<Context>): CompiledGraph<Output, Input, Node, Context, State, Update> {
    checkConfig(this.program, config);
    const { program, checkpointer, store, gate, authorize, subgraphs, description } = this;
    const parts = { program, checkpointer, store, gate, authorize, subgraphs, description, drawing: this.#drawing };
    return new (this.constructor as typeof CompiledGraph<Output, Input, Node, Context, State, Update>)({
      ...parts,
      config: mergeConfigs(this.config ?? {}, config ?? undefined),
    });
  }

  /** Gives the graph's name, as traces show it. */
  getName(suffix = ""): string {
    return `${this.name}${suffix}`;
  }

  /**
   * Gives the graphs that were added as nodes, by name.
   * @param namespace gives the one at this place alone: `"outer|inner"`, which needs `recurse`
   * @param recurse gives what is inside of them too, as `outer|inner`
   */
  *getSubgraphs(namespace?: string, recurse = false): Generator<[name: string, graph: CompiledGraph]> {
    for (const [name, graph] of this.subgraphs) {
      if (namespace === undefined || namespace === name) yield [name, graph];
      if (!recurse || (namespace !== undefined && !namespace.startsWith(`${name}|`))) continue;
      for (const [inner, found] of graph.getSubgraphs(namespace?.slice(name.length + 1), true)) yield [`${name}|${inner}`, found];
    }
  }

  /** Does the same as `getSubgraphs`, asynchronously. */
  async *getSubgraphsAsync(namespace?: string, recurse?: boolean): AsyncGenerator<[name: string, graph: CompiledGraph]> {
    yield* this.getSubgraphs(namespace, recurse);
  }

  /**
   * Gives the graph's shape, to look at: `getGraph().drawMermaid()`.
   * @param options `xray: true` shows what is in the graphs that are its nodes too, a number so many levels of it
   */
  getGraph(options?: { readonly xray?: boolean | number }): DrawableGraph {
    const { xray = false } = options ?? {};
    const drawing = this.#drawing();
    if (!xray || this.subgraphs.size === 0) return drawing;
    const further = xray === true || xray - 1;
    return expandDrawing(drawing, new Map([...this.subgraphs].map(([name, graph]) => [name, graph.getGraph({ xray: further })])));
  }

  /** Does the same as `getGraph`, asynchronously. */
  async getGraphAsync(options?: { readonly xray?: boolean | number }): Promise<DrawableGraph> {
    return this.getGraph(options);
  }

  /** The config of a call with what stands under it. Where a task hands its runtime on, the graph around it said that. */
  #configOf<Given extends GraphConfig>(given: Given | undefined): Given | undefined {
    if (this.config === undefined) return given;
    const caller = given === undefined ? undefined : handedOn(given);
    return mergeConfigs(caller === undefined ? this.config : underTask(this.config, caller.run.config), given);
  }

  #storage(given: GraphConfig | null | undefined): ThreadStorage {
    return findStorage(this, this.#configOf(given ?? undefined) ?? {});
  }
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}
