import { Command, MemorySaver } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AgentError, type Approvals, addHumanInTheLoop, createReactAgent } from "../../src/index.js";
import { answersById, newThread } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = { messages: [{ role: "user", content: "go" }] };
const schema = z.object({ amount: z.number() });

function start(approvals: Approvals, more: readonly unknown[] = []) {
  const ran: string[] = [];
  const make = (name: string) => ({ name, schema, invoke: ({ amount }: { amount: number }) => String(ran.push(`${name} ${amount}`)) });
  const calls = ["look", "book", "refund"].map((name) => ({ name, args: { amount: 50 }, id: name }));
  const model = new ScriptedModel([calling(...calls, { name: "refund", args: { amount: 500 }, id: "large" }), "ok"]);
  const tools = [make("look"), make("book"), make("refund"), ...(more as never[])];
  const agent = createReactAgent({ model, tools, approvals, checkpointer: new MemorySaver() });
  const config = newThread();
  return { agent, ran, config, ask: () => agent.invoke(input, config) };
}
const asked = (result: { __interrupt__?: readonly { value: unknown }[] }) =>
  (result.__interrupt__ ?? []).map(({ value }) => {
    const [{ action_request: request }] = value as [{ action_request: { action: string; args: { amount: number } } }];
    return `${request.action} ${request.args.amount}`;
  });

describe("approvals of a whole agent", () => {
  it("ask for the tools that are named, and for the calls that need it", async () => {
    const { ask, ran } = start({ book: true, refund: { when: ({ amount }) => amount > 100, allow: ["accept", "edit"] } });
    const result = await ask();
    expect(asked(result)).toEqual(["book 50", "refund 500"]);
    const config = { allow_accept: true, allow_edit: true, allow_respond: false, allow_ignore: false };
    expect(result.__interrupt__?.[1]?.value).toMatchObject([{ config }]);
    expect(ran).toEqual(["look 50", "refund 50"]);
  });

  it("can ask for everything that is not named", async () => {
    const { ask, ran, agent, config } = start({ "*": { allow: ["accept", "ignore"] }, look: false });
    const result = await ask();
    expect(asked(result)).toEqual(["book 50", "refund 50", "refund 500"]);
    expect(ran).toEqual(["look 50"]);
    const resume = Object.fromEntries((result.__interrupt__ ?? []).map(({ id }) => [id, [{ type: "ignore" }]]));
    const { messages } = await agent.invoke(new Command({ resume }), config);
    expect(ran).toEqual(["look 50"]);
    expect(answersById(messages).large).toContain("refused");
  });

  it.each([
    ["a name that no tool has", { boook: true }, "UNKNOWN_TOOL"],
    ["a name of the prototype", { constructor: true }, "UNKNOWN_TOOL"],
    ["an unknown word", { book: { allowed: ["accept"] } }, "INVALID_OPTIONS"],
    ["an unknown answer", { book: { allow: ["approve"] } }, "INVALID_OPTIONS"],
    ["no answer", { book: { allow: [] } }, "INVALID_OPTIONS"],
    ["a condition that is none", { book: { when: true } }, "INVALID_OPTIONS"],
    ["undefined", { book: undefined }, "INVALID_OPTIONS"],
    ["a tool that has a gate of its own", { gated: true }, "INVALID_OPTIONS"],
  ])("fail closed on %s", (_name, approvals, code) => {
    const gated = addHumanInTheLoop({ name: "gated", schema, invoke: () => "" });
    let thrown: unknown;
    try {
      start(approvals as unknown as Approvals, [gated]);
    } catch (error) {
      thrown = error;
    }
    expect(AgentError.is(thrown) ? thrown.code : thrown).toBe(code);
  });

  it("leave a gate of its own as it is", async () => {
    const gated = addHumanInTheLoop({ name: "gated", schema, invoke: () => "" });
    const model = new ScriptedModel([calling({ name: "gated", args: { amount: 1 } })]);
    const agent = createReactAgent({ model, tools: [gated], approvals: { "*": true }, checkpointer: new MemorySaver() });
    expect((await agent.invoke(input, newThread())).__interrupt__).toHaveLength(1);
  });
});
