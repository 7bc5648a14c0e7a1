/** One `Send` as it is kept and saved. */
export interface Packet {
  readonly node: string;
  readonly args: unknown;
}

/** What runs next, and what fan-in edges have gathered. Saved as one channel beside the state's. */
export interface Control {
  /** Nodes to run. */
  readonly nodes: readonly string[];
  readonly sends: readonly Packet[];
  /** Names gathered so far by fan-in edges that are not complete, by channel name. */
  readonly joins: Readonly<Record<string, readonly string[]>>;
  /** An input that was saved but not yet applied. */
  readonly start?: { readonly writes: readonly Write[] };
  /** The nodes whose writes made this state; `updateState` without a node speaks for them. */
  readonly ran?: readonly string[];
  /** Fan-in edges that are complete, by channel name, where `updateState` came between them and their target. */
  readonly complete?: readonly string[];
  /** What a step under way had done when `updateState` made a checkpoint in the middle of it. */
  readonly kept?: KeptResults;
}

/** Results of a step, which its task and calls find again at a later checkpoint of it. */
export interface KeptResults {
  /** The checkpoint at which the step began: ids of results follow from it. "" where that is so for `tasks` alone. */
  readonly step: string;
  /** Nodes that an edge leads to and whose work began at another checkpoint: which one. */
  readonly tasks?: Readonly<Record<string, string>>;
  readonly results: readonly (readonly [id: string, writes: readonly Write[]])[];
}

/** The checkpoint at which the work of a node began, where it is not the newest one. */
export const begunAt = ({ step, tasks }: KeptResults, [kind, name]: readonly [kind: string, name: string | number]): string | undefined =>
  (kind === "__pregel_pull" && tasks !== undefined && Object.hasOwn(tasks, name) ? tasks[name] : step) || undefined;

export const NOTHING_NEXT: Control = { nodes: [], sends: [], joins: {} };

/** Name of the channel in which `Control` is saved. */
export const CONTROL_CHANNEL = "__control__";

/** State of one graph in one thread. `values` holds a key for each channel that has a value; the runtime alone changes it. */
export interface GraphState {
  values: Record<string, unknown>;
  control: Control;
}

/** Channel and value, in the order in which a task wrote them. */
export type Write = readonly [channel: string, value: unknown];
