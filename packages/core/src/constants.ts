/** Name of the virtual node before the first one: `addEdge(START, "first")`. */
export const START = "__start__";
/** Name of the virtual node after the last one: `addEdge("last", END)`. */
export const END = "__end__";
/** Name under which an update of the state is an input of the thread. */
export const INPUT = "__input__";
/** Name under which an update of the state changes nothing, and saves a checkpoint once more. */
export const COPY = "__copy__";
/** Key under which a paused run lists its interrupts. */
export const INTERRUPT = "__interrupt__";

/** Key of a checkpoint's metadata: who gave the input that led to it. */
export const REQUESTER = "__requester__";

/** Channel of a task's recorded answers. */
export const RESUME = "__resume__";
/** Channel of a failed task's error. */
export const ERROR = "__error__";
/** Channel that holds the `Send`s of the next step. */
export const TASKS = "__pregel_tasks";
/** Write of a finished task that wrote nothing. */
export const NO_WRITES = "__no_writes__";
/** Write that holds what a `task()` call or an entrypoint returned. */
export const RETURN = "__return__";
/** The same of a call that has a key: what it did is told by what it is about, and holds for its step whatever becomes of the state. */
export const KEYED_RETURN = "__return__:key";
/** Write that holds a task's command for the graph around. */
export const LEAVING = "__return__:parent";
/** A write to `overwrite:KEY` replaces the value of the channel KEY past its reducer. */
export const OVERWRITE_PREFIX = "overwrite:";
/** A value in `branch:to:NODE` runs the node in the next step. */
export const BRANCH_PREFIX = "branch:to:";
/** `join:A|B:NODE` gathers the names of the nodes that NODE waits for. */
export const JOIN_PREFIX = "join:";

/** Separates the levels of a checkpoint namespace. */
export const NAMESPACE_SEPARATOR = "|";
/** Separates the node's name from the task id within one level. */
export const NAMESPACE_END = ":";

/** Task id prefix of writes that came from outside of any task: `Command({ update, goto })`. */
export const NULL_TASK_PREFIX = "00000000-0000-0000-0000-";
export const nullTaskId = (index: number): string => NULL_TASK_PREFIX + index.toString(16).padStart(12, "0");
