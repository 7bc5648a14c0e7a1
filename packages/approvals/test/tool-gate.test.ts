import { Command, type CompiledGraph, GraphError, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { addHumanInTheLoop, MessagesAnnotation, ToolNode } from "@holdpoint/prebuilt";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createApprovals, type Rule, sweepExpired } from "../src/index.js";
import { fakeClock, HOUR } from "./support/desk.js";

const config = { configurable: { thread_id: "t" } };
const call = { role: "assistant", content: "", tool_calls: [{ id: "1", name: "refund", args: { amount: 50 } }] };

function agent(format: "agent-inbox" | "agent-chat", rule: Partial<Rule> = {}) {
  const { now, pass } = fakeClock();
  const ran: number[] = [];
  const tool = {
    name: "refund",
    schema: z.object({ amount: z.number() }),
    invoke: ({ amount }: { amount: number }) => {
      ran.push(amount);
      return `Refunded ${amount}.`;
    },
  };
  const gate = { format, interruptConfig: { allow_accept: true, allow_edit: true, allow_ignore: true } };
  const approvals = createApprovals({
    now,
    rules: [{ name: "refunds", when: { action: "refund" }, approvers: ["ann", "bob", "cy"], quorum: 2, expiresIn: HOUR, ...rule }],
  });
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("tools", new ToolNode([addHumanInTheLoop(tool, gate)]))
    .addEdge(START, "tools")
    .compile({ checkpointer: new MemorySaver(), approvals, name: "agent" }) as unknown as CompiledGraph<{
    messages: { content: unknown }[];
  }>;
  const say = (resume: unknown, id: string) => graph.invoke(new Command({ resume, by: { id } }), config);
  const last = async () => String((await graph.getState(config)).values.messages.at(-1)?.content);
  return { graph, ran, pass, say, last };
}

describe.each([
  ["agent-inbox", [{ type: "accept" }], [{ type: "edit", args: { action: "refund", args: { amount: 5 } } }]],
  [
    "agent-chat",
    { decisions: [{ type: "approve" }] },
    { decisions: [{ type: "edit", edited_action: { name: "refund", args: { amount: 5 } } }] },
  ],
] as const)("a gated tool under a policy, in the format %s", (format, accept, edit) => {
  it("runs when enough people accept, and as enough people edited it", async () => {
    const accepted = agent(format);
    await accepted.graph.invoke({ messages: [call] } as never, config);
    await accepted.say(accept, "ann");
    await accepted.say(edit, "bob");
    expect(accepted.ran).toEqual([]);
    await accepted.say(accept, "cy");
    expect(accepted.ran).toEqual([50]);

    const edited = agent(format);
    await edited.graph.invoke({ messages: [call] } as never, config);
    await edited.say(edit, "ann");
    await edited.say(accept, "cy");
    await edited.say(edit, "bob");
    expect(edited.ran).toEqual([5]);
  });

  it("is refused when its time is over, and the model is told", async () => {
    const { graph, ran, pass, last } = agent(format);
    await graph.invoke({ messages: [call] } as never, config);
    pass(HOUR);
    expect(await sweepExpired({ graph })).toMatchObject({ settled: [{ outcome: "answered" }], failed: [] });
    expect(ran).toEqual([]);
    expect(await last()).toContain("refused");
  });

  it("stays open after an answer that does not fit its schema, and gathers votes anew", async () => {
    const { graph, ran, say } = agent(format);
    await graph.invoke({ messages: [call] } as never, config);
    const wrong = JSON.parse(JSON.stringify(edit).replace("5", '"many"')) as unknown;
    await say(wrong, "ann");
    const error = await say(wrong, "bob").catch((cause: unknown) => cause);
    expect(GraphError.is(error, "INVALID_ANSWER")).toBe(true);
    await say(accept, "ann");
    expect(ran).toEqual([]);
    await say(accept, "bob");
    expect(ran).toEqual([50]);
  });
});
