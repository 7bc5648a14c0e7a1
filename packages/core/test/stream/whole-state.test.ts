// What streams and snapshots show of a state: all of it, whatever the graph's output leaves out; and what `outputKeys` leaves of that.
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import * as own from "../../src/index.js";
import { Annotation, Command, EphemeralValue, entrypoint, MemorySaver, START, StateGraph, UntrackedValue } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, errorOf, graphErrorOf, newThread, savesEachStep } from "../support/run.js";

/** Programs run on both libraries; the types are ours. */
type Library = Pick<typeof own, "Annotation" | "interrupt" | "START" | "StateGraph" | "MemorySaver">;

const declare = ({ Annotation }: Library) => ({
  state: Annotation.Root({ amount: Annotation<number>(), account: Annotation<string>(), receipt: Annotation<string>() }),
  output: Annotation.Root({ receipt: Annotation<string>() }),
});

/** Finds an account, and pays from it, if need be when somebody has agreed; gives out the receipt alone. */
const payment = (library: Library, asks = false) => {
  const { state, output } = declare(library);
  return new library.StateGraph(state, { output })
    .addNode("find", ({ amount }) => ({ account: `account ${amount}` }))
    .addNode("pay", ({ account }) => ({ receipt: `${asks ? library.interrupt("Pay?") : "paid"} from ${account}` }))
    .addEdge(library.START, "find")
    .addEdge("find", "pay");
};

/** A payment as a node of a graph. */
const around = (library: Library, asks = false) =>
  new library.StateGraph(declare(library).state).addNode("inner", payment(library, asks).compile()).addEdge(library.START, "inner");

/** A key of a node's own, which another node writes. */
const withPrivateKey = (library: Library) =>
  new library.StateGraph(declare(library).state)
    .addNode("write", () => ({ pin: 1234 }) as never)
    .addNode("read", ({ pin }) => ({ receipt: `by ${pin}` }), {
      input: library.Annotation.Root({ pin: library.Annotation<number>() }),
    })
    .addEdge(library.START, "write")
    .addEdge("write", "read");

describe.each(eachSaver)("a graph with an output, on $name", ({ open }) => {
  it("shows who reviews a paused run what the action depends on, and the caller the output alone", async () => {
    const { saver, reopen } = open();
    const config = { ...newThread(), ...savesEachStep };
    const asked = [expect.objectContaining({ value: "Pay?" })];
    expect(await payment(own, true).compile({ checkpointer: saver }).invoke({ amount: 7 }, config)).toEqual({ __interrupt__: asked });
    const graph = payment(own, true).compile({ checkpointer: reopen() });
    const values = { amount: 7, account: "account 7" };
    expect((await graph.getState(config)).values).toEqual(values);
    expect(await graph.invoke(new Command({ resume: "yes" }), config)).toEqual({ receipt: "yes from account 7" });
    const history = await collect(graph.getStateHistory(config));
    expect(history.map((state) => state.values)).toEqual([{ ...values, receipt: "yes from account 7" }, values, { amount: 7 }, {}]);
    expect((await graph.getState(history[1]?.config ?? {})).values).toEqual(values);
  });

  it("inside of another graph: gives out its output, and shows its own state to who asks for that", async () => {
    const { saver } = open();
    const config = newThread();
    const graph = around(own, true).compile({ checkpointer: saver });
    await graph.invoke({ amount: 7 }, config);
    const { tasks } = await graph.getState(config, { subgraphs: true });
    expect(tasks[0]?.state).toMatchObject({ values: { amount: 7, account: "account 7" } });
    expect(await graph.invoke(new Command({ resume: "yes" }), config)).toEqual({ amount: 7, receipt: "yes from account 7" });
  });

  it("keeps of a finished step what its tasks wrote, where these were several, and what the input wrote", async () => {
    const { saver } = open();
    const config = { ...newThread(), ...savesEachStep };
    const { state, output } = declare(own);
    const graph = new StateGraph(state, { output })
      .addNode("find", () => ({ account: "a" }))
      .addNode("note", () => ({ receipt: "r" }))
      .addNode("end", () => ({ amount: 0 }))
      .addEdge(START, "find")
      .addEdge(START, "note")
      .addEdge(["find", "note"], "end")
      .compile({ checkpointer: saver });
    await graph.invoke({ amount: 7 }, config);
    const history = await collect(graph.getStateHistory(config));
    const results = history.map(({ tasks }) => Object.fromEntries(tasks.map(({ name, result }) => [name, result])));
    expect(results).toEqual([{}, { end: undefined }, { find: { account: "a" }, note: { receipt: "r" } }, { __start__: { amount: 7 } }]);
  });
});

/** Chunks without what differs from run to run, and without what each library has beside the state. */
function plain(chunks: unknown): unknown {
  const aside = ["config", "parentConfig", "metadata", "id", "path"];
  const text = JSON.stringify(chunks, (key, value) =>
    key === "tasks" ? value.map(({ name }: { name: string }) => name) : aside.includes(key) ? undefined : value,
  );
  return JSON.parse(text.replace(/:[0-9a-f-]{20,}/g, ":id"));
}

const libraries: readonly Library[] = [peer as unknown as Library, own];

it("an input that could not be applied is shown as what runs next, without a result", async () => {
  const config = newThread();
  const graph = new StateGraph(declare(own).state)
    .addNode("pay", () => ({}))
    .addConditionalEdges(START, () => {
      throw new Error("no way");
    })
    .compile({ checkpointer: new MemorySaver() });
  await errorOf(graph.invoke({ amount: 7 }, config));
  const { next, tasks } = await graph.getState(config);
  expect([next, tasks.map((task) => Object.keys(task))]).toEqual([["__start__"], [["id", "name", "path", "interrupts"]]]);
});

describe("a stream shows what LangGraph's shows", () => {
  it.each([
    { name: "of a graph with an output", make: payment, options: {} },
    { name: "of a graph with an output, of one key", make: payment, options: { outputKeys: ["account"] } },
    { name: "of a graph with an output, of several keys", make: payment, options: { outputKeys: ["account", "amount"] } },
    { name: "of a graph with an output, of no key", make: payment, options: { outputKeys: [] } },
    { name: "of a graph inside with an output", make: around, options: { subgraphs: true } },
    { name: "of a graph inside with an output, beside keys", make: around, options: { subgraphs: true, outputKeys: ["receipt"] } },
    { name: "of keys of nodes", make: withPrivateKey, options: {} },
    { name: "of keys of nodes, if only them", make: withPrivateKey, options: { outputKeys: ["pin"] } },
  ])("$name", async ({ make, options }) => {
    for (const streamMode of ["values", "updates", "tasks", "checkpoints"] as const) {
      const [theirs, ours] = await Promise.all(
        libraries.map(async (library) => {
          const graph = make(library).compile({ checkpointer: new library.MemorySaver() });
          return plain(await collect(graph.stream({ amount: 7 }, { ...newThread(), streamMode, ...(options as object) })));
        }),
      );
      expect([streamMode, ours]).toEqual([streamMode, theirs]);
    }
  });

  it("and so do results and states", async () => {
    for (const make of [payment, around, withPrivateKey]) {
      for (const outputKeys of [undefined, ["account", "amount"], "amount"] as const) {
        const [theirs, ours] = await Promise.all(
          libraries.map(async (library) => {
            const graph = make(library).compile({ checkpointer: new library.MemorySaver() });
            const config = newThread();
            return [await graph.invoke({ amount: 7 }, { ...config, outputKeys } as never), (await graph.getState(config)).values];
          }),
        );
        expect(ours).toEqual(theirs);
      }
    }
  });
});

describe("outputKeys", () => {
  const graph = payment(own).compile({ checkpointer: new MemorySaver() });

  it("limits results and the modes values and updates; tasks, checkpoints and debug show everything", async () => {
    expect(await graph.invoke({ amount: 7 }, { ...newThread(), outputKeys: ["account"] })).toEqual({ account: "account 7" });
    const chunks = (streamMode: own.StreamMode) =>
      collect(graph.stream({ amount: 7 }, { ...newThread(), streamMode, outputKeys: ["receipt"] }));
    for (const mode of ["values", "updates"] as const) expect(JSON.stringify(await chunks(mode))).not.toContain('"account"');
    for (const mode of ["tasks", "checkpoints", "debug"] as const) expect(JSON.stringify(await chunks(mode))).toContain('"account"');
  });

  it("of one key is its value alone", async () => {
    expect(await graph.invoke({ amount: 7 }, { ...newThread(), outputKeys: "account" })).toBe("account 7");
    const options = { ...newThread(), streamMode: ["values", "updates"], outputKeys: "account" } as const;
    expect(await collect(graph.stream({ amount: 7 }, options))).toEqual([
      ["updates", { find: "account 7" }],
      ["values", "account 7"],
      ["updates", { pay: undefined }],
    ]);
    const repeated = new StateGraph({ log: own.Annotation<string[], string>({ reducer: (all, one) => [...all, one], default: () => [] }) })
      .addNode("twice", () => [{ log: "a" }, { log: "b" }])
      .addEdge(START, "twice")
      .compile();
    expect(await collect(repeated.stream({}, { outputKeys: "log" }))).toEqual([{ twice: ["a", "b"] }]);
  });

  it("does not hide a pause", async () => {
    const asks = payment(own, true).compile({ checkpointer: new MemorySaver() });
    const pause = { __interrupt__: [expect.objectContaining({ value: "Pay?" })] };
    for (const outputKeys of ["account", []] as const) {
      expect(await asks.invoke({ amount: 7 }, { ...newThread(), outputKeys })).toEqual(pause);
      for (const streamMode of ["values", "updates"] as const)
        expect((await collect(asks.stream({ amount: 7 }, { ...newThread(), streamMode, outputKeys }))).at(-1)).toEqual(pause);
    }
  });

  it("is for the call that it is given to: graphs inside show their output, or what their own call says", async () => {
    const seen: unknown[] = [];
    const outer = new StateGraph(declare(own).state)
      .addNode("call", async ({ amount }, runtime) => {
        const inner = payment(own).compile();
        seen.push(await inner.invoke({ amount }, runtime));
        seen.push(await inner.invoke({ amount }, { ...runtime, outputKeys: ["account"] } as never));
        seen.push((await collect(inner.stream({ amount }, { streamMode: "values" }))).at(-1));
        return {};
      })
      .addEdge(START, "call")
      .compile();
    const chunks = await collect(outer.stream({ amount: 7 }, { streamMode: "values", subgraphs: true, outputKeys: ["amount"] }));
    const all = { amount: 7, account: "account 7", receipt: "paid from account 7" };
    expect(seen).toEqual([{ receipt: all.receipt }, { account: all.account }, all]);
    expect(chunks.map(([, values]) => values)).toEqual([
      { amount: 7 },
      { receipt: all.receipt },
      { account: all.account },
      { amount: 7 },
      { amount: 7, account: all.account },
      all,
    ]);
  });

  it("that cannot be understood shows nothing: it is refused before anything runs", async () => {
    for (const outputKeys of ["nothing", ["account", "nothing"], [undefined], null, 7, {}, "toString"]) {
      const config = newThread();
      const error = await graphErrorOf(graph.invoke({ amount: 7 }, { ...config, outputKeys } as never));
      expect([error.code, error.message]).toEqual(["INVALID_CONFIG", expect.stringContaining("It has: amount, account, receipt.")]);
      expect((await graphErrorOf(collect(graph.stream({ amount: 7 }, { ...config, outputKeys } as never)))).code).toBe("INVALID_CONFIG");
      expect(await collect(graph.getStateHistory(config))).toEqual([]);
    }
    const flow = entrypoint("flow", async (topic: string) => topic);
    expect((await graphErrorOf(flow.invoke("cats", { outputKeys: "length" }))).message).toContain("one value");
  });
});

it("a key that lives for one step is shown for that step, one that is not saved while the run lasts", async () => {
  const graph = new StateGraph({ topic: Annotation<string>(), flash: new EphemeralValue<number>(), socket: new UntrackedValue<string>() })
    .addNode("a", () => ({ flash: 1, socket: "open" }))
    .addNode("b", () => ({ topic: "dogs" }))
    .addEdge(START, "a")
    .addEdge("a", "b")
    .compile({ checkpointer: new MemorySaver() });
  const config = newThread();
  expect(await collect(graph.stream({ topic: "cats" }, { ...config, streamMode: "values" }))).toEqual([
    { topic: "cats" },
    { topic: "cats", flash: 1, socket: "open" },
    { topic: "dogs", socket: "open" },
  ]);
  expect((await graph.getState(config)).values).toEqual({ topic: "dogs" });
});

it("the checkpoint of an input that is to be applied names its task, and one of a graph inside where its state is", async () => {
  const config = { ...newThread(), ...savesEachStep };
  const graph = around(own).compile({ checkpointer: new MemorySaver() });
  const chunks = await collect(graph.stream({ amount: 7 }, { ...config, streamMode: "checkpoints" }));
  const states = (await collect(graph.getStateHistory(config))).reverse();
  const tasks = states.map((state) => state.tasks.map(({ result, ...task }) => task));
  expect(chunks.map((chunk) => chunk.tasks)).toEqual(tasks);
  expect(tasks[0]).toEqual([expect.objectContaining({ name: "__start__" })]);
  expect(tasks[1]?.[0]?.state).toEqual({ configurable: { ...config.configurable, checkpoint_ns: expect.stringMatching(/^inner:/) } });
  const unsaved = await collect(
    around(own)
      .compile()
      .stream({ amount: 7 }, { ...config, streamMode: "checkpoints" }),
  );
  expect(unsaved[1]?.tasks).toEqual([expect.not.objectContaining({ state: expect.anything() })]);
});
