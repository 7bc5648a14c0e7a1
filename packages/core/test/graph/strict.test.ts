// compile({ strict: true }): code that changes the state in place fails loudly.
import { describe, expect, it } from "vitest";
import {
  Annotation,
  Command,
  entrypoint,
  getPreviousState,
  interrupt,
  MemorySaver,
  Overwrite,
  Send,
  START,
  StateGraph,
} from "../../src/index.js";
import { graphErrorOf, newThread } from "../support/run.js";

interface Shape {
  list: number[];
  map: Record<string, { n: number }>;
  seen: Map<string, number>;
  count: number;
}

const State = Annotation.Root({
  list: Annotation<number[]>({ reducer: (all, more) => all.concat(more), default: () => [1, 2, 3] }),
  map: Annotation<Record<string, { n: number }>>({ reducer: (all, more) => ({ ...all, ...more }), default: () => ({ a: { n: 1 } }) }),
  seen: Annotation<Map<string, number>>({ reducer: (_, next) => next, default: () => new Map([["x", 1]]) }),
  count: Annotation<number>({ reducer: (_, next) => next, default: () => 0 }),
});

const graphWith = (node: (state: Shape) => unknown, strict = true) =>
  new StateGraph(State)
    .addNode("careless", node as (state: Shape) => Partial<Shape>)
    .addEdge(START, "careless")
    .compile({ strict, checkpointer: new MemorySaver() });

describe("a node that changes the state in place", () => {
  const changes: readonly [string, (state: Shape) => unknown, string | undefined][] = [
    ["pushes", (state) => state.list.push(4), "list"],
    ["pops", (state) => state.list.pop(), "list"],
    ["sorts", (state) => state.list.sort((a, b) => b - a), "list"],
    ["shifts", (state) => state.list.shift(), "list"],
    ["empties", (state) => (state.list.length = 0), "list"],
    ["sets an item", (state) => (state.list[0] = 9), "list"],
    ["sets a property", (state) => (state.map.a!.n = 2), "map"],
    ["adds a property", (state) => (state.map.b = { n: 2 }), undefined],
    ["deletes a property", (state) => delete state.map.a, "map"],
    ["changes a map", (state) => state.seen.set("y", 2), "seen"],
    ["sets a state key", (state) => (state.count = 1), "count"],
  ];

  it.each(changes)("and %s, is told so", async (_, change, key) => {
    const error = await graphErrorOf(graphWith((state) => void change(state)).invoke({ count: 0 }, newThread()));
    expect(error.code).toBe("STATE_MUTATED");
    expect(error.details.node).toBe("careless");
    expect(error.details.key).toBe(key);
    expect(error.message).toContain('Node "careless"');
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it.each(changes)("and %s, is not noticed by default", async (_, change) => {
    await graphWith((state) => void change(state), false).invoke({ count: 0 }, newThread());
  });

  it("after it has waited for something", async () => {
    const graph = graphWith(async (state) => {
      await Promise.resolve();
      state.list.push(4);
    });
    expect((await graphErrorOf(graph.invoke({ count: 0 }, newThread()))).code).toBe("STATE_MUTATED");
  });

  it("of a thread that was read back", async () => {
    const checkpointer = new MemorySaver();
    const config = newThread();
    const builder = new StateGraph(State)
      .addNode("ask", ({ list }) => {
        const answer = interrupt<string>("?");
        if (answer === "mutate") list.push(4);
        return { count: list.length };
      })
      .addEdge(START, "ask");
    const graph = () => builder.compile({ strict: true, checkpointer });
    await graph().invoke({ list: [4] }, config);
    const error = await graphErrorOf(graph().invoke(new Command({ resume: "mutate" }), config));
    expect([error.code, error.details.key]).toEqual(["STATE_MUTATED", "list"]);
  });
});

describe("strict mode", () => {
  it("reaches what a Send carries, conditional edges, reducers and subgraphs", async () => {
    const run = async (
      build: (builder: ReturnType<typeof start>) => { compile(options: object): { invoke(input: never): Promise<unknown> } },
    ) =>
      graphErrorOf(
        build(start())
          .compile({ strict: true })
          .invoke({ count: 0 } as never),
      );
    const start = () => new StateGraph(State).addNode("first", () => ({ list: [4] })).addEdge(START, "first");

    const sent = await run((builder) =>
      builder
        .addNode("sent", ((input: { items: number[] }) => void input.items.push(1)) as never)
        .addConditionalEdges("first", () => [new Send("sent", { items: [1] })], ["sent"]),
    );
    expect(sent.details).toEqual({ node: "sent", key: "items" });

    const edge = await run((builder) =>
      builder
        .addNode("next", () => ({}))
        .addConditionalEdges(
          "first",
          (state) => {
            state.list.push(5);
            return "next";
          },
          ["next"],
        ),
    );
    expect(edge.code).toBe("STATE_MUTATED");
    expect(edge.details).toMatchObject({ key: "list", branch: expect.any(String) });

    const inner = new StateGraph(State)
      .addNode("in", (state) => void state.seen.set("y", 2))
      .addEdge(START, "in")
      .compile();
    const sub = await run((builder) => builder.addNode("sub", inner).addEdge("first", "sub"));
    expect([sub.code, sub.details]).toEqual(["STATE_MUTATED", { node: "sub", key: "seen" }]);

    const Careless = Annotation.Root({
      all: Annotation<number[], number[]>({
        reducer: (all, more) => {
          all.push(...more);
          return all;
        },
        default: () => [],
      }),
    });
    const graph = new StateGraph(Careless).addNode("n", () => ({ all: [1] })).addEdge(START, "n");
    const reducer = await graphErrorOf(graph.compile({ strict: true }).invoke({ all: [0] }));
    expect([reducer.code, reducer.details]).toEqual(["STATE_MUTATED", { key: "all" }]);
  });

  it("changes nothing for code that returns what is new", async () => {
    const run = (strict: boolean) =>
      new StateGraph(State)
        .addNode("a", ({ list, map, seen }) => ({ list: [list.length], map: { b: { n: 2 }, ...map }, seen: new Map(seen).set("y", 2) }))
        .addNode("b", () => new Command({ update: { count: 5, list: new Overwrite([7]) as never }, goto: "c" }), { ends: ["c"] })
        .addNode("c", ({ count }) => ({ count: count + 1 }))
        .addEdge(START, "a")
        .addEdge("a", "b")
        .compile({ strict, checkpointer: new MemorySaver() })
        .invoke({ list: [4] }, newThread());
    expect(await run(true)).toEqual(await run(false));
  });

  it("lets other errors through as they are, pauses and type errors of the node's own too", async () => {
    const boom = new TypeError("Cannot read properties of undefined (reading 'x')");
    const failing = graphWith(() => {
      throw boom;
    });
    await expect(failing.invoke({ count: 0 }, newThread())).rejects.toBe(boom);
  });

  it("freezes the input and the previous state of an entrypoint", async () => {
    const config = newThread();
    const flow = entrypoint({ name: "flow", checkpointer: new MemorySaver(), strict: true }, async (input: { add: number[] }) => {
      const previous = getPreviousState<number[]>();
      if (previous !== undefined) previous.push(1);
      return input.add;
    });
    expect(await flow.invoke({ add: [1] }, config)).toEqual([1]);
    expect((await graphErrorOf(flow.invoke({ add: [2] }, config))).code).toBe("STATE_MUTATED");
  });
});
