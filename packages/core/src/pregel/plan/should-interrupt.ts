import type { Task } from "../model/task.js";

/** Tells whether one of the tasks is of a node at which the graph was told to stop. */
export function shouldInterrupt(nodes: readonly string[] | "*", tasks: readonly Task[]): boolean {
  if (nodes === "*") return tasks.length > 0;
  return nodes.length > 0 && tasks.some((task) => nodes.includes(task.name));
}
