import { describe, expect, it } from "vitest";
import { isRejection, isSameAnswer } from "./canonical-answer.js";

const shown = [{ action_request: { action: "refund", args: { amount: 5 } }, config: { allow_accept: true } }];
const request = { action: "refund", args: { amount: 5 } };

describe("isSameAnswer", () => {
  it.each([
    [[{ type: "accept" }], { type: "accept" }],
    [[{ type: "accept" }], [{ type: "accept", args: null }]],
    [[{ type: "accept" }], [{ type: "accept", args: request }]],
    [
      [{ type: "edit", args: { action: "refund", args: { a: 1, b: 2 } } }],
      [{ args: { args: { b: 2, a: 1 }, action: "refund" }, type: "edit" }],
    ],
  ])("counts together what says the same: %j and %j", (one, other) => {
    expect(isSameAnswer(one, other, shown)).toBe(true);
  });

  it.each([
    [[{ type: "accept" }], [{ type: "accept", args: { action: "refund", args: { amount: 5000 } } }]],
    [[{ type: "accept" }], [{ type: "accept", args: { action: "refund_all", args: { amount: 5 } } }]],
    [[{ type: "edit", args: { args: { amount: 5 } } }], [{ type: "edit", args: { args: { amount: "5" } } }]],
    [[{ type: "accept" }], [{ type: "edit", args: request }]],
    [[{ type: "accept" }], [{ type: "accept", extra: 1 }]],
    [[{ type: "accept" }], [{ type: "accept" }, { type: "accept" }]],
    [[{ type: "response", args: "a" }], [{ type: "response", args: "b" }]],
  ])("keeps apart what would run differently: %j and %j", (one, other) => {
    expect(isSameAnswer(one, other, shown)).toBe(false);
  });

  it("compares answers of other questions as they are", () => {
    expect(isSameAnswer({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, "?")).toBe(true);
    expect(isSameAnswer("yes", ["yes"], "?")).toBe(false);
  });
});

describe("isRejection", () => {
  it.each([
    false,
    "reject",
    { type: "ignore" },
    [{ type: "ignore" }],
    { decisions: [{ type: "reject" }, { type: "reject", message: "no" }] },
  ])("knows %j", (answer) => {
    expect(isRejection(answer)).toBe(true);
  });

  it.each([
    true,
    null,
    "",
    0,
    "approve",
    [],
    { decisions: [] },
    [{ type: "response", args: "no" }],
    [{ type: "ignore" }, { type: "accept" }],
    { decisions: [{ type: "reject" }, { type: "approve" }] },
  ])("takes %j for an answer that others have to agree with", (answer) => {
    expect(isRejection(answer)).toBe(false);
  });
});
