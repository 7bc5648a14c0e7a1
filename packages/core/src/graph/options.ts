import type { BaseStore, CheckpointSaver } from "@holdpoint/checkpoint";
import type { Authorize, DecisionGate, OnCodeChange } from "../pregel/model/decision-gate.js";
import type { StandardSchema } from "../state/standard-schema.js";
import type { StateInput } from "../state/state-schema.js";

export interface StateGraphOptions {
  /** Keys that `invoke` takes. Default: the whole state. */
  readonly input?: StateInput;
  /** Keys that `invoke` gives out, and a graph inside to the graph around. Streams and `getState` show all. Default: the whole state. */
  readonly output?: StateInput;
  /** Checks `context`. */
  readonly context?: StandardSchema;
}

export interface CompileOptions {
  /** Saves each step. Inside of another graph: true keeps a state from call to call, false saves nothing. Where no graph around has a saver, a run with true is refused (MISSING_CHECKPOINTER). */
  readonly checkpointer?: CheckpointSaver | boolean;
  /** Documents that outlive the thread, handed to nodes as `runtime.store`: ours, or a store of LangGraph. Default: that of the graph around. */
  readonly store?: BaseStore;
  /** Nodes before which each run stops; "*" for all. Go on with `invoke(null, config)`. */
  readonly interruptBefore?: readonly string[] | "*";
  readonly interruptAfter?: readonly string[] | "*";
  /** Asked before an answer is recorded whether it may be given; `false` or a throw refuses it. */
  readonly authorize?: Authorize;
  /** Approvers, quorum, deadlines, journal: a policy of `@holdpoint/approvals`, or your own. */
  readonly approvals?: DecisionGate;
  /** What happens when a paused node's code has changed. Default "warn". */
  readonly onCodeChange?: OnCodeChange;
  /**
   * Freezes what nodes, conditional edges and reducers get, all the way down (plain objects, lists, maps and sets; not instances of other
   * classes), so that code which changes the state in place fails with STATE_MUTATED instead of going unseen. For tests and development:
   * it costs one walk over each value that is new. Default false.
   */
  readonly strict?: boolean;
  /** Name in traces and messages. Default "LangGraph". */
  readonly name?: string;
  /** What it is for: `graph.description`, for whoever shows it or makes a tool of it. */
  readonly description?: string;
}
