import type { CheckpointPendingWrite, Decision } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { ERROR, INTERRUPT, LEAVING, NO_WRITES, nullTaskId, RESUME } from "../../constants.js";
import { Interrupt } from "../model/interrupt-types.js";
import type { DescribedTask } from "../plan/describe-tasks.js";
import { finishedOf, readSavedStep, stillWaits } from "./saved-tasks.js";

const decision = (interruptId: string, more: Partial<Decision> = {}): Decision => ({
  interruptId,
  value: "yes",
  at: "2025-01-01T00:00:00.000Z",
  revision: 0,
  ...more,
});
const asked = { id: "i1", value: "?", ns: ["node:t1"] };

describe("what is saved of a step", () => {
  it("is nothing at first", () => {
    expect(readSavedStep()).toEqual({ tasks: new Map(), decisions: new Map(), outside: [], answered: [], outsideCount: 0 });
  });

  it("is each task's writes, questions and error, apart", () => {
    const { tasks } = readSavedStep([
      ["t1", INTERRUPT, [asked]],
      ["t2", "a", 1],
      ["t2", "b", 2],
      ["t3", NO_WRITES, null],
      ["t4", ERROR, { name: "Error", message: "boom" }],
      ["t5", ERROR, null],
    ]);
    expect(tasks.get("t1")).toEqual({ interrupts: [new Interrupt(asked)] });
    expect(tasks.get("t2")).toEqual({
      writes: [
        ["a", 1],
        ["b", 2],
      ],
    });
    expect(tasks.get("t3")?.writes).toEqual([[NO_WRITES, null]]);
    expect(tasks.get("t4")).toEqual({ error: { name: "Error", message: "boom" } });
    expect(tasks.get("t5")?.error).toBeUndefined();
  });

  it("reads one interrupt that another runtime saved without a list", () => {
    expect(readSavedStep([["t1", INTERRUPT, asked]]).tasks.get("t1")?.interrupts).toEqual([new Interrupt(asked)]);
  });

  it("is updates from outside in the order of their commands, whatever the saver's order", () => {
    const pending: CheckpointPendingWrite[] = [
      [nullTaskId(10), "a", "third"],
      [nullTaskId(0), "a", "first"],
      [nullTaskId(2), "a", "second"],
    ];
    const { outside, outsideCount } = readSavedStep(pending);
    expect(outside.map(([, value]) => value)).toEqual(["first", "second", "third"]);
    expect(outsideCount).toBe(3);
  });

  it("is answers, with the writes that came with those that were not refused", () => {
    const { decisions, answered } = readSavedStep([
      ["i2", RESUME, decision("i2", { at: "2025-01-02T00:00:00.000Z", writes: [["a", 2]] })],
      ["i1", RESUME, decision("i1", { writes: [["a", 1]] })],
      ["i3", RESUME, decision("i3", { refused: [{ message: "no" }], writes: [["a", 3]] })],
    ]);
    expect([...decisions.keys()]).toEqual(["i2", "i1", "i3"]);
    expect(answered).toEqual([
      ["a", 1],
      ["a", 2],
    ]);
  });

  it("does not take another runtime's record of answers, nor one under a wrong id, for a decision", () => {
    const foreign: CheckpointPendingWrite[] = [
      [nullTaskId(0), RESUME, "yes"],
      ["t1", RESUME, ["yes"]],
      ["i1", RESUME, decision("i2")],
    ];
    expect(readSavedStep(foreign).decisions.size).toBe(0);
  });
});

describe("a paused task", () => {
  const paused = { interrupts: [new Interrupt(asked), new Interrupt({ ...asked, id: "i2" })] };
  it.each([
    ["waits while nothing is decided", paused, [], true],
    ["runs once one of its questions is decided", paused, [decision("i2")], false],
    ["waits on when its answer was refused", paused, [decision("i1", { refused: [] })], true],
    ["runs again after it failed", { ...paused, error: {} }, [], false],
    ["runs again where it stopped for a breakpoint inside", { interrupts: [] }, [], false],
  ])("%s", (_, task, decisions, expected) => {
    expect(stillWaits(task, new Map(decisions.map((one) => [one.interruptId, one])))).toBe(expected);
  });
  it("is none that never ran", () => expect(stillWaits(undefined, new Map())).toBe(false));
});

it("takes a command for the graph around for no write of this one", () => {
  const saved = readSavedStep([
    ["t1", LEAVING, { update: [["a", 1]], goto: ["there"] }],
    ["t2", "a", 2],
  ]);
  const task = (resultId: string) =>
    ({ id: resultId, resultId, name: resultId, path: ["__pregel_pull", resultId] }) as unknown as DescribedTask;
  expect(finishedOf([task("t1"), task("t2")], saved)).toMatchObject([
    { name: "t1", writes: [] },
    { name: "t2", writes: [["a", 2]] },
  ]);
});
