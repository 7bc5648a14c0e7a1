import { expect, it } from "vitest";
import type { Task } from "../model/task.js";
import { shouldInterrupt } from "./should-interrupt.js";

const tasks = (...names: string[]) => names.map((name) => ({ name })) as unknown as Task[];

it.each([
  [[], ["a"], false],
  [["a"], ["a"], true],
  [["b", "c"], ["a", "c"], true],
  [["b"], ["a"], false],
  ["*" as const, ["a"], true],
  ["*" as const, [], false],
])("told to stop at %j, about to run %j: %s", (nodes, due, expected) => {
  expect(shouldInterrupt(nodes, tasks(...due))).toBe(expected);
});
