// Super-steps: what runs together, in which order updates count, where edges lead.
import { describe, expect, it } from "vitest";
import {
  Annotation,
  type AnnotationRoot,
  Command,
  END,
  MemorySaver,
  Overwrite,
  Send,
  START,
  type StateChannel,
  StateGraph,
  Topic,
  UntrackedValue,
} from "../../src/index.js";
import { collect, deferred, graphErrorOf, LogState, log, newThread, savesEachStep, sleep } from "../support/run.js";

const says =
  (name: string, milliseconds = 0) =>
  async () => {
    await sleep(milliseconds);
    return { log: [name] };
  };

describe("parallel nodes", () => {
  it("run at the same time, and count in the order of their names, whichever finished first", async () => {
    const [bothBegun, second] = [deferred(), deferred()];
    const graph = new StateGraph(LogState)
      .addNode("z", async () => {
        await bothBegun.promise;
        second.resolve();
        return { log: ["z"] };
      })
      .addNode("a", async () => {
        bothBegun.resolve();
        await second.promise;
        await sleep(5);
        return { log: ["a"] };
      })
      .addNode("end", says("end"))
      .addEdge(START, "z")
      .addEdge(START, "a")
      .addEdge(["z", "a"], "end")
      .compile();
    expect((await graph.invoke({ log: ["in"] })).log).toEqual(["in", "a", "z", "end"]);
  });

  it("do not see each other's updates, nor change each other's state", async () => {
    const seen: unknown[] = [];
    const look = (name: string) => (state: typeof LogState.State) => {
      seen.push({ ...state });
      (state as Record<string, unknown>)[name] = "mutated";
      return { log: [name] };
    };
    await new StateGraph(LogState)
      .addNode("x", look("x"))
      .addNode("y", look("y"))
      .addEdge(START, "x")
      .addEdge(START, "y")
      .compile()
      .invoke({ answer: 1 });
    expect(seen).toEqual([
      { log: [], answer: 1 },
      { log: [], answer: 1 },
    ]);
  });

  it("may not both write a plain key", async () => {
    const graph = new StateGraph(LogState)
      .addNode("x", () => ({ answer: 1 }))
      .addNode("y", () => ({ answer: 2 }))
      .addEdge(START, "x")
      .addEdge(START, "y")
      .compile();
    expect((await graphErrorOf(graph.invoke({}))).code).toBe("INVALID_CONCURRENT_GRAPH_UPDATE");
  });

  it("run so many at a time as maxConcurrency says, and count in the same order", async () => {
    let [running, most] = [0, 0];
    const builder = new StateGraph(LogState).addNode(
      "fan",
      () => new Command({ goto: Array.from({ length: 20 }, (_, i) => new Send("work", i)) }),
      { ends: ["work"] },
    );
    const graph = builder
      .addNode("work", async (i: unknown) => {
        most = Math.max(most, ++running);
        await sleep(20 - Number(i));
        running--;
        return { log: [String(i)] };
      })
      .addEdge(START, "fan")
      .compile();
    const expected = Array.from({ length: 20 }, (_, i) => String(i));
    expect((await graph.invoke({}, { maxConcurrency: 3 })).log).toEqual(expected);
    expect(most).toBe(3);
    most = 0;
    expect((await graph.invoke({}, { maxConcurrency: 1 })).log).toEqual(expected);
    expect(most).toBe(1);
    for (const wrong of [0, -1, Number.NaN, "two"]) {
      expect((await graphErrorOf(graph.invoke({}, { maxConcurrency: wrong as number }))).code).toBe("INVALID_CONFIG");
    }
  });
});

describe("a fan-in", () => {
  const diamond = (from: ["b", "c2"] | "single") => {
    const graph = new StateGraph(LogState)
      .addNode({ a: says("a"), b: says("b"), c1: says("c1"), c2: says("c2"), end: says("end") })
      .addEdge(START, "a")
      .addEdge("a", "b")
      .addEdge("a", "c1")
      .addEdge("c1", "c2");
    return from === "single" ? graph.addEdge("b", "end").addEdge("c2", "end") : graph.addEdge(from, "end");
  };
  it("waits for all of its nodes, though they take different numbers of steps", async () => {
    expect((await diamond(["b", "c2"]).compile().invoke({})).log).toEqual(["a", "b", "c1", "c2", "end"]);
  });
  it("is not what several edges are: those run the node once for each step", async () => {
    expect((await diamond("single").compile().invoke({})).log).toEqual(["a", "b", "c1", "c2", "end", "end"]);
  });
  it("holds from one process to the next, and does not go off twice", async () => {
    const saver = new MemorySaver();
    const config = newThread();
    const graph = diamond(["b", "c2"]).compile({ checkpointer: saver, interruptAfter: ["c1"] });
    await graph.invoke({}, config);
    expect((await graph.invoke(null, config)).log).toEqual(["a", "b", "c1", "c2", "end"]);
    expect((await graph.invoke({ log: ["again"] }, { ...config, interruptAfter: [] })).log.slice(5)).toEqual([
      "again",
      "a",
      "b",
      "c1",
      "c2",
      "end",
    ]);
  });
  it("tells apart fan-ins of nodes whose names run together", async () => {
    const graph = new StateGraph(LogState)
      .addNode({ a: says("a"), "b+c": says("b+c"), b: says("b"), c: says("c"), t: says("t") })
      .addEdge(START, "a")
      .addConditionalEdges(START, ({ answer }) => (answer === "two" ? "b+c" : ["b", "c"]), ["b", "c", "b+c"])
      .addEdge(["a", "b+c"], "t")
      .addEdge(["a", "b", "c"], "t")
      .compile();
    expect((await graph.invoke({ answer: "two" })).log).toEqual(["a", "b+c", "t"]);
    expect((await graph.invoke({ answer: "three" })).log).toEqual(["a", "b", "c", "t"]);
  });
});

describe("a conditional edge", () => {
  it("sees its own node's update, and not those beside it", async () => {
    const seen: unknown[] = [];
    await new StateGraph(LogState)
      .addNode("x", says("x"))
      .addNode("y", says("y"))
      .addEdge(START, "x")
      .addEdge(START, "y")
      .addConditionalEdges("x", ({ log }) => {
        seen.push(log);
        return END;
      })
      .compile()
      .invoke({});
    expect(seen).toEqual([["x"]]);
  });

  it("leads by name, by path map, to several, to sends, and to the end", async () => {
    const route = async (choice: unknown, ends?: Record<string, "b" | "c" | typeof END>) =>
      (
        await new StateGraph(LogState)
          .addNode("a", says("a"))
          .addNode("b", says("b"))
          .addNode("c", says("c"))
          .addEdge(START, "a")
          .addConditionalEdges("a", async () => choice, ends)
          .compile()
          .invoke({})
      ).log;
    expect(await route("b")).toEqual(["a", "b"]);
    expect(await route(["b", "c"])).toEqual(["a", "b", "c"]);
    expect(await route(END)).toEqual(["a"]);
    expect(await route([])).toEqual(["a"]);
    expect(await route([new Send("c", {}), "b"])).toEqual(["a", "b", "c"]);
    expect(await route(true, { true: "b", false: "c" })).toEqual(["a", "b"]);
    expect(await route("stop", { stop: END, go: "b", also: "c" })).toEqual(["a"]);
    for (const [choice, ends] of [["nowhere"], [undefined], [null], ["toString", { yes: "b", no: "c" }]] as const) {
      expect((await graphErrorOf(route(choice, ends))).code).toBe("UNKNOWN_NODE");
    }
  });

  it("may leave START, with the input in sight", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", says("a"))
      .addNode("b", says("b"))
      .addConditionalEdges(START, ({ answer }) => (answer === 1 ? "a" : "b"))
      .compile();
    expect((await graph.invoke({ answer: 1 })).log).toEqual(["a"]);
    expect((await graph.invoke({ answer: 2 })).log).toEqual(["b"]);
  });
});

describe("Send", () => {
  it("maps and reduces, in the order of sending", async () => {
    const State = Annotation.Root({ cities: Annotation<string[]>(), log: log() });
    const graph = new StateGraph(State)
      .addNode("weather", async ({ city }: { city: string }) => {
        await sleep(city.length);
        return { log: [`${city}: sunny`] };
      })
      .addNode("report", ({ log }) => ({ log: [`${log.length} cities`] }))
      .addConditionalEdges(START, ({ cities }) => cities.map((city) => new Send("weather", { city })), ["weather"])
      .addEdge("weather", "report")
      .compile();
    expect((await graph.invoke({ cities: ["Wellington", "Rome", "Oslo"] })).log).toEqual([
      "Wellington: sunny",
      "Rome: sunny",
      "Oslo: sunny",
      "3 cities",
    ]);
    expect((await graph.invoke({ cities: [] })).log).toEqual([]);
  });

  it("runs a thousand tasks, each with its own saved result", async () => {
    const saver = new MemorySaver();
    const config = newThread();
    let ran = 0;
    const graph = new StateGraph(LogState)
      .addNode("work", (i: unknown) => {
        ran++;
        return { log: [String(i)] };
      })
      .addNode("end", ({ log }) => ({ answer: log.length }))
      .addConditionalEdges(START, () => Array.from({ length: 1000 }, (_, i) => new Send("work", i)), ["work"])
      .addEdge("work", "end")
      .compile({ checkpointer: saver });
    const result = await graph.invoke({}, config);
    expect(result.answer).toBe(1000);
    expect(result.log).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
    expect(ran).toBe(1000);
  });
});

describe("Command", () => {
  it("updates and goes, beside the node's edges", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", () => new Command({ update: { log: ["a"] }, goto: "b" }), { ends: ["b"] })
      .addNode("b", says("b"))
      .addNode("c", says("c"))
      .addEdge(START, "a")
      .addEdge("a", "c")
      .compile();
    expect((await graph.invoke({})).log).toEqual(["a", "b", "c"]);
  });

  it("may come as a list with updates", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", () => [{ log: ["1"] }, new Command({ update: { log: ["2"] } }), { log: ["3"] }])
      .addEdge(START, "a")
      .compile();
    expect(await collect(graph.stream({}))).toEqual([{ a: [{ log: ["1"] }, { log: ["2"] }, { log: ["3"] }] }]);
    expect((await graph.invoke({})).log).toEqual(["1", "2", "3"]);
  });

  it("that is for the parent is an error in a graph that has none", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", () => new Command({ graph: Command.PARENT, goto: "x" }))
      .addEdge(START, "a")
      .compile();
    expect((await graphErrorOf(graph.invoke({}))).code).toBe("INVALID_UPDATE");
    expect((await graphErrorOf(graph.invoke(new Command({ graph: Command.PARENT })))).code).toBe("INVALID_INPUT");
  });
});

describe("a deferred node", () => {
  it("waits until nothing else is left, however long that takes", async () => {
    const graph = new StateGraph(LogState)
      .addNode("last", says("last"), { defer: true })
      .addNode({ a: says("a"), b: says("b"), c: says("c") })
      .addEdge(START, "last")
      .addEdge(START, "a")
      .addEdge("a", "b")
      .addEdge("b", "c")
      .compile();
    expect((await graph.invoke({})).log).toEqual(["a", "b", "c", "last"]);
  });

  it("is shown as next when its turn comes", async () => {
    const graph = new StateGraph(LogState)
      .addNode("last", says("last"), { defer: true })
      .addNode({ a: says("a"), b: says("b") })
      .addEdge(START, "last")
      .addEdge(START, "a")
      .addEdge("a", "b")
      .compile({ checkpointer: new MemorySaver(), interruptBefore: ["last"] });
    const config = newThread();
    await graph.invoke({}, { ...config, ...savesEachStep });
    const shown = (await collect(graph.getStateHistory(config))).map(({ next, tasks }) => [next, tasks.map(({ name }) => name)]);
    expect(shown).toEqual([["last"], ["b"], ["a"], [START]].map((names) => [names, names]));
  });
});

describe("channels in a graph", () => {
  it("live as long as they say: a step, a run, or for good", async () => {
    const State = Annotation.Root({ step: new Topic<string>(), run: new UntrackedValue<() => string>(), kept: log() });
    const config = newThread();
    const seen: unknown[] = [];
    const graph = new StateGraph(State)
      .addNode("a", () => ({ step: "from a", run: () => "a function", kept: ["a"] }))
      .addNode("b", (state) => void seen.push([state.step, state.run?.()]))
      .addNode("c", (state) => void seen.push([state.step, state.run?.()]))
      .addNode("d", (state) => void seen.push([state.step, state.run?.()]))
      .addNode("e", () => undefined)
      .addEdge(START, "a")
      .addEdge("a", "b")
      .addEdge("b", "c")
      .addEdge("c", "d")
      .addEdge("d", "e")
      .compile({ checkpointer: new MemorySaver(), interruptBefore: ["d"] });
    await graph.invoke({}, config);
    await graph.invoke(null, config);
    expect(seen).toEqual([
      [["from a"], "a function"],
      [undefined, "a function"],
      [undefined, undefined],
    ]);
    expect((await graph.getState(config)).values).toEqual({ kept: ["a"] });
  });

  it("take an Overwrite past their reducer", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", () => ({ log: new Overwrite(["fresh"]) }))
      .addEdge(START, "a")
      .compile();
    expect((await graph.invoke({ log: ["old"] })).log).toEqual(["fresh"]);
  });
});

describe("state keys that every object has", () => {
  it("are keys like any other", async () => {
    // TypeScript sees the keys of Object.prototype in every literal, so that such a state is for JavaScript only.
    const State: AnnotationRoot<Record<string, StateChannel<unknown, unknown>>> = Annotation.Root<never>({
      constructor: Annotation<string>(),
      toString: log(),
      hasOwnProperty: Annotation<number>(),
    } as never);
    const config = newThread();
    const graph = new StateGraph(State)
      .addNode("valueOf", (state) => ({ toString: [typeof state.constructor], hasOwnProperty: 1 }) as never)
      .addEdge(START, "valueOf")
      .compile({ checkpointer: new MemorySaver() });
    const expected = { constructor: "c", toString: ["in", "string"], hasOwnProperty: 1 };
    expect(await graph.invoke({ constructor: "c", toString: ["in"] } as never, config)).toEqual(expected);
    expect((await graph.getState(config)).values).toEqual(expected);
    await graph.updateState(config, { constructor: "updated" } as never);
    expect((await graph.getState(config)).values.constructor).toBe("updated");
    expect(
      await new StateGraph(State)
        .addNode("n", () => undefined)
        .addEdge(START, "n")
        .compile()
        .invoke({}),
    ).toEqual({ toString: [] });
  });
});
