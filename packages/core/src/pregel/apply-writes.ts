import { type Channel, EMPTY } from "../channels/channel.js";
import { BRANCH_PREFIX, JOIN_PREFIX, NO_WRITES, OVERWRITE_PREFIX, RETURN, TASKS } from "../constants.js";
import { GraphError } from "../errors.js";
import type { Control, GraphState, Packet, Write } from "./graph-state.js";
import type { Program } from "./program.js";
import type { TaskPath } from "./task.js";

/** What one step changes: new values by key (EMPTY removes one), and what runs next. */
export interface Changes {
  readonly values: ReadonlyMap<string, unknown>;
  readonly control: Control;
}

export interface TaskWrites {
  readonly name: string;
  readonly path: TaskPath;
  readonly writes: readonly Write[];
}

/**
 * Decides what the writes of finished tasks do to the state. Pure: the same tasks in any order of finishing give the same changes, for
 * nodes count in the order of their names, then `Send`s in the order of sending (as in LangGraph).
 * @throws GraphError INVALID_CONCURRENT_GRAPH_UPDATE for two values for one plain key
 */
export function applyWrites(program: Program, state: GraphState, finished: readonly TaskWrites[], kept?: Control): Changes {
  const updates = new Map<string, unknown[]>();
  const overwrites = new Map<string, unknown>();
  const next = new NextControl(program, kept ?? remaining(program, state.control, finished));
  for (const { writes } of inOrder(finished)) {
    for (const [name, value] of writes) {
      if (name in program.channels) collect(updates, name, value);
      else if (name.startsWith(OVERWRITE_PREFIX)) overwriteOnce(overwrites, name.slice(OVERWRITE_PREFIX.length), value);
      else next.add(name, value);
    }
  }
  const values = new Map<string, unknown>();
  for (const key of program.ephemeralKeys) if (Object.hasOwn(state.values, key)) values.set(key, EMPTY);
  for (const [key, list] of updates) {
    if (!overwrites.has(key)) values.set(key, updateChannel(program, state, key, list));
  }
  for (const [key, value] of overwrites) values.set(key, program.channels[key]?.overwrite?.(value) ?? value);
  return { values, control: { ...next.result(), ran: namesOf(finished) } };
}

/** Puts the changes into the state. */
export function commitChanges(state: GraphState, changes: Changes): void {
  for (const [key, value] of changes.values) {
    if (value === EMPTY) delete state.values[key];
    else state.values[key] = value;
  }
  state.control = changes.control;
}

function inOrder(finished: readonly TaskWrites[]): readonly TaskWrites[] {
  if (finished.length < 2) return finished;
  return [...finished].sort(({ path: a }, { path: b }) => {
    if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
    return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
  });
}

const namesOf = (finished: readonly TaskWrites[]): string[] =>
  finished.length === 1 ? [(finished[0] as TaskWrites).name] : [...new Set(finished.map(({ name }) => name))];

function collect(updates: Map<string, unknown[]>, key: string, value: unknown): void {
  const list = updates.get(key);
  if (list === undefined) updates.set(key, [value]);
  else list.push(value);
}

function overwriteOnce(overwrites: Map<string, unknown>, key: string, value: unknown): void {
  if (overwrites.has(key)) {
    throw new GraphError(
      "INVALID_CONCURRENT_GRAPH_UPDATE",
      `State key "${key}" got two Overwrites in one step. Let only one task overwrite it.`,
    );
  }
  overwrites.set(key, value);
}

function updateChannel(program: Program, state: GraphState, key: string, updates: readonly unknown[]): unknown {
  const channel = program.channels[key] as Channel;
  return channel.update(Object.hasOwn(state.values, key) ? state.values[key] : EMPTY, updates, key);
}

/** What stays due: deferred nodes that did not run, and fan-in edges that are not complete. */
function remaining(program: Program, control: Control, finished: readonly TaskWrites[]): Control {
  const { nodes, joins } = control;
  if (nodes.length < 2 && finished.length > 0 && control.sends.length === 0) return { nodes: [], sends: [], joins };
  const ran = new Set(finished.filter(({ path }) => path[0] === "__pregel_pull").map(({ name }) => name));
  return { nodes: nodes.filter((name) => !ran.has(name) && program.nodes.get(name)?.defer === true), sends: [], joins };
}

/** Gathers what runs next from the writes of one step. */
class NextControl {
  readonly #program: Program;
  readonly #nodes: string[];
  /** Tells whether a node is in the list, once the list is too long to be looked through each time. */
  #listed: Set<string> | undefined;
  readonly #sends: Packet[];
  #joins: Record<string, readonly string[]>;

  constructor(program: Program, kept: Control) {
    this.#program = program;
    this.#nodes = kept.nodes.slice();
    this.#sends = kept.sends.slice();
    this.#joins = kept.joins as Record<string, readonly string[]>;
  }

  add(name: string, value: unknown): void {
    if (name.startsWith(BRANCH_PREFIX)) this.#run(name.slice(BRANCH_PREFIX.length));
    else if (name === TASKS) this.#sends.push(value as Packet);
    else if (name.startsWith(JOIN_PREFIX)) this.#join(name, value as string);
    else if (name !== NO_WRITES && name !== RETURN) {
      throw new GraphError(
        "INVALID_UPDATE",
        `A saved write goes to "${name}", which the graph "${this.#program.name}" does not have (any more). ` +
          "Add the key to its state again, or move the thread on with updateState.",
      );
    }
  }

  #run(node: string): void {
    if (this.#nodes.length > 16) {
      this.#listed ??= new Set(this.#nodes);
      if (this.#listed.has(node)) return;
      this.#listed.add(node);
    } else if (this.#nodes.includes(node)) return;
    this.#nodes.push(node);
  }

  #join(name: string, from: string): void {
    const join = this.#program.joins[name];
    // A fan-in edge that is gone from the code holds nothing back.
    if (join === undefined) return;
    const { [name]: gathered, ...others } = this.#joins;
    const now = join.barrier.update(gathered === undefined ? EMPTY : [...gathered], [from]);
    if (join.barrier.isComplete(now)) {
      this.#run(join.target);
      this.#joins = others;
    } else {
      this.#joins = { ...others, [name]: now };
    }
  }

  result(): Control {
    return { nodes: this.#nodes, sends: this.#sends, joins: this.#joins };
  }
}
