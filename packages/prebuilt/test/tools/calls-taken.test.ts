// Promise 2: a call that waits is one question and one run, wherever a command from outside leads.

import { Command, type CompiledGraph, END, type GraphConfig, MemorySaver, Send, START, StateGraph } from "@holdpoint/core";
import type { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, MessagesAnnotation, ToolNode } from "../../src/index.js";
import { kinds } from "../support/agent-kinds.js";
import { eachSaver } from "../support/each-saver.js";
import { answersById, newThread, transcriptFault } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = { messages: [{ role: "user", content: "pay both" }] };
const calls = ["Ada", "Bo"].map((to) => ({ name: "pay", args: { to }, id: `call_${to}` }));
const accepted = [{ type: "accept", args: null }];

/** The gated tool that pays, and notes whom. */
const pay = (paid: string[]) => [
  addHumanInTheLoop({
    name: "pay",
    schema: z.object({ to: z.string() }),
    invoke: ({ to }) => {
      paid.push(to);
      return `paid ${to}`;
    },
  }),
];

type Graph = Pick<CompiledGraph, "invoke" | "getState">;

const waiting = async (graph: Graph, config: GraphConfig) =>
  (await graph.getState(config)).tasks.flatMap(({ interrupts }) => interrupts) as { id: string; value: { action_request: unknown }[] }[];

async function sends(graph: Graph, config: GraphConfig): Promise<Send[]> {
  const { messages } = (await graph.getState(config)).values as { messages: AIMessage[] };
  return (messages.at(-1)?.tool_calls ?? []).map((call) => new Send("tools", { ...call, type: "tool_call" }));
}

/** What a program does to a thread whose calls wait. */
const moves: Record<string, (graph: Graph, config: GraphConfig) => Promise<unknown>> = {
  "goto the tools": (graph, config) => graph.invoke(new Command({ goto: "tools" }), config),
  "goto the tools, twice": async (graph, config) => {
    await graph.invoke(new Command({ goto: "tools" }), config);
    await graph.invoke(new Command({ goto: "tools" }), config);
  },
  "a Send of each call": async (graph, config) => graph.invoke(new Command({ goto: await sends(graph, config) }), config),
  "a Send of each call, and the tools": async (graph, config) => {
    await graph.invoke(new Command({ goto: [...(await sends(graph, config)), "tools"] }), config);
    await graph.invoke(new Command({ goto: [...(await sends(graph, config)), "tools"] }), config);
  },
  "an answer with a goto": async (graph, config) => {
    const [first] = await waiting(graph, config);
    const goto = [...(await sends(graph, config)), "tools"];
    await graph.invoke(new Command({ resume: { [first?.id ?? ""]: accepted }, goto }), config);
  },
  "an answer, then a goto": async (graph, config) => {
    const [first] = await waiting(graph, config);
    await graph.invoke(new Command({ resume: { [first?.id ?? ""]: accepted } }), config);
    await graph.invoke(new Command({ goto: [...(await sends(graph, config)), "tools"] }), config);
  },
};

const cases = eachSaver.flatMap(({ name, open }) =>
  Object.entries(kinds).flatMap(([kind, make]) =>
    Object.entries(moves).map(([move, act]) => ({ name: `${move} (${kind} on ${name})`, open, make, act })),
  ),
);

describe("calls that wait, and a command that leads to the tools", () => {
  it.each(cases)("$name", async ({ open, make, act }) => {
    const storage = open();
    const paid: string[] = [];
    const tools = pay(paid);
    const model = new ScriptedModel([calling(...calls), "Done."]);
    const graph = (): Graph => make(tools, model, storage.reopen()) as unknown as Graph;
    const config = newThread();
    await graph().invoke(input, config);
    await act(graph(), config);
    for (let rounds = 0; rounds < calls.length; rounds++) {
      const questions = await waiting(graph(), config);
      expect(questions.length).toBe(calls.length - paid.length);
      const [first] = questions;
      if (first !== undefined) await graph().invoke(new Command({ resume: { [first.id]: accepted } }), config);
    }
    expect([...paid].sort()).toEqual(["Ada", "Bo"]);
    const { values, next } = await graph().getState(config);
    const { messages } = values as { messages: AIMessage[] };
    expect(next).toEqual([]);
    expect(answersById(messages)).toEqual({ call_Ada: "paid Ada", call_Bo: "paid Bo" });
    expect(transcriptFault(messages)).toBeUndefined();
  });
});

describe("a graph that sends calls and leads to the tools in one step", () => {
  it.each([
    ["with ids", calls],
    ["without ids", calls.map(({ name, args }) => ({ name, args, id: undefined }))],
  ])("asks once for each call %s", async (_, given) => {
    const paid: string[] = [];
    const message = calling();
    message.tool_calls = given.map((call) => ({ ...call, type: "tool_call" }));
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("agent", () => ({ messages: [message] }))
      .addNode("tools", new ToolNode(pay(paid)))
      .addEdge(START, "agent")
      .addConditionalEdges(
        "agent",
        ({ messages }) => ["tools", new Send("tools", { ...(messages.at(-1) as AIMessage).tool_calls?.[0], type: "tool_call" })],
        ["tools"],
      )
      .addEdge("tools", END)
      .compile({ checkpointer: new MemorySaver() });
    const config = newThread();
    const { __interrupt__: asked = [] } = await graph.invoke(input, config);
    expect(asked.length).toBe(2);
    await graph.invoke(new Command({ resume: Object.fromEntries(asked.map(({ id }) => [id, accepted])) }), config);
    expect([...paid].sort()).toEqual(["Ada", "Bo"]);
  });
});
