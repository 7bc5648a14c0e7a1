import { describe, expect, it } from "vitest";
import { CALL_OUTCOMES, editNote } from "./call-outcome.js";

describe("what the model is told of a call", () => {
  it.each([
    ["refused", CALL_OUTCOMES.refused("pay"), "error", { done: "not executed", next: "Do not make the same call again" }],
    [
      "refused for a reason",
      CALL_OUTCOMES.refused("pay", "Too dear."),
      "error",
      { done: "not executed", next: "Do not make the same call" },
    ],
    ["answered", CALL_OUTCOMES.answered("pay", "Ask first."), "success", { done: "not executed", next: "in its place: Ask first." }],
    [
      "cancelled",
      CALL_OUTCOMES.cancelled("pay"),
      "error",
      { done: "Do not count on it", next: "only if the conversation still asks for it" },
    ],
    ["failed", CALL_OUTCOMES.failed(new Error("No money.")), "error", { done: "Error: No money.", next: "fix your mistakes" }],
    ["failed with no error", CALL_OUTCOMES.failed("No money."), "error", { done: "Error: No money.", next: "fix your mistakes" }],
    ["wrong", CALL_OUTCOMES.invalidArguments("a: Required."), "error", { done: "Nothing was done", next: "with arguments that fit" }],
    ["malformed", CALL_OUTCOMES.malformed("pay", "cut off"), "error", { done: "Nothing was done", next: "complete, valid arguments" }],
    ["unknown", CALL_OUTCOMES.unknownTool("pay", ["look", "book"]), "error", { done: "Nothing was done", next: "look, book" }],
  ])("that was %s", (_name, outcome, status, { done, next }) => {
    expect(outcome.status).toBe(status);
    expect(outcome.content).toContain(done);
    expect(outcome.content).toContain(next);
  });

  it("gives the reason of a refusal, and only where there is one", () => {
    expect(CALL_OUTCOMES.refused("pay", "Too dear.").content).toContain("Too dear.");
    expect(CALL_OUTCOMES.refused("pay").content).not.toContain("reason");
  });

  it("says of an edit what ran, and that the original is not wanted", () => {
    expect(editNote({ amount: 5 })).toMatch(/changed.*\{"amount":5\}.*do not make the original call again/);
  });
});
