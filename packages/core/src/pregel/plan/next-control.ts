import { EMPTY } from "../../channels/channel.js";
import { BRANCH_PREFIX, JOIN_PREFIX, NO_WRITES, OVERWRITE_PREFIX, RETURN, TASKS } from "../../constants.js";
import { GraphError } from "../../errors.js";
import type { Control, Packet, Write } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import type { TaskPath } from "../model/task.js";

interface Finished {
  readonly name: string;
  readonly path: TaskPath;
  readonly writes: readonly Write[];
}

/**
 * Decides what runs after the finished tasks. Pure. What is the same as before is the same object, so that a saver need not save it again.
 * @param kept what stays due whatever they wrote; default: deferred nodes that did not run, and incomplete fan-ins
 */
export function nextControl(program: Program, before: Control, finished: readonly Finished[], kept?: Control): Control {
  const next = new NextControl(program, kept ?? remaining(program, before, finished));
  for (const { writes } of finished) for (const [name, value] of writes) next.add(name, value);
  return next.result(before, namesOf(finished));
}

/** What stays due: deferred nodes that did not run, and fan-in edges that are not complete. */
function remaining(program: Program, control: Control, finished: readonly Finished[]): Control {
  const { nodes, joins } = control;
  if (nodes.length === 0 || (nodes.length === 1 && finished.length > 0 && control.sends.length === 0))
    return { nodes: NONE, sends: NONE, joins };
  const ran = new Set(finished.filter(({ path }) => path[0] === "__pregel_pull").map(({ name }) => name));
  return { nodes: nodes.filter((name) => !ran.has(name) && program.nodes.get(name)?.defer === true), sends: NONE, joins };
}

const NONE: readonly never[] = [];

const namesOf = (finished: readonly Finished[]): readonly string[] =>
  finished.length === 1 ? [(finished[0] as Finished).name] : [...new Set(finished.map(({ name }) => name))];

/** Gathers what runs next from the writes of one step. */
class NextControl {
  readonly #program: Program;
  readonly #nodes: string[];
  /** Tells whether a node is in the list, once the list is too long to be looked through each time. */
  #listed: Set<string> | undefined;
  readonly #sends: Packet[];
  #joins: Readonly<Record<string, readonly string[]>>;

  constructor(program: Program, kept: Control) {
    this.#program = program;
    this.#nodes = kept.nodes.slice();
    this.#sends = kept.sends.slice();
    this.#joins = kept.joins;
  }

  add(name: string, value: unknown): void {
    const node = this.#program.entries.get(name);
    if (node !== undefined) this.#run(node);
    else if (name === TASKS) this.#sends.push(value as Packet);
    else if (name in this.#program.channels) return;
    else if (name.startsWith(JOIN_PREFIX)) this.#join(name, value as string);
    // A node that is gone from the code: whoever prepares the step says so.
    else if (name.startsWith(BRANCH_PREFIX)) this.#run(name.slice(BRANCH_PREFIX.length));
    else if (name !== NO_WRITES && !name.startsWith(RETURN) && !name.startsWith(OVERWRITE_PREFIX)) {
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

  result(before: Control, ran: readonly string[]): Control {
    const sends = this.#sends.length === 0 ? NONE : this.#sends;
    const nodes = isSame(this.#nodes, before.nodes) ? before.nodes : this.#nodes;
    const isUnchanged =
      nodes === before.nodes &&
      sends.length === 0 &&
      before.sends.length === 0 &&
      this.#joins === before.joins &&
      before.start === undefined &&
      before.kept === undefined &&
      before.complete === undefined &&
      before.ran !== undefined &&
      isSame(ran, before.ran);
    return isUnchanged ? before : { nodes, sends, joins: this.#joins, ran };
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);
