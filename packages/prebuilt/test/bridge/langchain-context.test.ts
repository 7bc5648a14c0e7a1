import { Annotation, Command, currentRuntime, END, interrupt, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { getContextVariable, setContextVariable } from "@langchain/core/context";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MessagesAnnotation } from "../../src/index.js";
import { errorOf, newThread } from "../support/run.js";
import { ScriptedModel } from "../support/scripted-model.js";

const State = Annotation.Root({ out: Annotation<unknown>() });
const graphOf = (act: (state: unknown) => unknown, name = "act") =>
  new StateGraph(State)
    .addNode(name, async (state) => ({ out: await act(state) }))
    .addEdge(START, name)
    .addEdge(name, END)
    .compile({ checkpointer: new MemorySaver(), name: `graph_${name}` });

const implicit = () => AsyncLocalStorageProviderSingleton.getRunnableConfig() as RunnableConfig | undefined;

/** Writes down which runs start, end and fail, and under which. */
class Recorder extends BaseCallbackHandler {
  name = "recorder";
  override awaitHandlers = true;
  readonly events: string[] = [];
  readonly #names = new Map<string, string>();

  #start(runId: string, parentRunId: string | undefined, name: string): void {
    this.#names.set(runId, name);
    this.events.push(`start ${name}${parentRunId === undefined ? "" : ` in ${this.#names.get(parentRunId)}`}`);
  }
  override handleChainStart(
    _chain: unknown,
    _input: unknown,
    runId: string,
    parent?: string,
    _tags?: string[],
    _metadata?: unknown,
    _type?: string,
    name?: string,
  ) {
    this.#start(runId, parent, name ?? "?");
  }
  override handleChatModelStart(_model: unknown, _messages: unknown, runId: string, parentRunId?: string) {
    this.#start(runId, parentRunId, "model");
  }
  override handleToolStart(
    _tool: unknown,
    _input: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: unknown,
    name?: string,
  ) {
    this.#start(runId, parentRunId, name ?? "tool");
  }
  override handleChainEnd(_output: unknown, runId: string) {
    this.events.push(`end ${this.#names.get(runId)}`);
  }
  override handleChainError(error: Error, runId: string) {
    this.events.push(`error ${this.#names.get(runId)}: ${error.message}`);
  }
}

describe("the config that LangChain components find by themselves", () => {
  it("is the node's", async () => {
    const controller = new AbortController();
    const graph = graphOf(() => {
      const { signal, ...config } = implicit() ?? {};
      return { ...config, callbacks: undefined, signal: signal !== undefined };
    });
    const { configurable } = newThread();
    const given = {
      configurable: { ...configurable, user: "ada" },
      tags: ["mine"],
      metadata: { a: 1 },
      context: { c: 1 },
      recursionLimit: 7,
      signal: controller.signal,
    };
    const { out } = await graph.invoke({}, given);
    expect(out).toMatchObject({
      configurable: { user: "ada", thread_id: configurable.thread_id },
      tags: ["mine"],
      metadata: { a: 1, langgraph_node: "act" },
      context: { c: 1 },
      recursionLimit: 7,
      signal: true,
    });
    expect(implicit()).toBeUndefined();
  });

  it("is each node's own, at every depth", async () => {
    const node = () => (implicit()?.metadata as Record<string, unknown> | undefined)?.langgraph_node;
    const inner = graphOf(() => node(), "inner");
    const enter = RunnableLambda.from(async (_: string) => [node(), (await inner.invoke({})).out, node()]);
    const use = tool(async () => JSON.stringify([node(), (await inner.invoke({})).out, await enter.invoke(""), node()]), {
      name: "use",
      description: "",
      schema: z.object({}),
    });
    const outer = graphOf(async () => [node(), await enter.invoke(""), JSON.parse(String(await use.invoke({}))), node()], "outer");
    const { out } = await outer.invoke({}, newThread());
    const through = ["outer", "inner", "outer"];
    expect(out).toEqual(["outer", through, ["outer", "inner", through, "outer"], "outer"]);
  });

  it("keeps apart nodes that run at the same time", async () => {
    const node = async () => {
      const before = currentRuntime()?.metadata.langgraph_node;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return `${before}=${implicit()?.metadata?.langgraph_node}`;
    };
    const Log = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const graph = new StateGraph(Log)
      .addNode("a", async () => ({ log: [await node()] }))
      .addNode("b", async () => ({ log: [await RunnableLambda.from(node).invoke("")] }))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile();
    expect((await graph.invoke({})).log).toEqual(["a=a", "b=b"]);
  });

  it("lets a run inside a LangChain component take over its callbacks, tags and thread", async () => {
    const graph = graphOf(() => [implicit()?.tags, implicit()?.configurable?.user]);
    const { configurable } = newThread();
    const chain = RunnableLambda.from(async (_: string) => (await graph.invoke({})).out);
    expect(await chain.invoke("", { tags: ["mine"], configurable: { ...configurable, user: "ada" } })).toEqual([["mine"], "ada"]);
    expect((await graph.getState({ configurable })).values.out).toEqual([["mine"], "ada"]);
  });

  it("carries LangChain's context variables into nodes", async () => {
    const chain = RunnableLambda.from(async (_: string) => {
      setContextVariable("colour", "blue");
      const get = RunnableLambda.from(() => getContextVariable<string>("colour"));
      return (await graphOf(() => get.invoke("")).invoke({}, newThread())).out;
    });
    expect(await chain.invoke("")).toBe("blue");
  });

  it("lets interrupt work inside of runnables", async () => {
    const graph = graphOf(() => RunnableLambda.from(() => interrupt<string>("name?")).invoke(""));
    const config = newThread();
    expect((await graph.invoke({}, config)).__interrupt__).toMatchObject([{ value: "name?" }]);
    expect((await graph.invoke(new Command({ resume: "ada" }), config)).out).toBe("ada");
  });
});

describe("callback handlers", () => {
  it("see graphs and nodes as chain runs, with what runs inside", async () => {
    const model = new ScriptedModel(["hi"]);
    const inner = new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addEdge(START, "ask")
      .compile({ name: "inner" });
    const use = tool(async () => (await inner.invoke({ messages: ["hello"] })).messages.at(-1)?.text ?? "", {
      name: "use",
      description: "",
      schema: z.object({}),
    });
    const recorder = new Recorder();
    await graphOf(() => use.invoke({}), "work").invoke({}, { ...newThread(), callbacks: [recorder], runName: "named" });
    expect(recorder.events).toEqual([
      "start named",
      "start work in named",
      "start use in work",
      "start inner in use",
      "start ask in inner",
      "start model in ask",
      "end ask",
      "end inner",
      "end work",
      "end named",
    ]);
  });

  it("hear of errors, and of a pause as an end", async () => {
    const recorder = new Recorder();
    const graph = graphOf(() => {
      interrupt("ok?");
      throw new Error("bad");
    });
    const config = { ...newThread(), callbacks: [recorder] };
    await graph.invoke({}, config);
    await errorOf(graph.invoke(new Command({ resume: true }), config));
    const run = ["start graph_act", "start act in graph_act"];
    expect(recorder.events).toEqual([...run, "end act", "end graph_act", ...run, "error act: bad", "error graph_act: bad"]);
  });
});

describe("callbacks of a graph with a config of its own", () => {
  it("follow its runs beside those of the call, and in a graph around it each run once", async () => {
    const [own, called] = [new Recorder(), new Recorder()];
    const bound = graphOf(() => "done").withConfig({ callbacks: [own] });
    await bound.invoke({}, { callbacks: [called], ...newThread() });
    expect(own.events).toEqual(["start graph_act", "start act in graph_act", "end act", "end graph_act"]);
    expect(called.events).toEqual(own.events);

    own.events.length = 0;
    called.events.length = 0;
    const around = new StateGraph(State).addNode("inner", bound).addEdge(START, "inner").compile({ name: "around" });
    await around.invoke({}, { callbacks: [called] });
    expect(called.events.filter((event) => event.startsWith("start"))).toEqual([
      "start around",
      "start inner in around",
      "start graph_act in inner",
      "start act in graph_act",
    ]);
    // Only what is inside of it, and within the run of the node that it is.
    expect(own.events.filter((event) => event.startsWith("start"))).toEqual(["start graph_act in undefined", "start act in graph_act"]);
    const twice = around.withConfig({ callbacks: [called] });
    called.events.length = 0;
    await twice.invoke({}, { callbacks: await CallbackManager.configure([called]) });
    expect(called.events.filter((event) => event === "start around")).toHaveLength(1);
  });
});
