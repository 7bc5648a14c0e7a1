// How a tool reads the state of the graph that called it: getCurrentTaskInput(), as in LangGraph, whoever runs the call.
import { Annotation, Command, getCurrentTaskInput, interrupt, MemorySaver, Send, START, StateGraph, task } from "@holdpoint/core";
import type { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createReactAgent, MessagesAnnotation, ToolNode } from "../../src/index.js";
import { newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const State = Annotation.Root({ ...MessagesAnnotation.spec, user: Annotation<string>() });
const whoAsks = () => {
  const { user, messages } = getCurrentTaskInput<typeof State.State>();
  return `${user}, of ${messages.length} messages`;
};
const describeUser = tool(async () => whoAsks(), { name: "describe_user", description: "Say who asks", schema: z.object({}) });
const inTask = tool(() => task("look", async () => whoAsks())(), { name: "in_task", description: "Say who asks", schema: z.object({}) });
const afterQuestion = tool(async () => `${interrupt("May I look?")}: ${whoAsks()}`, {
  name: "after_question",
  description: "Say who asks",
  schema: z.object({}),
});
const tools = [describeUser, inTask, afterQuestion];

describe.each(["v1", "v2"] as const)("in an agent of version %s", (version) => {
  const agent = () =>
    createReactAgent({
      model: new ScriptedModel([calling(...tools.map(({ name }) => ({ name, args: {} }))), "ok"]),
      tools,
      stateSchema: State,
      version,
      checkpointer: new MemorySaver(),
    });

  it("a tool reads the state, also within task() and after a question", async () => {
    const config = newThread();
    const graph = agent();
    await graph.invoke({ messages: "hi", user: "ada" }, config);
    const { messages } = await graph.invoke(new Command({ resume: "Yes" }), config);
    expect(toolMessages(messages).map(({ content }) => content)).toEqual([
      "ada, of 2 messages",
      "ada, of 2 messages",
      "Yes: ada, of 2 messages",
    ]);
  });
});

it("in a ToolNode of one's own, called with the state or with a call that was sent", async () => {
  const call = calling({ name: "describe_user", args: {} });
  for (const send of [false, true]) {
    const graph = new StateGraph(State)
      .addNode("model", () => ({ messages: [call] }))
      .addNode("tools", new ToolNode(tools))
      .addEdge(START, "model")
      .addConditionalEdges("model", ({ messages }) =>
        send ? ((messages.at(-1) as AIMessage).tool_calls ?? []).map((one) => new Send("tools", one)) : "tools",
      )
      .compile();
    const { messages } = await graph.invoke({ messages: "hi", user: "bob" });
    expect(messages.at(-1)?.content).toBe("bob, of 2 messages");
  }
});

it("in a node to which something else was sent, it is what was sent", async () => {
  const graph = new StateGraph(State)
    .addNode("note", () => ({ user: JSON.stringify(getCurrentTaskInput()) }))
    .addConditionalEdges(START, () => [new Send("note", { name: "x", args: {} })])
    .compile();
  expect((await graph.invoke({ messages: "hi", user: "bob" })).user).toBe('{"name":"x","args":{}}');
});
