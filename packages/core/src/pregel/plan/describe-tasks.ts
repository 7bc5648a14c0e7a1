import { START } from "../../constants.js";
import { begunAt, type Control } from "../model/graph-state.js";
import { nestedNamespace, type TaskPath, type TaskScope, taskId } from "../model/task.js";

export interface DescribedTask {
  readonly id: string;
  /** The id under which its result is saved. */
  readonly resultId: string;
  readonly name: string;
  readonly path: TaskPath;
  readonly ns: string;
}

/** Names the tasks that are due, without the inputs that `prepareTasks` makes for them. */
export function describeTasks({ start, sends, nodes, kept }: Control, scope: TaskScope): DescribedTask[] {
  const describe = (name: string, path: TaskPath) => describeTask(name, path, scope, kept && begunAt(kept, path));
  if (start !== undefined) return [describe(START, ["__pregel_pull", START])];
  const pulled = nodes.map((name) => describe(name, ["__pregel_pull", name]));
  return sends.length === 0 ? pulled : [...sends.map(({ node }, index) => describe(node, ["__pregel_push", index])), ...pulled];
}

function describeTask(name: string, path: TaskPath, scope: TaskScope, since: string | undefined): DescribedTask {
  const id = taskId(scope, path, name);
  const resultId = since === undefined ? id : taskId({ ...scope, checkpointId: since }, path, name);
  return { id, resultId, name, path, ns: nestedNamespace(scope.ns, name, id) };
}
