// Another library (langchain, langsmith) may have installed its storage first: then nodes enter it.
import { AsyncLocalStorage } from "node:async_hooks";
import { expect, it } from "vitest";

const KEY = Symbol.for("ls:tracing_async_local_storage");

it("works in a storage that another library installed first", async () => {
  const foreign = new AsyncLocalStorage();
  (globalThis as Record<symbol, unknown>)[KEY] = foreign;
  const { MessagesAnnotation } = await import("../../src/index.js");
  const { END, entrypoint, START, StateGraph, task } = await import("@holdpoint/core");
  const { ScriptedModel } = await import("../support/scripted-model.js");
  const { AsyncLocalStorageProviderSingleton } = await import("@langchain/core/singletons");
  expect((globalThis as Record<symbol, unknown>)[KEY]).toBe(foreign);

  const model = new ScriptedModel(["one two"]);
  const nodes: unknown[] = [];
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => {
      nodes.push(AsyncLocalStorageProviderSingleton.getRunnableConfig()?.metadata?.langgraph_node);
      return { messages: [await model.invoke("hi")] };
    })
    .addEdge(START, "ask")
    .addEdge("ask", END)
    .compile();
  const chunks: unknown[] = [];
  for await (const [message] of await graph.stream({ messages: "hi" }, { streamMode: "messages" }))
    chunks.push((message as { content: unknown }).content);
  expect(chunks).toEqual(["one ", "two"]);
  expect(nodes).toEqual(["ask"]);

  const look = task("look", async () => nodes.push(AsyncLocalStorageProviderSingleton.getRunnableConfig()?.metadata?.langgraph_node));
  await entrypoint("main", async () => look()).invoke("go");
  expect(nodes).toEqual(["ask", "look"]);
  expect(AsyncLocalStorageProviderSingleton.getRunnableConfig()).toBeUndefined();
});
