import { START } from "../../constants.js";
import type { Control } from "../model/graph-state.js";
import { nestedNamespace, type TaskPath, type TaskScope, taskId } from "../model/task.js";

export interface DescribedTask {
  readonly id: string;
  readonly name: string;
  readonly path: TaskPath;
  readonly ns: string;
}

/** Names the tasks that are due, without the inputs that `prepareTasks` makes for them. */
export function describeTasks({ start, sends, nodes }: Control, scope: TaskScope): DescribedTask[] {
  if (start !== undefined) return [describe(START, ["__pregel_pull", START], scope)];
  const pulled = nodes.map((name) => describe(name, ["__pregel_pull", name], scope));
  return sends.length === 0 ? pulled : [...sends.map(({ node }, index) => describe(node, ["__pregel_push", index], scope)), ...pulled];
}

function describe(name: string, path: TaskPath, scope: TaskScope): DescribedTask {
  const id = taskId(scope, path, name);
  return { id, name, path, ns: nestedNamespace(scope.ns, name, id) };
}
