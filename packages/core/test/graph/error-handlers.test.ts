// `addNode(name, fn, { errorHandler })` and `setNodeDefaults`, beside LangGraph's own.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../../src/index.js";
import {
  Command,
  GraphError,
  interrupt,
  isNodeError,
  isNodeTimeoutError,
  type NodeError,
  Send,
  START,
  StateGraph,
  task,
} from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, errorOf, graphErrorOf, LogState, newThread, questions, sleep } from "../support/run.js";

type Runtimes = typeof core;
type State = typeof LogState.State;
type Handler = core.NodeErrorHandler<never>;
const fail = (message = "boom") => {
  throw new Error(message);
};

interface Given {
  readonly node?: (state: never, runtime: never) => unknown;
  readonly options?: object;
  readonly defaults?: object;
}

/** A node that may fail, one beside it, one behind it, and one that only a command leads to. */
function build(from: Runtimes, { node = () => fail(), options, defaults }: Given) {
  const log = from.Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] });
  const State = from.Annotation.Root({ log, answer: from.Annotation<unknown>() });
  const says = (name: string) => () => ({ log: [name] });
  const builder = new from.StateGraph(State)
    .addNode("risky", node as () => object, { ends: ["rescue"], ...options })
    .addNode({ beside: says("beside"), behind: says("behind"), rescue: says("rescue") })
    .addEdge(from.START, "risky")
    .addEdge(from.START, "beside")
    .addEdge("risky", "behind");
  if (defaults !== undefined) builder.setNodeDefaults(defaults);
  return builder.compile({ checkpointer: new from.MemorySaver() });
}

const told = (message = "boom") => ({ log: [`told: ${message}`] });
const tell: Handler = (_state, { node, error }) => told(`${node} ${error.message}`);
let runs = 0;
const cases: [does: string, given: (from: Runtimes) => Given, log: string[] | string][] = [
  ["its update counts, and the node's edges are not taken", () => ({ options: { errorHandler: tell } }), ["told: risky boom", "beside"]],
  [
    "its command leads on",
    (from) => ({
      options: { errorHandler: () => new from.Command({ update: told(), goto: "rescue" }) },
    }),
    ["told: boom", "beside", "rescue"],
  ],
  ["it may return nothing", () => ({ options: { errorHandler: () => undefined } }), ["beside"]],
  [
    "it is not asked where nothing fails",
    () => ({ node: () => ({ log: ["ok"] }), options: { errorHandler: tell } }),
    ["beside", "ok", "behind"],
  ],
  [
    "it may wait",
    () => ({ options: { errorHandler: (_: never, { node }: NodeError) => sleep(2).then(() => told(node)) } }),
    ["told: risky", "beside"],
  ],
  ["what it throws fails the run", () => ({ options: { errorHandler: () => fail("its own") } }), "its own"],
  [
    "a timeout is a failure",
    () => ({ node: () => sleep(300), options: { timeout: 50, errorHandler: (_: never, { error }: NodeError) => told(error.name) } }),
    ["told: NodeTimeoutError", "beside"],
  ],
  [
    "an update that does not fit is one",
    () => ({ node: () => 7, options: { errorHandler: (_: never, { error }: NodeError) => told(error.name) } }),
    ["told: InvalidUpdateError", "beside"],
  ],
  [
    "it comes after the last attempt",
    () => ({
      node: () => fail(String(++runs)),
      options: { retryPolicy: { maxAttempts: 3, initialInterval: 1, jitter: false }, errorHandler: tell },
    }),
    ["told: risky 3", "beside"],
  ],
  ["by default, of nodes that have none", () => ({ defaults: { errorHandler: tell } }), ["told: risky boom", "beside"]],
  [
    "a node's own comes first",
    () => ({ options: { errorHandler: tell }, defaults: { errorHandler: () => fail("the default") } }),
    ["told: risky boom", "beside"],
  ],
  [
    "retries by default hold for nodes, and for handlers",
    () => ({
      node: () => fail(String(++runs)),
      options: { errorHandler: (_: never, { error }: NodeError) => (runs++ < 4 ? fail("again") : told(`${error.message} ${runs}`)) },
      defaults: { retryPolicy: { maxAttempts: 3, initialInterval: 1, jitter: false } },
    }),
    ["told: 3 5", "beside"],
  ],
  [
    "a node's own retries do not hold for its handler",
    () => ({ options: { retryPolicy: { maxAttempts: 3, initialInterval: 1 }, errorHandler: () => fail(String(++runs)) } }),
    "1",
  ],
  [
    "a timeout by default",
    () => ({ node: () => sleep(600), defaults: { timeout: 150, errorHandler: () => told() } }),
    ["told: boom", "beside"],
  ],
];

describe("an error handler does what LangGraph's does", () => {
  it.each(cases)("%s", async (_does, given, expected) => {
    for (const from of [peer as unknown as Runtimes, core]) {
      runs = 0;
      const run = build(from, given(from)).invoke({}, newThread());
      if (typeof expected === "string") expect((await errorOf(run)).message).toBe(expected);
      else expect((await run).log.sort()).toEqual([...expected].sort());
    }
  });

  it("gets what the node got, and the runtime; its name is in the metadata", async () => {
    for (const [from, isError] of [
      [peer as unknown as Runtimes, peer.isNodeError],
      [core, isNodeError],
    ] as const) {
      let seen: unknown;
      const errorHandler = (state: State, error: NodeError, config: core.Runtime) => {
        seen = [state.answer, isError(error), isError(error.error), error.constructor.name, config.metadata.langgraph_node];
        return {};
      };
      await build(from, { options: { errorHandler } }).invoke({ answer: 7 }, newThread());
      expect(seen).toEqual([7, true, false, "NodeError", "__error_handler__risky"]);
    }
  });

  it("leaves a pause alone", async () => {
    for (const from of [peer as unknown as Runtimes, core]) {
      const graph = build(from, { node: () => ({ log: [String(from.interrupt("?"))] }), options: { errorHandler: tell } });
      const thread = newThread();
      expect(questions((await graph.invoke({}, thread)).__interrupt__)).toEqual(["?"]);
      expect((await graph.invoke(new from.Command({ resume: "yes" }), thread)).log.sort()).toEqual(["behind", "beside", "yes"]);
    }
  });
});

describe.each(eachSaver)("an error handler, on $name", ({ open }) => {
  it("may ask: the failure is saved, and the node is not run again", async () => {
    const ran: string[] = [];
    const { saver, reopen } = open();
    const graphOn = (checkpointer: core.CheckpointSaver) =>
      new StateGraph(LogState)
        .addNode(
          "pay",
          () => {
            ran.push("pay");
            throw new GraphError("NODE_TIMEOUT", "No receipt");
          },
          {
            errorHandler: (_state, { node, error }) => {
              ran.push(`handle ${isNodeTimeoutError(error)} ${error.message}`);
              return { log: [`${node}: ${interrupt<string>("Refund?")}`] };
            },
          },
        )
        .addEdge(START, "pay")
        .compile({ checkpointer });
    const thread = newThread();
    const paused = await graphOn(saver).invoke({}, thread);
    expect(questions(paused.__interrupt__)).toEqual(["Refund?"]);
    expect((await graphOn(saver).getState(thread)).next).toEqual(["pay"]);
    const answered = await graphOn(reopen()).invoke(new Command({ resume: { [paused.__interrupt__![0]!.id]: "yes" } }), thread);
    expect(answered.log).toEqual(["pay: yes"]);
    expect(ran).toEqual(["pay", "handle true No receipt", "handle true No receipt"]);
  });

  it("gets no answer that was given to the node, and its calls are not the node's", async () => {
    const did: string[] = [];
    const note = task("note", async (text: string) => did.push(text));
    const graph = new StateGraph(LogState)
      .addNode(
        "work",
        async () => {
          await note("in the node");
          interrupt("Go?");
          throw new Error("boom");
        },
        {
          errorHandler: async () => {
            await note("in the handler");
            return { answer: interrupt("And now?") };
          },
        },
      )
      .addEdge(START, "work")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    expect(questions((await graph.invoke({}, thread)).__interrupt__)).toEqual(["Go?"]);
    expect(questions((await graph.invoke(new Command({ resume: "go" }), thread)).__interrupt__)).toEqual(["And now?"]);
    expect((await graph.invoke(new Command({ resume: "stop" }), thread)).answer).toBe("stop");
    expect(did).toEqual(["in the node", "in the handler"]);
  });

  it("keeps what its keyed calls did where the state is changed while it waits", async () => {
    const did: string[] = [];
    const pay = task({ name: "pay", key: (to: string) => to }, async (to: string) => did.push(to));
    const graph = new StateGraph(LogState)
      .addNode("work", () => fail(), {
        errorHandler: async () => {
          await pay("Ada");
          return { log: [interrupt<string>("And now?")] };
        },
      })
      .addNode("beside", () => ({ log: ["beside"] }))
      .addEdge(START, "work")
      .addEdge(START, "beside")
      .compile({ checkpointer: open().saver });
    const thread = newThread();
    await graph.invoke({}, thread);
    await graph.updateState(thread, { answer: "changed" });
    expect(questions((await graph.invoke(null, thread)).__interrupt__)).toEqual(["And now?"]);
    expect(await graph.invoke(new Command({ resume: "on" }), thread)).toEqual({ log: ["beside", "on"], answer: "changed" });
    expect(did).toEqual(["Ada"]);
  });

  it("is code of its node: a question of a handler that has changed is noticed", async () => {
    const { saver } = open();
    const graphOf = (errorHandler: core.NodeErrorHandler) =>
      new StateGraph(LogState)
        .addNode("work", () => fail(), { errorHandler })
        .addEdge(START, "work")
        .compile({ checkpointer: saver, onCodeChange: "refuse" });
    const thread = newThread();
    await graphOf(() => ({ log: [interrupt<string>("And now?")] })).invoke({}, thread);
    const changed = graphOf(() => ({ log: [interrupt<string>("And then?")] })).invoke(new Command({ resume: "on" }), thread);
    expect((await graphErrorOf(changed)).code).toBe("CODE_CHANGED");
  });

  it("that fails after its answer can be answered anew, or the node tried again with another state", async () => {
    let attempts = 0;
    const graph = new StateGraph(LogState)
      .addNode(
        "work",
        ({ answer }) => {
          attempts++;
          return answer === "mended" ? { log: ["worked"] } : fail();
        },
        { errorHandler: () => ({ log: [interrupt<string>("And now?") === "right" ? "handled" : fail("wrong")] }) },
      )
      .addEdge(START, "work")
      .compile({ checkpointer: open().saver });
    const [one, other] = [newThread(), newThread()];
    for (const thread of [one, other]) {
      await graph.invoke({}, thread);
      expect((await errorOf(graph.invoke(new Command({ resume: "?" }), thread))).message).toBe("wrong");
    }
    expect((await graph.invoke(new Command({ resume: "right" }), one)).log).toEqual(["handled"]);
    expect(attempts).toBe(2);
    await graph.updateState(other, { answer: "mended" }, START);
    expect((await graph.invoke(null, other)).log).toEqual(["worked"]);
  });
});

describe("an error handler", () => {
  it("is not asked where the run was stopped, or where the graph inside has a command for this one", async () => {
    const stop = new AbortController();
    let asked = 0;
    const graph = build(core, {
      node: (_: never, { signal }: { signal: AbortSignal }) => {
        setTimeout(() => stop.abort(), 5);
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
      options: { errorHandler: () => void asked++ },
    });
    expect((await graphErrorOf(graph.invoke({}, { ...newThread(), signal: stop.signal }))).code).toBe("ABORTED");
    const inner = new StateGraph(LogState)
      .addNode("leave", () => new Command({ graph: Command.PARENT, goto: "rescue" }))
      .addEdge(START, "leave")
      .compile();
    expect(
      (await build(core, { node: () => inner.invoke({}), options: { errorHandler: () => void asked++ } }).invoke({}, newThread())).log,
    ).toContain("rescue");
    expect(asked).toBe(0);
  });

  it("handles a graph that is a node, and what a Send brought; streams show its update as the node's", async () => {
    const inner = new StateGraph(LogState)
      .addNode("in", () => fail("inside"))
      .addEdge(START, "in")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("inner", inner, { errorHandler: (_state, { error }) => ({ log: [error.message] }) })
      .addNode("item", (_item: { n: number }) => fail(), { errorHandler: ({ n }) => ({ log: [`item ${n}`] }) })
      .addConditionalEdges(START, () => ["inner", new Send("item", { n: 1 }), new Send("item", { n: 2 })])
      .compile();
    const chunks = await collect(graph.stream({}));
    expect(chunks.map((chunk) => JSON.stringify(chunk)).sort()).toEqual(
      [{ inner: { log: ["inside"] } }, { item: { log: ["item 1"] } }, { item: { log: ["item 2"] } }].map((chunk) => JSON.stringify(chunk)),
    );
  });

  it("may lead to nodes that nothing else leads to, and is frozen out of the state in strict graphs", async () => {
    const graph = new StateGraph(LogState)
      .addNode("risky", () => fail(), {
        errorHandler: (state) => {
          state.log.push("changed in place");
          return new Command({ goto: "rescue" });
        },
      })
      .addNode("rescue", () => ({ log: ["rescue"] }))
      .addEdge(START, "risky");
    expect((await graph.compile().invoke({})).log).toContain("rescue");
    expect((await graphErrorOf(graph.compile({ strict: true }).invoke({}))).code).toBe("STATE_MUTATED");
    expect(
      graph
        .compile()
        .getGraph()
        .edges.map(({ source, target }) => `${source} ${target}`),
    ).not.toContain("risky rescue");
  });

  it("is refused where it is no function; so are defaults that nobody reads", () => {
    const builder = new StateGraph(LogState);
    const refused = expect.objectContaining({ code: "INVALID_OPTIONS" });
    expect(() => builder.addNode("a", () => ({}), { errorHandler: "retry" as never })).toThrow(refused);
    for (const defaults of [{ errorHandler: 7 }, { retries: 3 }, { cachePolicy: true }, { retryPolicy: { attempts: 3 } }, "fast"])
      expect(() => builder.setNodeDefaults(defaults as never)).toThrow(refused);
  });
});

it("defaults of later calls add to those of earlier ones, and do not change what was compiled", async () => {
  let ran = 0;
  const builder = new StateGraph(LogState)
    .setNodeDefaults({ retryPolicy: { maxAttempts: 2, initialInterval: 1, jitter: false } })
    .addNode("risky", () => fail(String(++ran)))
    .addEdge(START, "risky");
  const before = builder.compile();
  const after = builder.setNodeDefaults({ errorHandler: (_, { error }) => ({ log: [error.message] }) }).compile();
  expect((await errorOf(before.invoke({}))).message).toBe("2");
  expect((await after.invoke({})).log).toEqual(["4"]);
});
