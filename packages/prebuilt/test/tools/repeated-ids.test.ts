import { Command, MemorySaver, Send, START, StateGraph } from "@holdpoint/core";
import { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, MessagesAnnotation, ToolNode, toolRuntime } from "../../src/index.js";
import { kinds } from "../support/agent-kinds.js";
import { newThread, toolMessages, transcriptFault } from "../support/run.js";
import { ScriptedModel } from "../support/scripted-model.js";

const message = (ids: readonly (string | undefined)[]): AIMessage =>
  new AIMessage({
    content: "",
    tool_calls: ids.map((id, at) => ({ id, name: "refund", args: { amount: at + 1 }, type: "tool_call" }) as ToolCall),
  });

const ids: readonly (readonly (string | undefined)[])[] = [
  ["a", "a", "a"],
  ["", "", ""],
  [undefined, undefined, undefined],
  ["__proto__", "constructor", "__proto__"],
];

const refund = () => {
  const ran: { amount: number; key: string }[] = [];
  const tool = addHumanInTheLoop(
    {
      name: "refund",
      schema: z.object({ amount: z.number() }),
      invoke: ({ amount }, runtime) => {
        ran.push({ amount, key: toolRuntime(runtime).idempotencyKey });
        return `Refunded ${amount}.`;
      },
    },
    { interruptConfig: { allow_accept: true, allow_ignore: true } },
  );
  return { tool, ran };
};

describe.each(ids)("calls of one message under the ids %j, %j and %j", (...given) => {
  it.each(Object.entries(kinds))("are each asked about, and each has its own result and key, in %s", async (name, make) => {
    const { tool, ran } = refund();
    const graph = make([tool], new ScriptedModel([message(given), "Done."], { streams: false }), new MemorySaver());
    const config = newThread();
    const { __interrupt__ = [] } = await graph.invoke({ messages: [{ role: "user", content: "Refunds." }] }, config);
    expect(__interrupt__).toHaveLength(3);
    const [first, second, third] = __interrupt__.map((asked) => asked.id) as [string, string, string];
    await graph.invoke(new Command({ resume: { [third]: [{ type: "accept" }] } }), config);
    const { messages } = await graph.invoke(
      new Command({ resume: { [first]: [{ type: "accept" }], [second]: [{ type: "ignore" }] } }),
      config,
    );
    expect(ran.map(({ amount }) => amount).sort()).toEqual([1, 3]);
    expect(new Set(ran.map(({ key }) => key)).size).toBe(2);
    expect(toolMessages(messages).map(({ content }) => String(content).slice(0, 11))).toEqual([
      "Refunded 1.",
      "This call o",
      "Refunded 3.",
    ]);
    // What a node of one's own writes has the ids that it gives.
    if (name !== "a hand-made graph") expect(transcriptFault(messages)).toBeUndefined();
  });
});

it("calls that are sent to a ToolNode under one id are told apart by what they ask for", async () => {
  const { tool, ran } = refund();
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("tools", new ToolNode([tool]))
    .addConditionalEdges(
      START,
      ({ messages }) => ((messages.at(-1) as AIMessage).tool_calls ?? []).map((call) => new Send("tools", { ...call, type: "tool_call" })),
      ["tools"],
    )
    .compile({ checkpointer: new MemorySaver() });
  const config = newThread();
  const { __interrupt__ = [] } = await graph.invoke({ messages: [message(["a", "a"])] }, config);
  const yes = Object.fromEntries(__interrupt__.map(({ id }) => [id, [{ type: "accept" }]]));
  const { messages } = await graph.invoke(new Command({ resume: yes }), config);
  expect(toolMessages(messages).map(({ content }) => content)).toEqual(["Refunded 1.", "Refunded 2."]);
  expect(new Set(ran.map(({ key }) => key)).size).toBe(2);
});
