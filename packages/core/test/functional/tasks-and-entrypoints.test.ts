// task(), entrypoint(), and what code inside of a run can ask for.
import { describe, expect, it } from "vitest";
import {
  Command,
  currentRuntime,
  type Durability,
  entrypoint,
  getConfig,
  getCurrentTaskInput,
  getPreviousState,
  getStore,
  getWriter,
  InMemoryStore,
  type Interrupt,
  interrupt,
  MemorySaver,
  START,
  StateGraph,
  task,
} from "../../src/index.js";
import { eachSaver, ownSavers } from "../support/each-saver.js";
import { collect, errorOf, graphErrorOf, LogState, newThread, questions, savesEachStep, sleep } from "../support/run.js";

describe.each(eachSaver)("task, on $name", ({ open }) => {
  it.each<[Durability]>([["sync"], ["async"], ["exit"]])(
    "runs once across pauses, and gives the same result in another process (%s)",
    async (durability) => {
      const { saver, reopen } = open();
      const config = { ...newThread(), durability };
      let ran = 0;
      const roll = task("roll", async (what: string) => ({ what, number: ++ran, none: undefined, bytes: new Uint8Array([ran]) }));
      const builder = new StateGraph(LogState)
        .addNode("n", async () => {
          const one = await roll("one");
          interrupt("first?");
          const two = await roll("two");
          interrupt("second?");
          return { answer: [one, two, await roll("three")] };
        })
        .addEdge(START, "n");
      await builder.compile({ checkpointer: saver }).invoke({}, config);
      await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: 1 }), config);
      const { answer } = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: 2 }), config);
      expect(answer).toEqual(
        [1, 2, 3].map((number) => ({
          what: ["one", "two", "three"][number - 1],
          number,
          none: undefined,
          bytes: new Uint8Array([number]),
        })),
      );
      expect(ran).toBe(3);
    },
  );

  it("runs again when it failed, and not when the node failed after it", async () => {
    const config = newThread();
    const ran: string[] = [];
    let fails = true;
    const good = task("good", () => void ran.push("good"));
    const bad = task("bad", () => {
      ran.push("bad");
      if (fails) throw new Error("boom");
      return "repaired";
    });
    const graph = new StateGraph(LogState)
      .addNode("n", async () => {
        await good();
        return { answer: await bad() };
      })
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    expect((await errorOf(graph.invoke({}, config))).message).toBe("boom");
    fails = false;
    expect((await graph.invoke(null, config)).answer).toBe("repaired");
    expect(ran).toEqual(["good", "bad", "bad"]);
  });

  it("runs once across the attempts of its node, and has a retry policy of its own", async () => {
    const config = newThread();
    const ran: string[] = [];
    const once = task("once", () => ran.push("once"));
    const flaky = task({ name: "flaky", retry: { initialInterval: 1, jitter: false } }, () => {
      if (ran.push("flaky") % 3 !== 1) throw new Error("boom");
      return ran.length;
    });
    let attempts = 0;
    const graph = new StateGraph(LogState)
      .addNode(
        "n",
        async () => {
          await once();
          await flaky();
          if (++attempts < 3) throw new Error("again");
          return { answer: "done" };
        },
        { retryPolicy: { initialInterval: 1, jitter: false } },
      )
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    expect((await graph.invoke({}, config)).answer).toBe("done");
    expect(ran).toEqual(["once", "flaky", "flaky", "flaky"]);
  });

  it("tells calls apart by order, or by key: then the order may change, and the same key is the same call", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const pay = task({ name: "pay", key: (order: string) => order }, async (order: string) => {
      await sleep(1);
      ran.push(order);
      return `paid ${order}`;
    });
    let orders = ["a", "b"];
    const builder = new StateGraph(LogState)
      .addNode("n", async () => {
        const paid = await Promise.all(orders.map((order) => pay(order)));
        interrupt("?");
        return { log: paid };
      })
      .addEdge(START, "n");
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    orders = ["c", "b", "a", "b"];
    const { log } = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: 1 }), config);
    expect(log).toEqual(["paid c", "paid b", "paid a", "paid b"]);
    expect(ran).toEqual(["a", "b", "c"]);
  });

  it("may ask, and call tasks, inside: each is matched within its call", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const inner = task("inner", (name: string) => {
      ran.push(`inner ${name}`);
      return name;
    });
    const outer = task("outer", async (name: string) => {
      ran.push(`outer ${name}`);
      const first = interrupt(`${name} first?`);
      await inner(name);
      return `${name}: ${first} ${interrupt(`${name} second?`)}`;
    });
    const builder = new StateGraph(LogState).addNode("n", async () => ({ log: [await outer("a"), await outer("b")] })).addEdge(START, "n");
    let result = await builder.compile({ checkpointer: saver }).invoke({}, config);
    const asked: unknown[] = [];
    for (const resume of ["1", "2", "3", "4"]) {
      asked.push(...questions(result.__interrupt__));
      result = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config);
    }
    expect(asked).toEqual(["a first?", "a second?", "b first?", "b second?"]);
    expect(result.log).toEqual(["a: 1 2", "b: 3 4"]);
    expect(ran).toEqual(["outer a", "outer a", "inner a", "outer a", "outer b", "outer b", "inner b", "outer b"]);
  });

  it("belongs to its node's turn: the next time round it runs anew", async () => {
    let ran = 0;
    const count = task("count", () => ++ran);
    const graph = new StateGraph(LogState)
      .addNode("n", async () => ({ log: [String(await count())] }))
      .addEdge(START, "n")
      .addConditionalEdges("n", ({ log }) => (log.length < 3 ? "n" : []))
      .compile({ checkpointer: open().saver });
    expect((await graph.invoke({}, newThread())).log).toEqual(["1", "2", "3"]);
  });

  it("that nobody awaits is waited for", async () => {
    let ended = false;
    const slow = task("slow", async () => {
      await sleep(10);
      ended = true;
    });
    const graph = new StateGraph(LogState)
      .addNode("n", () => void slow())
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, newThread());
    expect(ended).toBe(true);
  });
});

describe.each(ownSavers)("task, on $name", ({ open }) => {
  // In "exit" the results of a step that has ended need not be saved.
  it("fails where its result cannot be saved, in every attempt", async () => {
    const config = { ...newThread(), ...savesEachStep };
    const unsavable = task("unsavable", () => () => "a function");
    const graph = new StateGraph(LogState)
      .addNode("n", async () => void (await unsavable()))
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    await errorOf(graph.invoke({}, config));
    await errorOf(graph.invoke(null, config));
  });
});

describe("task", () => {
  it("needs a run, and says so as a rejection", async () => {
    expect((await graphErrorOf(task("lonely", () => 1)())).code).toBe("OUTSIDE_RUN");
  });
  it("works without a saver, once for each run", async () => {
    let ran = 0;
    const count = task("count", () => ++ran);
    const graph = new StateGraph(LogState)
      .addNode("n", async () => ({ answer: await count() }))
      .addEdge(START, "n")
      .compile();
    expect([(await graph.invoke({})).answer, (await graph.invoke({})).answer]).toEqual([1, 2]);
  });
});

describe.each(eachSaver)("entrypoint, on $name", ({ open }) => {
  it("is a function with tasks and interrupts, that lives on", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    let written = 0;
    const write = task("write", (topic: string) => `essay ${++written} on ${topic}`);
    const essay = (checkpointer: typeof saver) =>
      entrypoint({ name: "essay", checkpointer }, async (topic: string) => {
        const text = await write(topic);
        return { text, approved: interrupt<boolean>({ text, question: "Publish?" }) };
      });
    const paused = await essay(saver).invoke("cats", config);
    expect(questions(paused.__interrupt__)).toEqual([{ text: "essay 1 on cats", question: "Publish?" }]);
    expect(await essay(reopen()).invoke(new Command({ resume: true }), config)).toEqual({ text: "essay 1 on cats", approved: true });
    expect(written).toBe(1);
    expect((await essay(reopen()).getState(config)).next).toEqual([]);
  });

  it("finds what it kept the last time, which may be other than what it returned", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const sum = (checkpointer: typeof saver) =>
      entrypoint({ name: "sum", checkpointer }, (number: number) => {
        const before = getPreviousState<number>() ?? 0;
        return entrypoint.final({ value: `was ${before}`, save: before + number });
      });
    expect(await sum(saver).invoke(1, config)).toBe("was 0");
    expect(await sum(saver).invoke(2, config)).toBe("was 1");
    expect(await sum(reopen()).invoke(3, config)).toBe("was 3");
    expect(await sum(saver).invoke(1, newThread())).toBe("was 0");
  });

  it("keeps what it kept when a run of it failed", async () => {
    const config = newThread();
    const flow = entrypoint({ name: "flow", checkpointer: open().saver }, (input: string) => {
      if (input === "bad") throw new Error("boom");
      return `${getPreviousState() ?? "nothing"}, ${input}`;
    });
    expect(await flow.invoke("one", config)).toBe("nothing, one");
    await errorOf(flow.invoke("bad", config));
    expect(await flow.invoke("two", config)).toBe("nothing, one, two");
  });
});

describe("entrypoint", () => {
  it.each([[null], [0], [""], [false], [[1]], [{ a: 1 }], [undefined]])("may return %j", async (value) => {
    expect(await entrypoint("flow", () => value).invoke("in")).toEqual(value);
  });
  it("takes any input but nothing: that goes on with what is saved", async () => {
    const echo = entrypoint("echo", (input: unknown) => input);
    for (const input of [0, "", false, [1], { a: 1 }]) expect(await echo.invoke(input)).toEqual(input);
    expect((await graphErrorOf(echo.invoke(null))).code).toBe("EMPTY_INPUT");
  });
  it("streams its result under its name, and may be tried again", async () => {
    let attempts = 0;
    const flaky = entrypoint({ name: "flaky", retry: { initialInterval: 1, jitter: false } }, () => {
      if (++attempts < 3) throw new Error("boom");
      return attempts;
    });
    expect(await collect(flaky.stream("in"))).toEqual([{ flaky: 3 }]);
  });
  it("calls graphs, and is called by them", async () => {
    const config = newThread();
    const inner = entrypoint("inner", (name: string) => `${name}: ${interrupt(`${name}?`)}`);
    const graph = new StateGraph(LogState)
      .addNode("n", async () => ({ log: [await inner.invoke("a"), await inner.invoke("b")] }))
      .addEdge(START, "n")
      .compile({ checkpointer: new MemorySaver() });
    await graph.invoke({}, config);
    expect(questions((await graph.invoke(new Command({ resume: 1 }), config)).__interrupt__)).toEqual(["b?"]);
    expect((await graph.invoke(new Command({ resume: 2 }), config)).log).toEqual(["a: 1", "b: 2"]);
  });
});

describe.each(eachSaver)("updateState of an entrypoint, on $name", ({ open }) => {
  it("takes what the function could have returned: the next run finds it", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const count = (input: number) => {
      const before = getPreviousState<number>() ?? 0;
      return input === 0 ? entrypoint.final({ value: "nothing", save: before }) : before + input;
    };
    const counter = entrypoint({ name: "counter", checkpointer: saver }, count);
    await counter.invoke(1, config);
    await counter.updateState(config, 10, "counter");
    expect((await counter.getState(config)).values).toBe(10);
    expect(await counter.invoke(1, config)).toBe(11);
    await counter.updateState(config, entrypoint.final({ value: "shown", save: 20 }) as never);
    const later = entrypoint({ name: "counter", checkpointer: reopen() }, count);
    expect((await later.getState(config)).values).toBe("shown");
    expect(await later.invoke(1, config)).toBe(21);
    expect(await later.invoke(0, config)).toBe("nothing");
    expect(await later.invoke(1, config)).toBe(22);
  });

  it("as its start gives it an input", async () => {
    const { saver } = open();
    const config = newThread();
    const twice = entrypoint({ name: "twice", checkpointer: saver }, (input: number) => input * 2);
    await twice.invoke(1, config);
    await twice.updateState(config, 4, START);
    expect((await twice.getState(config)).next).toEqual(["twice"]);
    expect(await twice.invoke(null, config)).toBe(8);
  });
});

describe("a time limit", () => {
  let stopped = 0;
  /** Goes on until it is told to stop. */
  const endless = async () => {
    const { signal } = getConfig();
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    stopped++;
    return "too late";
  };

  it("of a task fails the attempt, tells its code, and may be tried again", async () => {
    let attempts = 0;
    const retry = { maxAttempts: 3, initialInterval: 1, jitter: false };
    const work = task({ name: "work", timeout: 200, retry }, async () => (attempts++ === 0 ? endless() : "done"));
    expect(await entrypoint("main", async () => work()).invoke("go")).toBe("done");
    expect([attempts, stopped]).toEqual([2, 1]);
    const late = task({ name: "late", timeout: 5 }, endless);
    const error = await graphErrorOf(entrypoint("main", async () => late()).invoke("go"));
    expect(error).toMatchObject({ code: "NODE_TIMEOUT", name: "NodeTimeoutError", details: { node: "late", timeout: 5 } });
    expect(error.message).toContain('Task "late"');
  });

  it("of a task does not undo a pause in it", async () => {
    const ask = task({ name: "ask", timeout: 20 }, async () => {
      try {
        return interrupt<string>("?");
      } catch {
        await sleep(60);
        return "caught";
      }
    });
    const config = newThread();
    const main = entrypoint({ name: "main", checkpointer: new MemorySaver() }, async () => ask());
    const paused = (await main.invoke("go", config)) as unknown as { __interrupt__: Interrupt[] };
    expect(questions(paused.__interrupt__)).toEqual(["?"]);
    expect(await main.invoke(new Command({ resume: "yes" }), config)).toBe("yes");
  });

  it("of an entrypoint fails its run", async () => {
    expect(await graphErrorOf(entrypoint({ name: "main", timeout: 5 }, endless).invoke("go"))).toMatchObject({ code: "NODE_TIMEOUT" });
    expect(await entrypoint({ name: "main", timeout: 5_000 }, () => "done").invoke("go")).toBe("done");
  });

  it.each([-1, Number.NaN, "5"])("of %s is refused", (timeout) => {
    expect(() => task({ name: "t", timeout: timeout as number }, () => 1)).toThrow(/timeout/);
    expect(() => entrypoint({ name: "e", timeout: timeout as number }, () => 1)).toThrow(/timeout/);
  });
});

it("refuses generators, of which no result could be saved", () => {
  function* parts() {
    yield 1;
  }
  async function* later() {
    yield 1;
  }
  for (const run of [parts, later]) {
    expect(() => task("parts", run as () => unknown)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
    expect(() => entrypoint("parts", run as never)).toThrow(expect.objectContaining({ code: "INVALID_GRAPH" }));
  }
});

describe("the stream mode tasks", () => {
  it("shows each call of a task(): its arguments, its result, its questions and its failure", async () => {
    const config = newThread();
    const retry = { maxAttempts: 2, initialInterval: 1, jitter: false };
    let attempts = 0;
    const add = task({ name: "add", retry }, (a: number, b: number) => {
      if (attempts++ === 0) throw new Error("once");
      return a + b;
    });
    const ask = task("ask", (what: string) => interrupt<string>(what));
    const fail = task("fail", (): never => {
      throw new TypeError("no");
    });
    const unseen = task({ name: "unseen", hidden: true }, () => 1);
    const main = entrypoint({ name: "main", checkpointer: new MemorySaver() }, async () => {
      const sum = await add(1, 2);
      await unseen();
      await ask("go on?");
      await fail().catch(() => undefined);
      return sum;
    });
    const chunksOf = async (input: unknown) => {
      const chunks = (await collect(main.stream(input as never, { ...config, streamMode: "tasks" }))) as TaskChunk[];
      return chunks.map(({ name, input: given, result, interrupts, error }) => ({
        name,
        ...(given === undefined ? { result, error: error?.message } : { given }),
        asked: interrupts.map(({ value }) => value),
      }));
    };
    expect(await chunksOf("go")).toEqual([
      { name: "main", given: "go", asked: [] },
      { name: "add", given: [1, 2], asked: [] },
      { name: "add", result: 3, error: undefined, asked: [] },
      { name: "ask", given: ["go on?"], asked: [] },
      { name: "ask", result: {}, error: undefined, asked: ["go on?"] },
      { name: "main", result: {}, error: undefined, asked: ["go on?"] },
    ]);
    expect(await chunksOf(new Command({ resume: "yes" }))).toEqual([
      { name: "main", given: "go", asked: [] },
      { name: "ask", given: ["go on?"], asked: [] },
      { name: "ask", result: "yes", error: undefined, asked: [] },
      { name: "fail", given: [], asked: [] },
      { name: "fail", result: {}, error: "no", asked: [] },
      { name: "main", result: 3, error: undefined, asked: [] },
    ]);
  });

  interface TaskChunk {
    name: string;
    input?: unknown;
    result?: unknown;
    interrupts: readonly { value: unknown }[];
    error?: { message: string } | null;
  }
});

describe("code inside of a run", () => {
  it("finds its config, store, writer and input, after any await", async () => {
    const store = new InMemoryStore();
    const seen: unknown[] = [];
    const deep = async () => {
      await sleep(1);
      const { configurable, metadata, context } = getConfig();
      seen.push(
        configurable.user,
        configurable.thread_id,
        metadata.langgraph_node,
        context,
        getStore(),
        getCurrentTaskInput(),
        typeof getWriter(),
      );
    };
    const graph = new StateGraph(LogState).addNode("n", deep).addEdge(START, "n").compile({ store });
    await graph.invoke({ answer: 1 }, { configurable: { thread_id: "t", user: "ada" }, context: { a: 1 } });
    expect(seen).toEqual(["ada", "t", "n", { a: 1 }, store, { log: [], answer: 1 }, "function"]);
  });

  it("finds an entrypoint's input as it was given", async () => {
    const inside = task("inside", (_other: string) => getCurrentTaskInput());
    const main = entrypoint("main", async (_input: { order: number }) => [getCurrentTaskInput(), await inside("x")]);
    expect(await main.invoke({ order: 7 })).toEqual([{ order: 7 }, { order: 7 }]);
  });

  it("finds nothing outside", () => {
    expect(currentRuntime()).toBeUndefined();
    expect(getPreviousState()).toBeUndefined();
    for (const get of [getConfig, getStore, getWriter, getCurrentTaskInput])
      expect(get).toThrow(expect.objectContaining({ code: "OUTSIDE_RUN", message: expect.stringContaining(get.name) }));
  });
});
