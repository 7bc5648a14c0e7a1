import { describe, expect, it } from "vitest";
import { NOTHING_NEXT } from "../model/graph-state.js";
import { Interrupt } from "../model/interrupt-types.js";
import { describeTasks } from "../plan/describe-tasks.js";
import { readSavedStep } from "../save/saved-tasks.js";
import { makeSnapshot } from "./snapshot.js";

const scope = { checkpointId: "checkpoint", ns: "" };
const control = { ...NOTHING_NEXT, nodes: ["a", "b"], sends: [{ node: "c", args: 1 }] };

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
