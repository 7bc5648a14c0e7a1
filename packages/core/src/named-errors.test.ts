// Each error that a run gives is found by the class, and by the name, that LangGraph 1.7.3 has for it: the peer's own runs are asked beside ours.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as core from "./index.js";

const { Annotation, Command, GraphError, interrupt, START, StateGraph } = core;

type Made = { invoke(input: unknown, config?: object): Promise<unknown>; updateState: (...args: never[]) => Promise<unknown> };
type Graphs = typeof core;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A graph of one node, of either runtime. */
function graph(from: Graphs, node: (state: never, config: never) => unknown, options: { saves?: boolean; timeout?: number } = {}) {
  const State = from.Annotation.Root({ x: from.Annotation<unknown>() });
  const builder = new from.StateGraph(State)
    .addNode("n", node as never, options.timeout === undefined ? {} : { timeout: options.timeout })
    .addEdge(from.START, "n");
  return builder.compile(options.saves ? { checkpointer: new from.MemorySaver() } : {}) as unknown as Made;
}
const thread = { configurable: { thread_id: "1" } };

const failures: [name: string, fail: (from: Graphs) => Promise<unknown>, code: string][] = [
  ["EmptyInputError", (from) => graph(from, () => ({})).invoke(null), "EMPTY_INPUT"],
  [
    "GraphRecursionError",
    (from) => graph(from, () => new from.Command({ goto: "n" })).invoke({}, { recursionLimit: 2 }),
    "GRAPH_RECURSION_LIMIT",
  ],
  ["GraphValueError", (from) => graph(from, () => ({})).updateState(thread as never, { x: 1 } as never), "MISSING_CHECKPOINTER"],
  ["GraphValueError", (from) => graph(from, () => from.interrupt("?")).invoke({}), "MISSING_CHECKPOINTER"],
  ["InvalidUpdateError", (from) => graph(from, () => 5).invoke({}), "INVALID_GRAPH_NODE_RETURN_VALUE"],
  [
    "InvalidUpdateError",
    async (from) => {
      const State = from.Annotation.Root({ x: from.Annotation<unknown>() });
      const both = new from.StateGraph(State).addNode({ n: () => ({ x: 1 }), m: () => ({ x: 2 }) });
      return both.addEdge(from.START, "n").addEdge(from.START, "m").compile().invoke({});
    },
    "INVALID_CONCURRENT_GRAPH_UPDATE",
  ],
  [
    "InvalidUpdateError",
    (from) => {
      const { bulkUpdateState } = graph(from, () => ({}), { saves: true }) as unknown as core.CompiledGraph;
      return bulkUpdateState.call(graph(from, () => ({}), { saves: true }) as never, thread, [
        { updates: [{ values: {} }, { values: {} }] },
      ]);
    },
    "AMBIGUOUS_UPDATE",
  ],
  ["NodeTimeoutError", (from) => graph(from, () => wait(200), { timeout: 5 }).invoke({}), "NODE_TIMEOUT"],
  [
    "UnreachableNodeError",
    async (from) =>
      new from.StateGraph(from.Annotation.Root({ x: from.Annotation() }))
        .addNode({ n: () => ({}), z: () => ({}) })
        .addEdge(from.START, "n")
        .compile(),
    "UNREACHABLE_NODE",
  ],
];

/** Classes by name. */
type Classes = Record<string, new () => Error>;
const peers = { ...peer } as unknown as Classes;
const ours = { ...core } as unknown as Classes;

const errorOf = (fail: Promise<unknown>): Promise<Error & { code: string; lc_error_code: string; details: Record<string, unknown> }> =>
  fail.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );

describe("errors under LangGraph's names", () => {
  it.each(failures)("%s", async (name, fail, code) => {
    const [theirs, own] = [await errorOf(fail(peer as unknown as Graphs)), await errorOf(fail(core))];
    expect([theirs.name, theirs instanceof peers[name]!]).toEqual([name, true]);
    expect([own.name, own instanceof ours[name]!, own.code, own.lc_error_code]).toEqual([name, true, code, code]);
    if (theirs.lc_error_code !== undefined) expect(own.lc_error_code).toBe(theirs.lc_error_code);
    // No other class takes it for its own.
    const classes = [...new Set(failures.map(([each]) => each)), "UnknownInterruptError"];
    expect(classes.filter((each) => own instanceof ours[each]!)).toEqual([name]);
  });

  it("UnknownInterruptError: answers that are for nothing that waits, or for more than one", async () => {
    const asking = graph(core, () => ({ x: [interrupt("?")] }), { saves: true });
    const both = new StateGraph(Annotation.Root({ x: Annotation<unknown>() }))
      .addNode({ a: () => interrupt("a?"), b: () => interrupt("b?") })
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile({ checkpointer: new core.MemorySaver() });
    const answer = (resume: unknown, to: Pick<Made, "invoke"> = asking) => errorOf(to.invoke(new Command({ resume }), thread));
    await asking.invoke({}, thread);
    await both.invoke({}, thread);
    const errors = [await answer({ ["0".repeat(32)]: 1 }), await answer("yes", both)];
    await asking.invoke(new Command({ resume: "yes" }), thread);
    errors.push(await answer("yes"));
    await asking.updateState(thread as never, { x: 1 } as never);
    errors.push(await answer("yes"));
    expect(errors.map(({ code }) => code)).toEqual(["UNKNOWN_INTERRUPT", "AMBIGUOUS_RESUME", "ALREADY_DECIDED", "NOTHING_TO_RESUME"]);
    for (const error of errors) expect([error.name, error instanceof core.UnknownInterruptError]).toEqual(["UnknownInterruptError", true]);
  });

  it("a node's timeout says whose it was", async () => {
    const error = await errorOf(graph(core, () => wait(200), { timeout: 5 }).invoke({}));
    expect(error.details).toEqual({ node: "n", timeout: 5 });
  });

  it("guards tell them, and nothing else, apart", async () => {
    const late = await errorOf(graph(core, () => wait(200), { timeout: 5 }).invoke({}));
    const unknown = await errorOf(graph(core, () => ({}), { saves: true }).invoke(new Command({ resume: 1 }), thread));
    const values: unknown[] = [late, unknown, new core.GraphRecursionError(), undefined, null, "x", {}];
    expect(values.map((value) => core.isNodeTimeoutError(value))).toEqual([true, ...Array(6).fill(false)]);
    expect(values.map((value) => core.isUnknownInterruptError(value))).toEqual([false, true, ...Array(5).fill(false)]);
    expect(values.filter((value) => core.isInvalidResume(value) || core.isParentCommand(value))).toEqual([]);
    expect([peer.isNodeTimeoutError(late), peer.isUnknownInterruptError(unknown)]).toEqual([true, true]);
  });

  it("isInvalidResume: an answer that its schema refuses, itself or as a cause; the question can be answered again", async () => {
    const asking = graph(core, () => ({ x: interrupt("?", { schema: z.number() }) }), { saves: true });
    await asking.invoke({}, thread);
    const error = await errorOf(asking.invoke(new Command({ resume: "no number" }), thread));
    const within = (depth: number): unknown => (depth === 0 ? error : new Error("around", { cause: within(depth - 1) }));
    expect([0, 1, 9, 10].map((depth) => core.isInvalidResume(within(depth)))).toEqual([true, true, true, false]);
    expect(await asking.invoke(new Command({ resume: 5 }), thread)).toEqual({ x: 5 });
    const hidden = Object.defineProperty({}, "cause", { get: () => expect.fail("it cannot be looked at") });
    expect(core.isInvalidResume(hidden)).toBe(false);
  });

  it("are found across duplicate installs, and are made by whoever wants one", () => {
    const foreign = Object.assign(new Error("from another copy"), {
      code: "GRAPH_RECURSION_LIMIT",
      [Symbol.for("holdpoint.GraphError")]: true,
    });
    expect(foreign).toBeInstanceOf(core.GraphRecursionError);
    const made = new core.GraphRecursionError("Too long.", { cause: 7 });
    expect([made.message, made.code, made.name, made.cause]).toEqual(["Too long.", "GRAPH_RECURSION_LIMIT", "GraphRecursionError", 7]);
    expect([made instanceof core.GraphRecursionError, GraphError.is(made), made instanceof core.EmptyInputError]).toEqual([
      true,
      true,
      false,
    ]);
    class Own extends core.GraphRecursionError {}
    expect([new Own() instanceof core.GraphRecursionError, new Own() instanceof Own, made instanceof Own]).toEqual([true, true, false]);
    for (const none of [undefined, null, "x", {}, new Error("x")]) {
      expect((none as object) instanceof core.GraphRecursionError).toBe(false);
      expect(core.isGraphBubbleUp(none)).toBe(false);
    }
  });
});

describe("what leaves a node without being an error", () => {
  it("a pause is a GraphInterrupt and a GraphBubbleUp, to LangGraph's own code too", async () => {
    let caught: unknown;
    const asking = graph(
      core,
      () => {
        try {
          interrupt("?");
        } catch (error) {
          caught = error;
          throw error;
        }
      },
      { saves: true },
    );
    await asking.invoke({}, thread);
    expect(caught).toBeInstanceOf(core.GraphInterrupt);
    expect(caught).toBeInstanceOf(core.GraphBubbleUp);
    expect(
      [core.isGraphInterrupt, core.isGraphBubbleUp, peer.isGraphInterrupt, peer.isGraphBubbleUp].map((is) => is(caught as never)),
    ).toEqual([true, true, true, true]);
    expect((caught as core.GraphInterrupt).interrupts.map(({ value }) => value)).toEqual(["?"]);
    expect(core.isGraphBubbleUp(new core.GraphRecursionError())).toBe(false);
  });

  it("so is a command for the graph around, on its way out of a graph that is called", async () => {
    let caught: unknown;
    const State = Annotation.Root({ x: Annotation<unknown>() });
    const inner = new StateGraph(State)
      .addNode("n", () => new Command({ graph: Command.PARENT, goto: "after" }))
      .addEdge(START, "n")
      .compile();
    const outer = new StateGraph(State)
      .addNode(
        "call",
        async () => {
          try {
            await inner.invoke({});
          } catch (error) {
            caught = error;
            throw error;
          }
        },
        { ends: ["after"] },
      )
      .addNode("after", () => ({ x: "after" }))
      .addEdge(START, "call")
      .compile();
    expect(await outer.invoke({})).toEqual({ x: "after" });
    expect([caught instanceof core.GraphBubbleUp, caught instanceof core.GraphInterrupt, core.isGraphInterrupt(caught)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([peer.isParentCommand(caught), core.isParentCommand(caught), caught instanceof core.ParentCommand]).toEqual([true, true, true]);
  });
});

describe("a run that is stopped", () => {
  const until = (_: never, { signal }: { signal?: AbortSignal }) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const stops: [name: string, config: () => object, expected: string][] = [
    ["by its signal", () => ({ signal: AbortSignal.timeout(5) }), "TimeoutError"],
    ["by its timeout", () => ({ timeout: 5 }), "TimeoutError"],
    ["before it began", () => ({ signal: AbortSignal.abort() }), "AbortError"],
    [
      "by its controller",
      () => {
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 5);
        return { signal: stop.signal };
      },
      "AbortError",
    ],
  ];

  it.each(stops)("%s rejects under the peer's name, and keeps its code", async (_name, config, expected) => {
    for (const node of [until, () => wait(30)] as const) {
      const theirs = await errorOf(graph(peer as unknown as Graphs, node as never).invoke({}, config()));
      for (const saves of [false, true]) {
        const ours = await errorOf(graph(core, node as never, { saves }).invoke({}, { ...config(), ...(saves ? thread : {}) }));
        expect([theirs.name, ours.name, ours.code]).toEqual([expected, expected, "ABORTED"]);
        expect((ours.cause as Error).name).toBe(expected);
      }
    }
  });

  it.each([[new Error("my reason")], ["a text"], [null]])(
    "for a reason of one's own (%s) is an AbortError with that cause",
    async (reason) => {
      const ours = await errorOf(graph(core, () => wait(5)).invoke({}, { signal: AbortSignal.abort(reason) }));
      expect([ours.name, ours.code, ours.cause]).toEqual(["AbortError", "ABORTED", reason]);
    },
  );

  it("have guards, for code that asks by them", async () => {
    const late = await errorOf(graph(core, () => wait(200), { timeout: 5 }).invoke({}));
    const schema = {
      "~standard": {
        version: 1,
        vendor: "t",
        validate: (value: unknown) => (value === "yes" ? { value } : { issues: [{ message: "no" }] }),
      },
    };
    const asking = graph(core, () => ({ x: [interrupt("?", { schema } as never)] }), { saves: true });
    await asking.invoke({}, thread);
    const unfit = await errorOf(asking.invoke(new Command({ resume: "maybe" }), thread));
    const unknown = await errorOf(asking.invoke(new Command({ resume: { ["0".repeat(32)]: 1 } }), thread));
    const guards = [core.isNodeTimeoutError, core.isUnknownInterruptError, core.isInvalidResume, core.isParentCommand];
    const asked = (error: unknown) => guards.map((guard) => guard(error));
    expect(asked(late)).toEqual([true, false, false, false]);
    expect(asked(unknown)).toEqual([false, true, false, false]);
    expect(asked(unfit)).toEqual([false, false, true, false]);
    expect(asked(new Error("around", { cause: unfit }))).toEqual([false, false, true, false]);
    for (const none of [undefined, null, "x", {}]) expect(asked(none)).toEqual([false, false, false, false]);
    let caught: unknown;
    const State = Annotation.Root({ x: Annotation<unknown>() });
    const inner = new StateGraph(State)
      .addNode("n", () => new Command({ graph: Command.PARENT, update: { x: 1 } }))
      .addEdge(START, "n")
      .compile();
    const outer = new StateGraph(State)
      .addNode("calls", async () => {
        await inner.invoke({}).catch((error: unknown) => {
          caught = error;
          throw error;
        });
        return {};
      })
      .addEdge(START, "calls")
      .compile();
    expect(await outer.invoke({})).toEqual({ x: 1 });
    expect(asked(caught)).toEqual([false, false, false, true]);
    expect([caught instanceof core.ParentCommand, core.isGraphBubbleUp(caught)]).toEqual([true, true]);
  });
});
