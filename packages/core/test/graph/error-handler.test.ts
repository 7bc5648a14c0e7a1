import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  Annotation,
  Command,
  GraphError,
  GraphInterrupt,
  getConfig,
  interrupt,
  isNodeError,
  MemorySaver,
  NodeError,
  START,
  StateGraph,
  task,
} from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, errorOf, graphErrorOf, newThread, savesEachStep } from "../support/run.js";

const list = { reducer: (all: string[], more: string[]) => all.concat(more), default: (): string[] => [] };
const State = Annotation.Root({ log: Annotation<string[]>(list), x: Annotation<number>() });
const fail = (): never => {
  throw new TypeError("boom");
};
const quick = { initialInterval: 1, jitter: false, retryOn: () => true };

describe("a node's error handler", () => {
  it.each([
    ["the peer", peer as never],
    ["ours", { StateGraph, Annotation, START, Command }],
  ])("may lead to a node that nothing else leads to, its own or the default one, and is not drawn so: %s", async (_, runtime) => {
    const from = runtime as { StateGraph: typeof StateGraph; START: typeof START; Annotation: typeof Annotation; Command: typeof Command };
    const OfItsOwn = from.Annotation.Root({ log: from.Annotation<string[]>(list) });
    const errorHandler = () => new from.Command({ goto: "rescue" }) as never;
    const builderOf = (options: object) =>
      new from.StateGraph(OfItsOwn)
        .addNode("a", fail, options)
        .addNode("rescue", () => ({ log: ["rescued"] }))
        .addEdge(from.START, "a");
    const graphs = [builderOf({ errorHandler }), builderOf({}).setNodeDefaults({ errorHandler })].map((builder) => builder.compile());
    for (const graph of graphs) {
      expect(await graph.invoke({})).toEqual({ log: ["rescued"] });
      expect(graph.getGraph().edges.map(({ source, target }) => `${source} ${target}`)).not.toContain("a rescue");
    }
    expect(() => builderOf({}).compile()).toThrow(/rescue/);
  });

  it.each([
    ["the peer", peer as never],
    ["ours", { StateGraph, Annotation, START, isNodeError }],
  ])("is called after the last attempt with what the node got, and its result counts without the node's edges: %s", async (_, runtime) => {
    const from = runtime as {
      StateGraph: typeof StateGraph;
      START: typeof START;
      Annotation: typeof Annotation;
      isNodeError: typeof isNodeError;
    };
    const OfItsOwn = from.Annotation.Root({ log: from.Annotation<string[]>(list), x: from.Annotation<number>() });
    const seen: unknown[] = [];
    let attempts = 0;
    const graph = new from.StateGraph(OfItsOwn)
      .addNode(
        "a",
        () => {
          attempts++;
          return fail();
        },
        {
          retryPolicy: { ...quick, maxAttempts: 2, logWarning: false } as never,
          errorHandler: ({ x }, failure, runtime) => {
            seen.push(x, failure.node, failure.error instanceof TypeError, from.isNodeError(failure), runtime.metadata.langgraph_node);
            return { log: ["handled"] };
          },
        },
      )
      .addNode("b", () => ({ log: ["b"] }))
      .addEdge(from.START, "a")
      .addEdge("a", "b")
      .compile();
    expect(await graph.invoke({ x: 1 })).toEqual({ log: ["handled"], x: 1 });
    expect([attempts, ...seen]).toEqual([2, 1, "a", true, true, "__error_handler__a"]);
  });

  it("says where to go on by a Command; a failure of its own ends the run", async () => {
    const leading = (errorHandler: () => Command | never) =>
      new StateGraph(State)
        .addNode("a", fail, { errorHandler, ends: ["c"] })
        .addNode({ b: () => ({ log: ["b"] }), c: () => ({ log: ["c"] }) })
        .addEdge(START, "a")
        .addEdge("a", "b")
        .compile();
    const lead = () => new Command({ update: { log: ["h"] }, goto: "c" });
    expect(await leading(lead).invoke({})).toEqual({ log: ["h", "c"] });
    expect((await errorOf(leading(() => fail()).invoke({}))).message).toBe("boom");
  });

  it("finds its own task wherever it asks, takes over from a graph and from a timeout, and shows its result as the node's", async () => {
    const inner = new StateGraph(State).addNode("n", fail).addEdge(START, "n").compile();
    const graph = new StateGraph(State)
      .addNode("inner", inner, { errorHandler: (_, { error }) => ({ log: [`${getConfig().metadata.langgraph_node} ${error.message}`] }) })
      .addNode("late", () => new Promise<never>(() => {}), {
        timeout: 5,
        errorHandler: (_, { error }) => ({ log: [String(GraphError.is(error, "NODE_TIMEOUT"))] }),
      })
      .addNode("text", () => Promise.reject("no error"), {
        errorHandler: async (_, { error }) => ({ log: [`${error.message} ${error.cause}`] }),
      })
      .addEdge(START, "inner")
      .addEdge(START, "late")
      .addEdge(START, "text")
      .compile();
    const updates = Object.assign({}, ...(await collect(graph.stream({}, { streamMode: "updates" }))));
    expect(updates).toEqual({
      inner: { log: ["__error_handler__inner boom"] },
      late: { log: ["true"] },
      text: { log: ["no error no error"] },
    });
  });

  it("is told in strict mode where it changes the state in place", async () => {
    const changes = ({ log }: typeof State.State) => void log.push("changed");
    const graph = new StateGraph(State).addNode("a", fail, { errorHandler: changes }).addEdge(START, "a").compile({ strict: true });
    expect(await graphErrorOf(graph.invoke({ log: ["x"] }))).toMatchObject({ code: "STATE_MUTATED", details: { node: "a" } });
  });

  it("is not called for a run that is stopped, nor for what leaves a node without being an error", async () => {
    let called = 0;
    const errorHandler = () => void called++;
    const stop = new AbortController();
    const stopped = new StateGraph(State)
      .addNode(
        "a",
        async () => {
          stop.abort();
          await Promise.resolve();
          return fail();
        },
        { errorHandler },
      )
      .addEdge(START, "a")
      .compile();
    await errorOf(stopped.invoke({}, { signal: stop.signal }));
    const inner = new StateGraph(State)
      .addNode("n", () => new Command({ graph: Command.PARENT, goto: "after" }), { errorHandler })
      .addEdge(START, "n")
      .compile();
    const outer = new StateGraph(State)
      .addNode("call", inner, { errorHandler, ends: ["after"] })
      .addNode("after", () => ({ log: ["after"] }))
      .addEdge(START, "call")
      .compile();
    expect(await outer.invoke({})).toEqual({ log: ["after"] });
    const signal = new StateGraph(State)
      .addNode("a", () => Promise.reject(new GraphInterrupt([])), { errorHandler })
      .addEdge(START, "a")
      .compile();
    expect(await errorOf(signal.invoke({}))).toBeInstanceOf(GraphInterrupt);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(called).toBe(0);
  });
});

describe.each(eachSaver)("a node's error handler and a person, on $name", ({ open }) => {
  it("a pause goes through it untouched, caught or not; a failure after the answer is its own", async () => {
    let called = 0;
    const graph = new StateGraph(State)
      .addNode(
        "ask",
        () => {
          let answer: unknown;
          try {
            answer = interrupt("go?");
          } catch {
            throw new Error("overtakes the pause");
          }
          throw new Error(String(answer));
        },
        {
          retryPolicy: quick,
          errorHandler: (_, { error }) => {
            called++;
            return { log: [error.message] };
          },
        },
      )
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const config = newThread();
    expect((await graph.invoke({}, config)).__interrupt__).toMatchObject([{ value: "go?" }]);
    expect(called).toBe(0);
    expect(await graph.invoke(new Command({ resume: "no" }), config)).toEqual({ log: ["no"] });
    expect([called, (await graph.getState(config)).next]).toEqual([1, []]);
  });

  it("it cannot ask itself: the answer of the node's question is not taken for its own, and the run fails", async () => {
    const graph = new StateGraph(State)
      .addNode(
        "ask",
        () => {
          interrupt("go?");
          return fail();
        },
        { errorHandler: () => ({ log: [interrupt<string>("and now?")] }) },
      )
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const config = newThread();
    await graph.invoke({}, config);
    const error = await graphErrorOf(graph.invoke(new Command({ resume: "yes" }), config));
    expect([error.code, error.details, (error.cause as Error).message]).toEqual(["INVALID_GRAPH", { node: "ask" }, "boom"]);
    expect((await graph.getState(config)).values).toEqual({ log: [] });
  });

  it("what it gave is saved: it is not called again while a node beside it waits, and what it did in a task() is not the node's", async () => {
    let called = 0;
    const note = task("note", async (text: string) => text);
    const graph = new StateGraph(State)
      .addNode(
        "a",
        async () => {
          await note("in the node");
          return fail();
        },
        {
          errorHandler: async () => {
            called++;
            return { log: [await note("in the handler")] };
          },
        },
      )
      .addNode("ask", () => ({ log: [interrupt<string>("go?")] }))
      .addEdge(START, "a")
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const config = { ...newThread(), ...savesEachStep };
    await graph.invoke({}, config);
    expect(await graph.invoke(new Command({ resume: "yes" }), config)).toEqual({ log: ["in the handler", "yes"] });
    expect(called).toBe(1);
  });
});

describe("setNodeDefaults", () => {
  it("counts for nodes added before and after, later calls by what they say, and a node's own options first", async () => {
    const attempts = new Map<string, number>();
    const failing = (name: string) => () => {
      attempts.set(name, (attempts.get(name) ?? 0) + 1);
      return fail();
    };
    const graph = new StateGraph(State)
      .addNode("before", failing("before"))
      .setNodeDefaults({ retryPolicy: { ...quick, maxAttempts: 3 }, errorHandler: () => ({ log: ["first"] }) })
      .addNode("own", failing("own"), { retryPolicy: { ...quick, maxAttempts: 1 }, errorHandler: () => ({ log: ["own"] }) })
      .addNode("late", () => new Promise<never>(() => {}), { retryPolicy: { maxAttempts: 1 } })
      .setNodeDefaults({ timeout: 5, retryPolicy: undefined, errorHandler: (_, { node }) => ({ log: [node] }) })
      .addEdge(START, "before")
      .addEdge(START, "own")
      .addEdge(START, "late")
      .compile();
    expect((await graph.invoke({})).log.toSorted()).toEqual(["before", "late", "own"]);
    expect([...attempts]).toEqual([
      ["before", 3],
      ["own", 1],
    ]);
  });

  it("retries handlers too, by the default alone; a failure of theirs is nobody's to handle", async () => {
    let handled = 0;
    const graph = new StateGraph(State)
      .addNode("a", fail, { retryPolicy: { ...quick, maxAttempts: 1 } })
      .addEdge(START, "a")
      .setNodeDefaults({
        retryPolicy: { ...quick, maxAttempts: 2 },
        errorHandler: () => {
          handled++;
          throw new Error("again");
        },
      })
      .compile({ checkpointer: new MemorySaver() });
    expect((await errorOf(graph.invoke({}, newThread()))).message).toBe("again");
    expect(handled).toBe(2);
  });

  it("is not passed on to graphs inside, and changes nothing that is compiled", async () => {
    const builder = new StateGraph(State).addNode("n", fail).addEdge(START, "n");
    const inner = builder.compile();
    builder.setNodeDefaults({ errorHandler: () => ({ log: ["too late"] }) });
    const outer = new StateGraph(State)
      .addNode("inner", inner)
      .addEdge(START, "inner")
      .setNodeDefaults({ errorHandler: (_, { node }) => ({ log: [node] }) })
      .compile();
    expect(await outer.invoke({})).toEqual({ log: ["inner"] });
  });

  it.each([
    [{ cachePolicy: {} }, "task()"],
    [{ timeOut: 5 }, "timeout"],
    [{ errorHandler: 5 }, "function"],
    [{ retryPolicy: { maxAttempt: 5 } }, "maxAttempts"],
  ])("refuses %o", (given, remedy) => {
    expect(() => new StateGraph(State).setNodeDefaults(given as never)).toThrow(remedy);
  });
});

it("a NodeError is known across duplicate installs, to LangGraph's code too", () => {
  const made = new NodeError("a", new Error("x"));
  expect([made instanceof NodeError, isNodeError(made), peer.isNodeError(made)]).toEqual([true, true, true]);
  for (const none of [undefined, null, {}, new Error("x")]) expect(isNodeError(none)).toBe(false);
});
