import { GraphError } from "../../errors.js";
import { begunAt, type Control, type GraphState } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import { Task, type TaskScope } from "../model/task.js";

/** Decides which tasks run in the next step: one for each `Send`, one for each node that an edge leads to. */
export function prepareTasks(program: Program, state: GraphState, scope: TaskScope): Task[] {
  const tasks = dueTasks(program, state, scope);
  const { kept } = state.control;
  if (kept !== undefined) for (const task of tasks) task.since = begunAt(kept, task.path);
  return tasks;
}

function dueTasks(program: Program, state: GraphState, scope: TaskScope): Task[] {
  const { control } = state;
  if (control.nodes.length === 1 && control.sends.length === 0) return [nodeTask(program, state, control.nodes[0] as string, scope)];
  const tasks: Task[] = [];
  for (const [index, packet] of control.sends.entries()) {
    tasks.push(new Task(knownNode(program, packet.node), packet.args, ["__pregel_push", index], scope));
  }
  if (control.nodes.length === 0) return tasks;
  for (const name of dueNodes(program, control)) {
    tasks.push(nodeTask(program, state, name, scope));
  }
  return tasks;
}

function nodeTask(program: Program, { values }: GraphState, name: string, scope: TaskScope): Task {
  const node = knownNode(program, name);
  return new Task(node, readState(values, node.reads), ["__pregel_pull", name], scope);
}

/** The nodes of the next step, in the order in which they were added: without those that wait for others, as long as there are others. */
export function dueNodes(program: Program, { nodes, sends }: Control): readonly string[] {
  const othersRun = sends.length > 0;
  if (nodes.length === 0 || (nodes.length === 1 && !othersRun)) return nodes;
  const prompt = nodes.filter((name) => program.nodes.get(name)?.defer !== true);
  const due = prompt.length > 0 || othersRun ? prompt : nodes;
  return [...due].sort((a, b) => (program.nodes.get(a)?.index ?? 0) - (program.nodes.get(b)?.index ?? 0));
}

function knownNode(program: Program, name: string) {
  const node = program.nodes.get(name);
  if (node !== undefined) return node;
  throw new GraphError(
    "UNKNOWN_NODE",
    `Node "${name}" is to run next, but the graph "${program.name}" has none of this name. It has: ${[...program.nodes.keys()].join(", ")}. ` +
      "If the node was renamed while the thread was paused, add it again under the old name, or move the thread on with updateState(config, values, asNode).",
  );
}

/** Copies the state, or some of its keys, so that a node owns what it gets. */
export function readState(values: Readonly<Record<string, unknown>>, keys: readonly string[] | undefined): Record<string, unknown> {
  if (keys === undefined) return { ...values };
  const picked: Record<string, unknown> = {};
  for (const key of keys) {
    if (Object.hasOwn(values, key)) picked[key] = values[key];
  }
  return picked;
}
