// What each stream mode shows, alone and together, with subgraphs and without.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as core from "../../src/index.js";
import {
  Command,
  getWriter,
  interrupt,
  MemorySaver,
  Send,
  START,
  StateGraph,
  type StateSnapshot,
  type StreamMode,
  task,
  writer as writeFromAnywhere,
} from "../../src/index.js";
import { collect, errorOf, LogState, newThread, savesEachStep, sleep } from "../support/run.js";

const chain = () =>
  new StateGraph(LogState)
    .addNode("a", () => ({ log: ["a"] }))
    .addNode("b", () => ({ answer: 1 }))
    .addNode("silent", () => undefined)
    .addEdge(START, "a")
    .addEdge("a", "b")
    .addEdge("b", "silent");

/** As much of a task's chunk as both runtimes show. */
interface Shown {
  readonly name: string;
  readonly metadata?: Record<string, unknown>;
}

describe("the mode", () => {
  it("values shows the state at first and after each step that changed it", async () => {
    expect(
      await collect(
        chain()
          .compile()
          .stream({ log: ["in"] }, { streamMode: "values" }),
      ),
    ).toEqual([{ log: ["in"] }, { log: ["in", "a"] }, { log: ["in", "a"], answer: 1 }]);
  });

  it("updates shows each task's update, and is the default", async () => {
    const expected = [{ a: { log: ["a"] } }, { b: { answer: 1 } }, { silent: {} }];
    expect(await collect(chain().compile().stream({}))).toEqual(expected);
    expect(await collect(chain().compile().stream({}, { streamMode: "updates" }))).toEqual(expected);
  });

  it("updates shows parallel tasks as they finish", async () => {
    const graph = new StateGraph(LogState)
      .addNode("work", async (wait: number) => {
        await sleep(wait);
        return { log: [String(wait)] };
      })
      .addConditionalEdges(START, () => [30, 1, 15].map((wait) => new Send("work", wait)), ["work"])
      .compile();
    expect(await collect(graph.stream({}))).toEqual([1, 15, 30].map((wait) => ({ work: { log: [String(wait)] } })));
  });

  it("custom shows what nodes write, from the writer or from anywhere inside", async () => {
    const graph = new StateGraph(LogState)
      .addNode("n", async (_, { writer }) => {
        writer({ progress: 1 });
        await sleep(1);
        getWriter()("half");
        writeFromAnywhere("more");
        writer(null);
      })
      .addEdge(START, "n")
      .compile();
    expect(await collect(graph.stream({}, { streamMode: "custom" }))).toEqual([{ progress: 1 }, "half", "more", null]);
    await graph.invoke({});
    expect(() => writeFromAnywhere("outside")).toThrow(expect.objectContaining({ code: "OUTSIDE_RUN" }));
  });

  it.each(["updates", "values"] as const)("%s shows a breakpoint inside of a graph once, as the outermost one's", async (streamMode) => {
    const inner = new StateGraph(LogState)
      .addNode("first", () => ({ log: ["first"] }))
      .addNode("second", () => ({ log: ["second"] }))
      .addEdge(START, "first")
      .addEdge("first", "second")
      .compile({ interruptBefore: ["second"] });
    const graph = new StateGraph(LogState).addNode("inner", inner).addEdge(START, "inner").compile({ checkpointer: new MemorySaver() });
    const chunks = await collect(graph.stream({}, { ...newThread(), streamMode, subgraphs: true }));
    expect(chunks.filter(([, chunk]) => "__interrupt__" in chunk)).toEqual([[[], { __interrupt__: [] }]]);
  });

  it("several show what a task wrote before its end, and the state after it", async () => {
    const graph = new StateGraph(LogState)
      .addNode("n", (_, { writer }) => {
        writer("half");
        return { log: ["n"] };
      })
      .addEdge(START, "n")
      .compile();
    const chunks = await collect(graph.stream({ log: [] }, { streamMode: ["tasks", "values", "custom", "updates"] }));
    expect(chunks.map(([mode, chunk]) => (mode === "tasks" ? [mode, "result" in chunk] : [mode, chunk]))).toEqual([
      ["values", { log: [] }],
      ["tasks", false],
      ["custom", "half"],
      ["updates", { n: { log: ["n"] } }],
      ["tasks", true],
      ["values", { log: ["n"] }],
    ]);
  });

  it("tasks shows starts and ends, with results, errors and interrupts", async () => {
    const graph = new StateGraph(LogState)
      .addNode("good", () => ({ log: ["good"] }))
      .addNode("asks", () => void interrupt("?"))
      .addEdge(START, "good")
      .addEdge("good", "asks")
      .compile({ checkpointer: new MemorySaver() });
    const failing = new StateGraph(LogState)
      .addNode("fails", () => {
        throw new TypeError("no");
      })
      .addEdge(START, "fails")
      .compile();
    const shown: unknown[] = [];
    for await (const chunk of await failing.stream({}, { streamMode: "tasks" })) {
      shown.push(JSON.parse(JSON.stringify(chunk)));
      if (shown.length === 2) break;
    }
    expect(shown[1]).toMatchObject({ name: "fails", result: {}, error: { name: "TypeError", message: "no" } });
    const chunks = await collect(graph.stream({ log: ["in"] }, { ...newThread(), streamMode: "tasks" }));
    expect(chunks).toMatchObject([
      { name: "good", input: { log: ["in"] }, triggers: ["branch:to:good"] },
      { name: "good", result: { log: ["good"] }, error: null, interrupts: [] },
      { name: "asks", input: { log: ["in", "good"] } },
      { name: "asks", result: {}, error: null, interrupts: [{ value: "?" }] },
    ]);
    expect(chunks[0]?.id).toBe(chunks[1]?.id);
  });

  it("checkpoints shows each saved state as getState does", async () => {
    const config = { ...newThread(), ...savesEachStep };
    const graph = chain().compile({ checkpointer: new MemorySaver() });
    const chunks = await collect(graph.stream({}, { ...config, streamMode: "checkpoints" }));
    const shown = ({ config, parentConfig, values, next, metadata }: Partial<StateSnapshot>) => ({
      config,
      parentConfig,
      values,
      next,
      metadata: { ...metadata, ...config?.configurable },
    });
    const states = (await collect(graph.getStateHistory(config))).reverse();
    // Beside that, a snapshot tells its thread.
    const { thread_id } = config.configurable;
    expect(states.map(shown)).toEqual(chunks.map((chunk) => ({ ...shown(chunk), metadata: { ...chunk.metadata, thread_id } })));
    expect(chunks.map((chunk) => "parentConfig" in chunk)).toEqual([false, true, true, true, true]);
    // The first one of another run follows the last one of this.
    const [next] = await collect(graph.stream({}, { ...config, streamMode: "checkpoints" }));
    expect(next?.parentConfig).toEqual(states.at(-1)?.config);
  });

  it.each(["answer", "breakpoint", "failure"])("checkpoints begins with the saved step that a run goes on from, after %s", async (stop) => {
    const config = { ...newThread(), ...savesEachStep };
    let fails = stop === "failure";
    const graph = new StateGraph(LogState)
      .addNode("before", () => ({ log: ["before"] }))
      .addNode("quick", () => ({ log: ["quick"] }))
      .addNode("slow", () => {
        if (fails) throw new Error("no");
        return { log: [stop === "answer" ? String(interrupt("?")) : "slow"] };
      })
      .addEdge(START, "before")
      .addEdge("before", "quick")
      .addEdge("before", "slow")
      .compile({ checkpointer: new MemorySaver(), interruptBefore: stop === "breakpoint" ? ["slow"] : [] });
    await graph.invoke({}, config).catch(() => undefined);
    fails = false;
    const state = await graph.getState(config);
    const input = stop === "answer" ? new Command({ resume: "yes" }) : null;
    const [first, second, ...more] = await collect(graph.stream(input, { ...config, streamMode: "checkpoints" }));
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      config: state.config,
      parentConfig: state.parentConfig,
      values: { log: ["before"] },
      next: ["quick", "slow"],
    });
    const [quick, slow] = first?.tasks ?? [];
    expect(quick).toMatchObject(stop === "breakpoint" ? { name: "quick" } : { name: "quick", result: { log: ["quick"] } });
    expect(slow?.interrupts.map(({ value }) => value)).toEqual(stop === "answer" ? ["?"] : []);
    expect(String((slow?.error as { message?: string })?.message ?? slow?.error)).toContain(stop === "failure" ? "no" : "undefined");
    expect(first?.tasks).toEqual(state.tasks);
    expect(second?.parentConfig).toEqual(first?.config);
  });

  it.each(["checkpoints", "debug"] as const)("%s names the place of a graph that runs next, for getState", async (mode) => {
    const config = newThread();
    const inner = new StateGraph(LogState)
      .addNode("asks", () => void interrupt("?"))
      .addEdge(START, "asks")
      .compile();
    const outer = new StateGraph(LogState).addNode("first", () => undefined).addNode("inner", inner);
    const graph = outer.addEdge(START, "first").addEdge("first", "inner").compile({ checkpointer: new MemorySaver() });
    const chunks = await collect(graph.stream({}, { ...config, streamMode: mode }));
    const tasks = chunks
      .map((chunk) => ("payload" in chunk ? chunk.payload : chunk))
      .flatMap((chunk) => ("tasks" in chunk ? chunk.tasks : []));
    expect(tasks.map(({ name, state }) => [name, state !== undefined])).toEqual([
      [START, false],
      ["first", false],
      ["inner", true],
    ]);
    expect(tasks[2]?.state).toEqual((await graph.getState(config)).tasks[0]?.state);
    expect((await graph.getState(tasks[2]!.state!)).next).toEqual(["asks"]);
  });

  it("tasks shows what the call and the node say of themselves, as the peer does", async () => {
    const config = { ...newThread(), tags: ["mine"], metadata: { user: "ada", langgraph_step: 99, thread_id: "x", checkpoint_ns: "y" } };
    const starts = async (core: Pick<typeof peer, "StateGraph" | "START" | "Annotation">, own: object = {}) => {
      const State = core.Annotation.Root({ text: core.Annotation<string>() });
      const inner = new core.StateGraph(State)
        .addNode("in", () => ({}))
        .addEdge(core.START, "in")
        .compile();
      const graph = new core.StateGraph(State)
        .addNode("a", () => ({}), { metadata: { team: "blue" } })
        .addNode("inner", inner)
        .addEdge(core.START, "a")
        .addEdge("a", "inner")
        .compile();
      const chunks = await collect(
        graph.stream({ text: "" }, { ...own, streamMode: "tasks", subgraphs: true }) as Promise<AsyncIterable<[string[], Shown]>>,
      );
      return chunks.filter(([, chunk]) => "triggers" in chunk).map(([, { name, metadata }]) => [name, metadata]);
    };
    const withoutTheirs = (found: Awaited<ReturnType<typeof starts>>) =>
      found.map(([name, metadata]) => {
        const { ls_integration: _, ...rest } = (metadata ?? {}) as Record<string, unknown>;
        return [name, rest];
      });
    const ours = await starts(core as never, config);
    expect(ours).toEqual([
      ["a", { user: "ada", team: "blue", tags: ["mine"] }],
      ["inner", { user: "ada", tags: ["mine"] }],
      ["in", { user: "ada", tags: ["mine"] }],
    ]);
    expect(withoutTheirs(await starts(peer, config))).toEqual(ours);
    expect(await starts(core as never)).toEqual([
      ["a", { team: "blue" }],
      ["inner", undefined],
      ["in", undefined],
    ]);
  });

  it("debug shows both, with step, type and time", async () => {
    const events = [1, 2, 3].flatMap((step) => [
      [step, "task"],
      [step, "task_result"],
      [step, "checkpoint"],
    ]);
    const chunks = await collect(
      chain()
        .compile({ checkpointer: new MemorySaver() })
        .stream({}, { ...newThread(), streamMode: "debug" }),
    );
    expect(chunks.map(({ step, type }) => [step, type])).toEqual([[-1, "checkpoint"], [0, "checkpoint"], ...events]);
    const unsaved = await collect(chain().compile().stream({}, { streamMode: "debug" }));
    expect(unsaved.slice(2).map(({ step, type }) => [step, type])).toEqual(events);
    expect(chunks.every(({ timestamp }) => !Number.isNaN(Date.parse(timestamp)))).toBe(true);
  });
});

describe("several modes", () => {
  it("come tagged, in the order of events", async () => {
    expect(
      await collect(
        chain()
          .compile()
          .stream({}, { streamMode: ["updates", "values"] }),
      ),
    ).toEqual([
      ["updates", { a: { log: ["a"] } }],
      ["values", { log: ["a"] }],
      ["updates", { b: { answer: 1 } }],
      ["values", { log: ["a"], answer: 1 }],
      ["updates", { silent: {} }],
    ]);
  });
  it("may be a list of one, or of none", async () => {
    expect(
      await collect(
        chain()
          .compile()
          .stream({}, { streamMode: ["values"] }),
      ),
    ).toContainEqual(["values", { log: ["a"] }]);
    expect(
      await collect(
        chain()
          .compile()
          .stream({}, { streamMode: [] as StreamMode[] }),
      ),
    ).toEqual([]);
  });
});

describe("a pause", () => {
  const graph = () =>
    new StateGraph(LogState)
      .addNode("beside", () => ({ log: ["beside"] }))
      .addNode("ask", async () => {
        await sleep(5);
        return { log: [String(interrupt("?"))] };
      })
      .addEdge(START, "beside")
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
  const asked = [expect.objectContaining({ value: "?" })];

  it("is a chunk of its own in updates and values", async () => {
    const config = newThread();
    const one = graph();
    expect(await collect(one.stream({}, { ...config, streamMode: ["updates", "values"] }))).toEqual([
      ["updates", { beside: { log: ["beside"] } }],
      ["updates", { __interrupt__: asked }],
      ["values", { __interrupt__: asked }],
      ["values", { log: ["beside"] }],
    ]);
    expect(await collect(one.stream(new Command({ resume: "yes" }), { ...config, streamMode: ["updates", "values"] }))).toEqual([
      ["values", { log: [] }],
      ["updates", { beside: { log: ["beside"] }, __metadata__: { cached: true } }],
      ["updates", { ask: { log: ["yes"] } }],
      ["values", { log: ["yes", "beside"] }],
    ]);
  });
});

describe("subgraphs", () => {
  const sub = () =>
    new StateGraph(LogState)
      .addNode("inner", (_, { writer }) => {
        writer("from inside");
        return { log: ["inner"] };
      })
      .addEdge(START, "inner")
      .compile();
  const graph = () => new StateGraph(LogState).addNode("outer", sub()).addEdge(START, "outer").compile();

  it("are not seen unless asked for, but for what their nodes send themselves", async () => {
    expect(await collect(graph().stream({}, { streamMode: ["updates", "custom"] }))).toEqual([
      ["custom", "from inside"],
      ["updates", { outer: { log: ["inner"] } }],
    ]);
    expect(await collect(graph().stream({}, { streamMode: "custom" }))).toEqual(["from inside"]);
    expect(await collect(graph().stream({}, { streamMode: ["updates", "values", "tasks"] }))).toHaveLength(4);
  });

  it("are seen with their namespace in front", async () => {
    const ns = [expect.stringMatching(/^outer:/)];
    expect(await collect(graph().stream({}, { subgraphs: true }))).toEqual([
      [ns, { inner: { log: ["inner"] } }],
      [[], { outer: { log: ["inner"] } }],
    ]);
    expect(await collect(graph().stream({}, { subgraphs: true, streamMode: ["custom", "updates"] }))).toEqual([
      [ns, "custom", "from inside"],
      [ns, "updates", { inner: { log: ["inner"] } }],
      [[], "updates", { outer: { log: ["inner"] } }],
    ]);
  });

  it("can be streamed by the node that calls them, with themselves at the top", async () => {
    const inside: unknown[] = [];
    const outer = new StateGraph(LogState)
      .addNode("outer", async () => {
        for await (const chunk of await sub().stream({}, { streamMode: "values" })) inside.push(chunk);
        return { log: ["outer"] };
      })
      .addEdge(START, "outer")
      .compile();
    expect(await collect(outer.stream({}))).toEqual([{ outer: { log: ["outer"] } }]);
    expect(inside).toEqual([{ log: ["inner"] }]);
  });

  it("that pause while their node streams them pause the run", async () => {
    const config = newThread();
    const asks = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addEdge(START, "ask")
      .compile();
    const outer = new StateGraph(LogState)
      .addNode("outer", async () => ({ log: (await collect(asks.stream({}))).map((chunk) => JSON.stringify(chunk)) }))
      .addEdge(START, "outer")
      .compile({ checkpointer: new MemorySaver() });
    expect(await collect(outer.stream({}, config))).toEqual([{ __interrupt__: [expect.objectContaining({ value: "?" })] }]);
    expect((await outer.invoke(new Command({ resume: "yes" }), config)).log).toEqual(['{"ask":{"log":["yes"]}}']);
  });
});

describe("calls of tasks", () => {
  it("show in updates under their names, unless they are hidden", async () => {
    const shown = task("shown", () => 1);
    const hidden = task({ name: "hidden", hidden: true }, () => 2);
    const graph = new StateGraph(LogState)
      .addNode("n", async () => ({ answer: (await shown()) + (await hidden()) }))
      .addEdge(START, "n")
      .compile();
    expect(await collect(graph.stream({}))).toEqual([{ shown: 1 }, { n: { answer: 3 } }]);
  });
});

describe("a failing run", () => {
  it("gives what came before, and then its error", async () => {
    const graph = new StateGraph(LogState)
      .addNode("a", () => ({ log: ["a"] }))
      .addNode("bad", () => Promise.reject(new Error("boom")))
      .addEdge(START, "a")
      .addEdge("a", "bad")
      .compile();
    const stream = await graph.stream({});
    expect(await stream.next()).toEqual({ done: false, value: { a: { log: ["a"] } } });
    expect((await errorOf(stream.next())).message).toBe("boom");
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
