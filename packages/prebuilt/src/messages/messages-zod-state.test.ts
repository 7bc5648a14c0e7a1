import { Command, interrupt, START, StateGraph, withLangGraph } from "@holdpoint/core";
import { AIMessage, type BaseMessage, HumanMessage, RemoveMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { eachSaver } from "../../test/support/each-saver.js";
import { createReactAgent, MessagesZodMeta, MessagesZodState } from "../index.js";

const schemas = {
  MessagesZodState: MessagesZodState.extend({ calls: z3.number().default(0) }),
  "MessagesZodMeta in a schema of zod 4": z.object({
    messages: withLangGraph(z.custom<BaseMessage[]>(), MessagesZodMeta),
    calls: z.number().default(0),
  }) as never,
} satisfies Record<string, unknown>;
type State = typeof schemas.MessagesZodState;
const said = (messages: readonly BaseMessage[]) => messages.map((message) => `${message.type}: ${message.text}`);

describe.each(Object.entries(schemas) as [string, State][])("%s", (_name, schema) => {
  it.each(eachSaver)("keeps a conversation on $name, and its messages their kinds", async ({ open }) => {
    const graph = new StateGraph(schema)
      .addNode("ask", ({ calls }) => ({ messages: new AIMessage({ id: "a", content: interrupt<string>("Say?") }), calls: calls + 1 }))
      .addNode("forget", ({ messages }) => ({ messages: [new RemoveMessage({ id: messages[0]?.id as string })] }))
      .addEdge(START, "ask")
      .addEdge("ask", "forget")
      .compile({ checkpointer: open().saver });
    const thread = { configurable: { thread_id: "1" } };
    const paused = await graph.invoke({ messages: ["hello", { role: "user", content: "there" }] }, thread);
    expect([said(paused.messages), paused.calls]).toEqual([["human: hello", "human: there"], 0]);
    const done = await graph.invoke(new Command({ resume: "Hi!" }), thread);
    expect([said(done.messages), done.calls]).toEqual([["human: there", "ai: Hi!"], 1]);
    expect(said((await graph.getState(thread)).values.messages)).toEqual(["human: there", "ai: Hi!"]);
  });

  it("is the state of an agent", async () => {
    const agent = createReactAgent({ llm: new FakeListChatModel({ responses: ["Hi!"] }) as never, tools: [], stateSchema: schema });
    expect(said((await agent.invoke({ messages: "hello" })).messages)).toEqual(["human: hello", "ai: Hi!"]);
  });
});

it("does what LangGraph's does", async () => {
  const run = async (from: Pick<typeof peer, "START" | "StateGraph">, schema: typeof peer.MessagesZodState) => {
    const graph = new from.StateGraph(schema)
      .addNode("echo", ({ messages }) => ({ messages: [new AIMessage({ id: "2", content: `You said ${messages.at(-1)?.text}` })] }))
      .addEdge(from.START, "echo")
      .compile();
    return said((await graph.invoke({ messages: [new HumanMessage({ id: "1", content: "hello" })] })).messages);
  };
  const ours = await run({ START, StateGraph } as never, MessagesZodState as never);
  expect(ours).toEqual(await run(peer, peer.MessagesZodState));
  expect(ours).toEqual(["human: hello", "ai: You said hello"]);
});
