// What a tool message keeps of the decision, whatever became of the call; and answers that are given in nobody's name.
import { Command, type DecisionGate, MemorySaver } from "@holdpoint/core";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent } from "../../src/index.js";
import { newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = { messages: [{ role: "user", content: "pay" }] };
const schema = z.object({ amount: z.number() });
const all = { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true };
const edited = [{ type: "edit", args: { args: { amount: 5 } } }];

async function decide(invoke: (args: { amount: number }) => unknown, resume: unknown, approvalPolicy?: DecisionGate) {
  const model = new ScriptedModel([calling({ name: "pay", args: { amount: 9 }, id: "c1" }), "Done."]);
  const tools = [addHumanInTheLoop({ name: "pay", schema, invoke }, { interruptConfig: all })];
  const agent = createReactAgent({ model, tools, approvalPolicy, checkpointer: new MemorySaver() });
  const config = newThread();
  await agent.invoke(input, config);
  const { messages } = await agent.invoke(resume === undefined ? null : new Command({ resume }), config);
  const [message, ...others] = toolMessages(messages);
  expect(others).toEqual([]);
  return { message, review: message?.metadata?.review, messages };
}

describe("the record of a decision", () => {
  it.each<[string, unknown, unknown]>([
    ["an approval", [{ type: "accept" }], { kind: "accept", args: { amount: 9 } }],
    ["an edit", edited, { kind: "edit", args: { amount: 5 }, proposed: { amount: 9 } }],
    ["an answer", [{ type: "response", args: "no" }], { kind: "response", text: "no", args: { amount: 9 } }],
    ["a refusal", [{ type: "ignore" }], { kind: "ignore", args: { amount: 9 } }],
    [
      "a refusal for a reason",
      { decisions: [{ type: "reject", message: "Too dear." }] },
      { kind: "ignore", text: "Too dear.", args: { amount: 9 } },
    ],
  ])("says what was shown and what ran: %s", async (_name, resume, review) => {
    expect((await decide(({ amount }) => `paid ${amount}`, resume)).review).toEqual(review);
  });

  const message = (content: string) => new ToolMessage({ content, tool_call_id: "c1" });
  it.each<[string, Command]>([
    ["without a message", new Command({ update: {} })],
    ["with its message", new Command({ update: { messages: [message("paid")] } })],
    ["with its message alone", new Command({ update: { messages: message("paid") } })],
    ["with other messages beside", new Command({ update: { messages: [message("paid"), new HumanMessage("by the way")] } })],
    ["with a message in short", new Command({ update: { messages: [{ role: "tool", content: "paid", tool_call_id: "c1" }] } })],
  ])("is kept where the tool returns a command %s", async (_name, command) => {
    const accepted = await decide(() => command, [{ type: "accept" }]);
    expect(accepted.review).toEqual({ kind: "accept", args: { amount: 9 } });
    expect(accepted.message?.id).toMatch(/^[0-9a-f-]{36}$/);
    const { review, message: told } = await decide(() => command, edited);
    expect(review).toEqual({ kind: "edit", args: { amount: 5 }, proposed: { amount: 9 } });
    expect(told?.content).toMatch(/^(paid|Done\.)\n\n\(The reviewer changed the arguments.*\{"amount":5\}/);
    expect(command.update).not.toHaveProperty("messages.0.metadata.review");
  });

  it("is kept where the call was approved and failed", async () => {
    const fail = () => Promise.reject(new Error("No money."));
    expect(await decide(fail, [{ type: "accept" }])).toMatchObject({
      review: { kind: "accept", args: { amount: 9 } },
      message: { status: "error", content: expect.stringContaining("No money.") },
    });
    const { review, message } = await decide(fail, edited);
    expect(review).toEqual({ kind: "edit", args: { amount: 5 }, proposed: { amount: 9 } });
    expect(message?.content).toMatch(/No money\.[\s\S]*The reviewer changed/);
  });

  it("does not tell the model of an edit in which nothing was changed", async () => {
    const { message, review } = await decide(() => "paid", [{ type: "edit", args: { args: { amount: "9" } } }]);
    expect(message?.content).toBe("paid");
    expect(review).toMatchObject({ kind: "edit", args: { amount: 9 } });
  });
});

describe("an answer that is given in nobody's name, when the time has run out", () => {
  it.each<[string, unknown, RegExp]>([
    ["an ignore", { type: "ignore" }, /refused in review.*nothing was done.*Do not make the same call again/],
    [
      "a rejection that says why",
      { decisions: [{ type: "reject", message: "Nobody answered in time." }] },
      /refused in review[\s\S]*in time/,
    ],
    ["an answer", [{ type: "response", args: "Nobody answered in time." }], /not executed.*in time/],
  ])("refuses the call as any other: %s", async (_name, value, words) => {
    const ran: number[] = [];
    const due = () => ({ kind: "answer" as const, value, by: { id: "deadline" }, reason: "expired", refusal: new Error("too late") });
    const { message } = await decide(({ amount }) => ran.push(amount), undefined, { due });
    expect(message?.content).toMatch(words);
    expect(ran).toEqual([]);
  });
});
