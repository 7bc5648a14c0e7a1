import { describe, expect, it } from "vitest";
import { ApprovalError, createApprovals, type Rule } from "../src/index.js";
import { desk, refusalOf, toolCall } from "./support/desk.js";

const creating = (rules: unknown): unknown => {
  try {
    createApprovals({ rules: rules as Rule[] });
    return undefined;
  } catch (error) {
    return ApprovalError.is(error) ? error.code : error;
  }
};

describe("rules that could let the wrong people decide, or nobody, are refused at creation", () => {
  const one = (rule: object) => [{ name: "r", approvers: ["ann", "bob"], ...rule }];
  it.each([
    ["no rules", []],
    ["no list", undefined],
    ["no name", [{ approvers: ["ann"] }]],
    [
      "a name twice",
      [
        { name: "a", when: "named", approvers: ["ann"] },
        { name: "a", approvers: ["ann"] },
      ],
    ],
    ["a misspelt option", one({ quorom: 2 })],
    ["no approvers", [{ name: "r" }]],
    ["an empty list", one({ approvers: [] })],
    ["an empty id", one({ approvers: [""] })],
    ["an id twice", one({ approvers: ["ann", "ann"], quorum: 2 })],
    ["a text for a list", one({ approvers: "ann" })],
    ["an empty role", one({ approvers: { role: "" } })],
    ["a quorum above the number of approvers", one({ quorum: 3 })],
    ["more rejections than approvers", one({ quorum: { approvals: 1, rejections: 3 } })],
    ["a quorum of none", one({ quorum: 0 })],
    ["half a person", one({ quorum: 1.5 })],
    [
      "a rule that hides those after it",
      [
        { name: "all", approvers: "anyone" },
        { name: "refunds", approvers: ["ann"] },
      ],
    ],
    ["a when that says nothing", one({ when: {} })],
    ["a misspelt when", one({ when: { tool: "refund" } })],
    ["an empty list of actions", one({ when: { action: [] } })],
    ["no time", one({ expiresIn: 0 })],
    ["a date for a time", one({ expiresIn: "1h" })],
    ["an unknown end", one({ expiresIn: 1, onExpiry: "approve" })],
    ["two ends", one({ expiresIn: 1, onExpiry: { answer: 1, escalate: { to: ["x"] } } })],
    ["a reminder without a time", one({ onExpiry: "remind" })],
    ["a reminder before the beginning", one({ expiresIn: 10, remindBefore: 10 })],
    ["an escalation to nobody", one({ expiresIn: 1, onExpiry: { escalate: { to: [] } } })],
    ["an escalation to too few", one({ expiresIn: 1, onExpiry: { escalate: { to: ["boss"], quorum: 2 } } })],
    ["a misspelt escalation", one({ expiresIn: 1, onExpiry: { escalate: { approvers: ["boss"] } } })],
  ])("%s", (_, rules) => {
    expect(creating(rules)).toBe("INVALID_OPTIONS");
  });

  it("takes what is whole", () => {
    expect(
      creating([
        { name: "a", when: { action: "x", node: ["n"] }, approvers: { role: ["r"] }, quorum: { approvals: 2, rejections: 2 } },
        { name: "b", when: "named", approvers: "assignees", expiresIn: 5, remindBefore: 1, onExpiry: { escalate: { to: ["boss"] } } },
        { name: "c", when: () => false, approvers: () => true, expiresIn: 5, onExpiry: "remind" },
        { name: "rest", approvers: "anyone" },
      ]),
    ).toBeUndefined();
  });
});

describe("which rule a question is under", () => {
  const rules: Rule[] = [
    { name: "refunds", when: { action: ["refund", "void"] }, approvers: ["ann"] },
    { name: "vault", when: "named", approvers: ["vera"] },
    { name: "node", when: { node: "ask", graph: "desk", action: "lookup" }, approvers: ["nora"] },
    { name: "text", when: ({ interrupt }) => interrupt.value === "text?", approvers: ["tess"] },
  ];

  it.each([
    ["an action", toolCall("refund"), undefined, "refunds", ["ann"]],
    ["node, graph and action", toolCall("lookup"), undefined, "node", ["nora"]],
    ["a function", "text?", undefined, "text", ["tess"]],
    ["its own terms", toolCall("refund"), { rule: "vault" }, "vault", ["vera"]],
    ["the newer format", { action_requests: [{ name: "void", args: {} }], review_configs: [] }, undefined, "refunds", ["ann"]],
  ])("by %s", async (_, value, terms, rule, assignees) => {
    const { ask } = desk({ rules, value, ...(terms === undefined ? {} : { terms }) });
    expect((await ask()).terms).toEqual({ rule, assignees });
  });

  it("asks no question that is under no rule, and says so", async () => {
    const { ask, ran } = desk({ rules, value: toolCall("refnud") });
    const error = await refusalOf(ask());
    expect(error.code).toBe("NO_RULE");
    expect(error.message).toContain('action "refnud"');
    expect(ran).toEqual([]);
  });

  it("takes nothing but true for a fit", async () => {
    const when = (async () => true) as unknown as () => boolean;
    expect((await refusalOf(desk({ rules: [{ name: "r", when, approvers: "anyone" }] }).ask())).code).toBe("NO_RULE");
  });

  it("asks no question that names a rule which there is not", async () => {
    const error = await refusalOf(desk({ rules, terms: { rule: "volt" } }).ask());
    expect(error.code).toBe("UNKNOWN_RULE");
    expect(error.message).toContain("vault");
  });

  it("asks for no two actions under different rules at once", async () => {
    const error = await refusalOf(desk({ rules, value: [...toolCall("lookup"), ...toolCall("refund")] }).ask());
    expect(error.code).toBe("MIXED_RULES");
  });

  it("refuses answers when the rule is gone by then, and lets them in when it is back", async () => {
    const { ask, saver } = desk({ rules, value: toolCall("refund") });
    await ask();
    const later = desk({ rules: [{ name: "rest", approvers: "anyone" }], saver, value: toolCall("refund") });
    expect((await refusalOf(later.say([{ type: "accept" }]))).code).toBe("UNKNOWN_RULE");
    expect(await desk({ rules, saver, value: toolCall("refund") }).say([{ type: "accept" }], "ann")).toEqual({
      answer: [{ type: "accept" }],
    });
  });

  it("takes approvers as the rules name them now, not as they were named when it was asked", async () => {
    const { ask, saver } = desk({ rule: { approvers: ["ann"] } });
    await ask();
    const later = desk({ rule: { approvers: ["bob"] }, saver });
    expect((await refusalOf(later.say(true, "ann"))).code).toBe("NOT_AN_APPROVER");
    expect(await later.say(true, "bob")).toEqual({ answer: true });
  });
});
