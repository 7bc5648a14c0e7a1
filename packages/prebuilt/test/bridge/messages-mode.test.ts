// Issue 2: a chat model called inside a node or tool without passing config still streams.

import { END, entrypoint, type MessageMetadata, START, StateGraph, type StreamedMessage, task } from "@holdpoint/core";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createReactAgent, MessagesAnnotation } from "../../src/index.js";
import { collect } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

type Chunk = [message: StreamedMessage, metadata: MessageMetadata];

const input = { messages: [{ role: "user", content: "hi" }] };
const node = (act: () => unknown) => async () => ({ messages: [await act()] }) as never;
const graphOf = (...acts: readonly (() => unknown)[]) => {
  const graph = new StateGraph(MessagesAnnotation) as unknown as {
    addNode(name: string, act: unknown): void;
    addEdge(from: string, to: string): void;
    compile(): ReturnType<StateGraph<typeof MessagesAnnotation>["compile"]>;
  };
  for (const [at, act] of acts.entries()) graph.addNode(`node${at}`, node(act));
  for (const [at] of acts.entries()) graph.addEdge(at === 0 ? START : `node${at - 1}`, `node${at}`);
  graph.addEdge(`node${acts.length - 1}`, END);
  return graph.compile();
};
const show = (chunks: readonly unknown[]) =>
  (chunks as Chunk[]).map(([message, { langgraph_node }]) => [langgraph_node, message.constructor.name, message.content]);

describe("the stream mode messages", () => {
  it("shows a model's tokens, without the node passing config", async () => {
    const model = new ScriptedModel(["one two"]);
    const graph = graphOf(() => model.invoke("hi"));
    const chunks = await collect(graph.stream(input, { streamMode: "messages", tags: ["mine"] }));
    expect(show(chunks)).toEqual([
      ["node0", "AIMessageChunk", "one "],
      ["node0", "AIMessageChunk", "two"],
    ]);
    const [[first, metadata], [second]] = chunks as [Chunk, Chunk];
    expect(first.id).toBe(second.id);
    expect(metadata).toMatchObject({
      tags: ["mine"],
      langgraph_step: 1,
      ls_model_type: "chat",
      langgraph_checkpoint_ns: expect.stringMatching(/^node0:/),
    });
  });

  it("does not wait for other handlers, and gives each piece metadata of its own", async () => {
    const model = new ScriptedModel(["one two"]);
    let release = () => {};
    const slow = BaseCallbackHandler.fromMethods({ handleLLMNewToken: () => new Promise<void>((resolve) => (release = resolve)) });
    const metadata: Record<string, unknown>[] = [];
    for await (const [, about] of await graphOf(() => model.invoke("hi")).stream(input, { streamMode: "messages", callbacks: [slow] })) {
      metadata.push(about);
      about.mine = metadata.length;
    }
    release();
    expect(metadata.map(({ mine, langgraph_node }) => [mine, langgraph_node])).toEqual([
      [1, "node0"],
      [2, "node0"],
    ]);
  });

  it("shows tokens through runnables and tools within the node", async () => {
    const model = new ScriptedModel(["one two", "three"]);
    const chain = RunnableLambda.from(async () => model.invoke("hi"));
    const ask = tool(async () => (await model.invoke("hi")).text, { name: "ask", description: "ask", schema: z.object({}) });
    const graph = graphOf(
      () => chain.invoke("x"),
      () => ask.invoke({}),
    );
    expect(show(await collect(graph.stream(input, { streamMode: "messages" })))).toEqual([
      ["node0", "AIMessageChunk", "one "],
      ["node0", "AIMessageChunk", "two"],
      ["node1", "AIMessageChunk", "three"],
    ]);
  });

  it("shows whole messages of models that do not stream, and of nodes without a model, once each", async () => {
    const model = new ScriptedModel(["whole"], { streams: false });
    const graph = graphOf(
      () => model.invoke("hi"),
      () => new AIMessage({ id: "plain", content: "plain" }),
      () => new HumanMessage({ id: "plain", content: "again" }),
    );
    expect(show(await collect(graph.stream(input, { streamMode: "messages" })))).toEqual([
      ["node0", "AIMessage", "whole"],
      ["node1", "AIMessage", "plain"],
    ]);
  });

  it("leaves out models that are tagged nostream", async () => {
    const model = new ScriptedModel(["quiet"]);
    const graph = graphOf(async () => (await model.invoke("hi", { tags: ["nostream"] })).text.length.toString());
    expect(show(await collect(graph.stream(input, { streamMode: "messages" })))).toEqual([]);
  });

  it.each([false, true])("shows each message of a graph within once, subgraphs: %s", async (subgraphs) => {
    const model = new ScriptedModel(["one two", "three"]);
    const inner = graphOf(() => model.invoke("hi"));
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("sub", inner)
      .addNode("call", async () => ({ messages: [(await inner.invoke(input)).messages.at(-1) as AIMessage] }))
      .addEdge(START, "sub")
      .addEdge("sub", "call")
      .addEdge("call", END)
      .compile();
    const chunks = await collect(graph.stream(input, { streamMode: "messages", subgraphs }));
    if (!subgraphs) {
      expect(show(chunks)).toEqual([
        ["sub", "AIMessage", "one two"],
        ["call", "AIMessage", "three"],
      ]);
      return;
    }
    const tagged = chunks as unknown as [string[], Chunk][];
    expect(tagged.map(([ns, chunk]) => [ns[0]?.split(":")[0], ...(show([chunk])[0] ?? [])])).toEqual([
      ["sub", "node0", "AIMessageChunk", "one "],
      ["sub", "node0", "AIMessageChunk", "two"],
      ["call", "node0", "AIMessageChunk", "three"],
    ]);
  });

  it("shows an agent's tokens and tool messages under the ids that the state has", async () => {
    const model = new ScriptedModel([calling({ name: "look", args: {}, id: "c1" }), "all done"]);
    const agent = createReactAgent({ model, tools: [{ name: "look", schema: z.object({}), invoke: () => "seen" }] });
    const chunks = (await collect(agent.stream(input, { streamMode: ["messages", "values"] }))) as [string, unknown][];
    const messages = chunks.filter(([mode]) => mode === "messages").map(([, chunk]) => chunk as Chunk);
    expect(messages.map(([message, { langgraph_node }]) => [langgraph_node, message.content])).toEqual([
      ["agent", ""],
      ["agent", ""],
      ["tools", "seen"],
      ["agent", "all "],
      ["agent", "done"],
    ]);
    const last = chunks.findLast(([mode]) => mode === "values")?.[1] as { messages: { id: string }[] };
    const known = new Set(last.messages.map(({ id }) => id));
    expect(messages.every(([{ id }]) => known.has(id as string))).toBe(true);
  });

  it("shows a message that a node made without an id under the id that the state gives it, each time it is returned", async () => {
    const greeting = Object.freeze(new AIMessage("hello"));
    const graph = graphOf(
      () => greeting,
      () => greeting,
    );
    const chunks = (await collect(graph.stream(input, { streamMode: ["messages", "values"] }))) as [string, unknown][];
    const shown = chunks.filter(([mode]) => mode === "messages").map(([, chunk]) => (chunk as Chunk)[0].id);
    const last = chunks.findLast(([mode]) => mode === "values")?.[1] as { messages: { id: string }[] };
    expect(shown).toEqual(last.messages.slice(1).map(({ id }) => id));
    expect(new Set(shown).size).toBe(2);
    expect(greeting.id).toBeUndefined();
    const { messages } = await graph.invoke({ messages: last.messages as never });
    expect(messages).toHaveLength(5);
  });

  it("shows once, with subgraphs, what a node of a graph inside made without an id", async () => {
    const inner = graphOf(() => new AIMessage("hello"));
    const graph = new StateGraph(MessagesAnnotation).addNode("sub", inner).addEdge(START, "sub").compile();
    const chunks = await collect(graph.stream(input, { streamMode: "messages", subgraphs: true }));
    expect((chunks as unknown as [string[], Chunk][]).map(([, [{ content }]]) => content)).toEqual(["hello"]);
  });

  it("says what the call and the node say of themselves, beside what the model was given", async () => {
    const model = new ScriptedModel(["one", "two"]);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("ask", async () => ({ messages: [await model.invoke("hi", { tags: ["mine"], metadata: { of: "model", more: 1 } })] }), {
        metadata: { of: "node", kind: "chat" },
      })
      .addNode("make", () => ({ messages: [new AIMessage("made")] }))
      .addEdge(START, "ask")
      .addEdge("ask", "make")
      .compile();
    const config = { streamMode: "messages", tags: ["run"], metadata: { of: "run", user: "ann" } } as const;
    const [asked, made] = (await collect(graph.stream(input, config))) as Chunk[];
    expect(asked?.[1]).toMatchObject({ tags: ["run", "mine"], of: "model", more: 1, kind: "chat", user: "ann", langgraph_node: "ask" });
    expect(made?.[1]).toMatchObject({ tags: ["run"], of: "run", user: "ann", langgraph_node: "make" });
  });

  it("shows a model's tokens under the task() that called it", async () => {
    const model = new ScriptedModel(["one"]);
    const ask = task("ask", async () => (await model.invoke("hi")).text);
    const chunks = await collect(entrypoint("main", async () => ask()).stream("go", { streamMode: "messages" }));
    expect(show(chunks)).toEqual([["ask", "AIMessageChunk", "one"]]);
  });
});
