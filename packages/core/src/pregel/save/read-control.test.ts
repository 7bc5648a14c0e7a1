import { CheckpointError } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { NOTHING_NEXT } from "../model/graph-state.js";
import { readControl } from "./read-control.js";

describe("readControl", () => {
  it("fills in what is not saved", () => {
    expect(readControl(undefined)).toEqual(NOTHING_NEXT);
    expect(readControl({ nodes: ["a"] })).toEqual({ nodes: ["a"], sends: [], joins: {} });
    const whole = { nodes: [], sends: [{ node: "a", args: 1 }], joins: { "join:a:b": ["a"] }, start: { writes: [["a", 1]] }, ran: ["a"] };
    expect(readControl(whole)).toEqual(whole);
    const kept = { step: "1", results: [["id", [["a", 1]]]] };
    expect(readControl({ ...whole, kept })).toEqual({ ...whole, kept });
    const ofTasks = { step: "", tasks: { a: "1" }, results: [] };
    expect(readControl({ ...whole, kept: ofTasks })).toEqual({ ...whole, kept: ofTasks });
  });

  it.each([
    null,
    1,
    "a",
    [],
    { nodes: "a" },
    { nodes: { 0: "a", length: 1 } },
    { nodes: [1] },
    { sends: ["a"] },
    { sends: {} },
    { joins: [] },
    { joins: { a: 1 } },
    { start: 1 },
    { start: { writes: [1] } },
    { ran: null },
    { kept: null },
    { kept: { results: [] } },
    { kept: { step: "1", tasks: ["a"], results: [] } },
    { kept: { step: "1", tasks: { a: 1 }, results: [] } },
    { kept: { step: "1", results: [["id"]] } },
    { kept: { step: "1", results: [["id", [1]]] } },
  ])("takes no %j for it", (saved) => {
    expect(() => readControl(saved)).toThrow(expect.toSatisfy((error: unknown) => CheckpointError.is(error, "CORRUPT_DATA")));
  });
});
