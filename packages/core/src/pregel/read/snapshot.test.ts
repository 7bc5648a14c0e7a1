import { describe, expect, it } from "vitest";
import { START } from "../../constants.js";
import { NOTHING_NEXT } from "../model/graph-state.js";
import { Interrupt } from "../model/interrupt-types.js";
import { taskId } from "../model/task.js";
import { readSavedStep } from "../save/saved-tasks.js";
import { describeTasks, makeSnapshot } from "./snapshot.js";

const scope = { checkpointId: "checkpoint", ns: "" };
const control = { ...NOTHING_NEXT, nodes: ["a", "b"], sends: [{ node: "c", args: 1 }] };

it("describes the tasks that are due under the ids that they will have", () => {
  expect(describeTasks(control, scope).map(({ name, id, ns }) => [name, id, ns])).toEqual(
    [
      ["c", ["__pregel_push", 0]],
      ["a", ["__pregel_pull", "a"]],
      ["b", ["__pregel_pull", "b"]],
    ].map(([name, path]) => {
      const id = taskId(scope, path as never, name as string);
      return [name, id, `${name}:${id}`];
    }),
  );
  expect(describeTasks({ ...NOTHING_NEXT, start: { writes: [] } }, scope).map(({ name }) => name)).toEqual([START]);
});

describe("a snapshot", () => {
  const tasks = describeTasks(control, scope);
  const [, a, b] = tasks.map(({ id }) => id) as [string, string, string];
  const asked = { id: "i1", value: "?", ns: [`a:${a}`] };
  const parts = {
    program: undefined,
    values: {},
    tasks,
    decisions: new Map(),
    config: { configurable: { thread_id: "1" } },
    parentConfig: undefined,
    metadata: undefined,
    createdAt: "2025-01-01T00:00:00.000Z",
    nested: new Map(),
  };
  const waiting = readSavedStep([
    [a, "__interrupt__", [asked]],
    [b, "__error__", { name: "Error", message: "boom" }],
  ]);

  it("lists what waits, and what failed", () => {
    const snapshot = makeSnapshot({ ...parts, saved: waiting, past: false });
    expect(snapshot.next).toEqual(["c", "a", "b"]);
    expect(snapshot.interrupts).toEqual([new Interrupt(asked)]);
    expect(snapshot.tasks.map(({ error }) => error)).toEqual([undefined, undefined, { name: "Error", message: "boom" }]);
  });

  it("lists nothing that is decided, unless the step is over: then it shows what was asked", () => {
    const decisions = new Map([["i1", { interruptId: "i1", value: 1, at: "", revision: 0 }]]);
    expect(makeSnapshot({ ...parts, saved: waiting, decisions, past: false }).interrupts).toEqual([]);
    const past = makeSnapshot({ ...parts, saved: waiting, decisions, past: true });
    expect(past.tasks[1]?.interrupts).toEqual([new Interrupt(asked)]);
    expect(past.interrupts).toEqual([]);
  });
});
