// getState, getStateHistory, and going back.
import { describe, expect, it } from "vitest";
import { Command, interrupt, MemorySaver, START, StateGraph, type StateSnapshot, task } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, LogState, newThread, questions, savesEachStep } from "../support/run.js";

const says = (name: string) => () => ({ log: [name] });

describe.each(eachSaver)("history, on $name", ({ open }) => {
  async function ended() {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const builder = new StateGraph(LogState)
      .addNode("a", () => {
        ran.push("a");
        return { log: ["a"] };
      })
      .addNode("b", () => {
        ran.push("b");
        return { log: ["b"] };
      })
      .addEdge(START, "a")
      .addEdge("a", "b");
    await builder.compile({ checkpointer: saver }).invoke({ log: ["in"] }, { ...config, ...savesEachStep, metadata: { user: "ada" } });
    return { graph: builder.compile({ checkpointer: reopen() }), config, ran };
  }

  it("lists every state, newest first, each with its parent", async () => {
    const { graph, config } = await ended();
    const states = await collect(graph.getStateHistory(config));
    expect(states.map(({ values, next, metadata }) => [values.log, next, metadata?.source, metadata?.step])).toEqual([
      [["in", "a", "b"], [], "loop", 2],
      [["in", "a"], ["b"], "loop", 1],
      [["in"], ["a"], "loop", 0],
      [[], [START], "input", -1],
    ]);
    for (const [index, { parentConfig }] of states.entries()) expect(parentConfig).toEqual(states[index + 1]?.config);
    expect(states[0]).toEqual(await graph.getState(config));
    expect(states[0]?.metadata).toMatchObject({ user: "ada" });
    expect(states.map(({ metadata }) => metadata?.thread_id)).toEqual(states.map(() => config.configurable.thread_id));
    expect(Date.parse(states[0]?.createdAt ?? "")).not.toBeNaN();
  });

  it("tells what waits in the newest state only, wherever a list begins, and can be left early", async () => {
    const { saver } = open();
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("a", says("a"))
      .addNode("ask", () => ({ log: [interrupt("?")] }))
      .addEdge(START, "a")
      .addEdge("a", "ask")
      .compile({ checkpointer: saver });
    await graph.invoke({ log: [] }, config);
    const [newest, ...rest] = await collect(graph.getStateHistory(config));
    expect(newest?.interrupts.map(({ value }) => value)).toEqual(["?"]);
    expect(await collect(graph.getStateHistory(config, { before: newest!.config }))).toEqual(rest);
    // Some savers list all of the thread.
    expect((await collect(graph.getStateHistory(newest!.config)))[0]).toEqual(newest);
    await graph.updateState(config, { log: ["b"] }, "a");
    expect((await collect(graph.getStateHistory(newest!.config)))[0]?.interrupts).toEqual([]);
    for await (const state of graph.getStateHistory(config)) {
      expect(state.interrupts).toEqual([]);
      break;
    }
    const history = graph.getStateHistory(config);
    await history.return?.();
    expect(await history.next()).toEqual({ value: undefined, done: true });
  });

  it("pages with limit and before, and filters by metadata", async () => {
    const { graph, config } = await ended();
    const states = await collect(graph.getStateHistory(config));
    expect(await collect(graph.getStateHistory(config, { limit: 2 }))).toEqual(states.slice(0, 2));
    expect(await collect(graph.getStateHistory(config, { limit: 2, before: states[1]!.config }))).toEqual(states.slice(2));
    expect(await collect(graph.getStateHistory(config, { filter: { source: "input" } }))).toEqual(states.slice(3));
    expect(await collect(graph.getStateHistory(config, { filter: { step: 1, user: "ada" } }))).toEqual([states[1]]);
    expect(await collect(graph.getStateHistory(config, { limit: 0 }))).toEqual([]);
    expect(await collect(graph.getStateHistory(newThread()))).toEqual([]);
  });

  it("gives each state by its checkpoint_id", async () => {
    const { graph, config } = await ended();
    for (const state of await collect(graph.getStateHistory(config))) expect(await graph.getState(state.config)).toEqual(state);
  });

  it("is gone back to: the step runs anew, and the first branch stays as it was", async () => {
    const { graph, config, ran } = await ended();
    const before = await collect(graph.getStateHistory(config));
    const past = before.find(({ next }) => next[0] === "b") as StateSnapshot;
    ran.length = 0;
    expect((await graph.invoke(null, { ...past.config, ...savesEachStep })).log).toEqual(["in", "a", "b"]);
    expect(ran).toEqual(["b"]);
    const after = await collect(graph.getStateHistory(config));
    expect(after.slice(-before.length)).toEqual(before);
    expect(after.slice(0, -before.length).map(({ metadata, next }) => [metadata?.source, next])).toEqual([
      ["loop", []],
      ["fork", ["b"]],
    ]);
    expect(after[1]?.parentConfig).toEqual(past.config);
  });

  it("takes a new input at an old state, which then is all that came before it", async () => {
    const { saver } = open();
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode({ x: says("x"), y: says("y") })
      .addEdge(START, "x")
      .addEdge(START, "y")
      .compile({ checkpointer: saver });
    await graph.invoke({ log: ["in"] }, { ...config, ...savesEachStep });
    const past = (await collect(graph.getStateHistory(config))).find(({ next }) => next.includes("x")) as StateSnapshot;
    expect(past.next).toEqual(["x", "y"]);
    expect((await graph.invoke({ log: ["other"] }, past.config)).log).toEqual(["in", "other", "x", "y"]);
  });

  it("names no checkpoint that the thread has not", async () => {
    const { graph, config } = await ended();
    const nowhere = { configurable: { ...config.configurable, checkpoint_id: "1ef00000-0000-6000-8000-000000000000" } };
    expect((await graphErrorOf(graph.invoke(null, nowhere))).code).toBe("CHECKPOINT_NOT_FOUND");
    expect(await graph.getState(nowhere)).toMatchObject({ values: {}, next: [] });
  });
});

describe.each(eachSaver)("going back to an interrupt, on $name", ({ open }) => {
  async function answered() {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const builder = new StateGraph(LogState)
      .addNode("ask", () => ({ answer: interrupt("which?") }))
      .addNode("act", ({ answer }) => {
        ran.push(String(answer));
        return { log: [`did ${answer}`] };
      })
      .addEdge(START, "ask")
      .addEdge("ask", "act");
    const graph = builder.compile({ checkpointer: saver });
    await graph.invoke({}, config);
    const paused = await graph.getState(config);
    await graph.invoke(new Command({ resume: "left", update: { log: ["a note with left"] } }), config);
    return { graph: builder.compile({ checkpointer: reopen() }), config, paused, ran };
  }

  it("answers it differently, in a branch of its own", async () => {
    const { graph, config, paused, ran } = await answered();
    const first = await graph.getState(config);
    const other = await graph.invoke(new Command({ resume: "right" }), paused.config);
    // What came with the first answer belongs to it.
    expect(other).toEqual({ answer: "right", log: ["did right"] });
    expect(ran).toEqual(["left", "right"]);
    expect(first.values).toEqual({ answer: "left", log: ["a note with left", "did left"] });
    expect(await graph.getState(first.config)).toMatchObject({ values: first.values, next: [] });
    expect((await graph.getState(config)).values).toEqual(other);
  });

  it("asks again, when no answer comes with it", async () => {
    const { graph, paused } = await answered();
    const again = await graph.invoke(null, paused.config);
    expect(questions(again.__interrupt__)).toEqual(["which?"]);
    expect(again.__interrupt__?.[0]?.id).not.toBe(paused.interrupts[0]?.id);
    expect(
      (
        await graph.invoke(new Command({ resume: "right" }), {
          configurable: { thread_id: paused.config.configurable?.thread_id as string },
        })
      ).log,
    ).toEqual(["did right"]);
  });

  it("shows in history what was asked, though it is answered", async () => {
    const { graph, config, paused } = await answered();
    const past = (await collect(graph.getStateHistory(config))).find(({ next }) => next[0] === "ask");
    expect(questions(past?.tasks[0]?.interrupts)).toEqual(["which?"]);
    expect(past?.interrupts).toEqual([]);
    expect(past?.values).toEqual({ log: [] });
    expect(past?.config).toEqual(paused.config);
  });

  it("keeps the answers before it, when the node asked more than once", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => {
        const one = interrupt("one?");
        return { log: [`${one} ${interrupt(`two, after ${one}?`)}`] };
      })
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    await graph.invoke(new Command({ resume: "1" }), config);
    const paused = await graph.getState(config);
    expect((await graph.invoke(new Command({ resume: "2" }), config)).log).toEqual(["1 2"]);
    expect((await graph.invoke(new Command({ resume: "other" }), paused.config)).log).toEqual(["1 other"]);
  });
});

describe("a state", () => {
  it("of a step whose tasks have all finished, but whose checkpoint is missing, is not over", async () => {
    const saver = new MemorySaver();
    const config = newThread();
    let puts = 0;
    const put = saver.put.bind(saver);
    saver.put = async (...args) => {
      if (++puts === 3) throw new Error("the process died here");
      return put(...args);
    };
    const builder = new StateGraph(LogState)
      .addNode({ x: says("x"), y: says("y") })
      .addEdge(START, "x")
      .addEdge(START, "y");
    const begun = builder.compile({ checkpointer: saver }).invoke({}, { ...config, ...savesEachStep });
    await expect(begun).rejects.toThrow("the process died here");
    const graph = builder.compile({ checkpointer: saver });
    expect((await graph.getState(config)).next).toEqual(["x", "y"]);
    expect((await graph.invoke(null, config)).log).toEqual(["x", "y"]);
  });

  it("needs a checkpointer and a thread to be read", async () => {
    const builder = new StateGraph(LogState).addNode("n", says("n")).addEdge(START, "n");
    expect((await graphErrorOf(builder.compile().getState(newThread()))).code).toBe("MISSING_CHECKPOINTER");
    expect((await graphErrorOf(builder.compile({ checkpointer: new MemorySaver() }).getState({}))).code).toBe("MISSING_THREAD_ID");
  });

  it("takes no thread that is not a number, and no namespace that is no string", async () => {
    const graph = new StateGraph(LogState).addNode("n", says("n")).addEdge(START, "n").compile({ checkpointer: new MemorySaver() });
    const call = (configurable: Record<string, never>) => [
      () => graph.invoke({}, { configurable }),
      () => graph.getState({ configurable }),
      () => graph.updateState({ configurable }, {}),
      () => collect(graph.getStateHistory({ configurable })),
    ];
    for (const thread_id of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const read of call({ thread_id } as never)) expect((await graphErrorOf(read())).code).toBe("MISSING_THREAD_ID");
    }
    for (const checkpoint_ns of [null, 5, ["n"]]) {
      for (const read of call({ thread_id: "1", checkpoint_ns } as never)) expect((await graphErrorOf(read())).code).toBe("INVALID_CONFIG");
    }
  });

  it("does not change when what was read from it is changed", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState).addNode("n", says("n")).addEdge(START, "n").compile({ checkpointer: new MemorySaver() });
    const result = await graph.invoke({ answer: { deep: [1] } }, config);
    result.log.push("mutated");
    ((await graph.getState(config)).values.answer as { deep: number[] }).deep.push(2);
    expect((await graph.getState(config)).values).toEqual({ log: ["n"], answer: { deep: [1] } });
  });
});

describe.each(eachSaver)("going back with an answer, on $name", ({ open }) => {
  const two = (ran: string[]) =>
    new StateGraph(LogState)
      .addNode("x", () => {
        const answer = interrupt("x?");
        ran.push(`x ${answer}`);
        return { log: [`x ${answer}`] };
      })
      .addNode("y", () => ({ log: [`y ${interrupt("y?")}`] }))
      .addNode("end", () => ({ log: ["end"] }))
      .addEdge(START, "x")
      .addEdge(START, "y")
      .addEdge(["x", "y"], "end");

  it("takes the ids that the old state shows", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const graph = two(ran).compile({ checkpointer: saver });
    await graph.invoke({}, config);
    const past = await graph.getState(config);
    const [x, y] = past.interrupts.map(({ id }) => id) as [string, string];
    await graph.invoke(new Command({ resume: { [x]: 1, [y]: 2 } }), config);
    const again = two(ran).compile({ checkpointer: reopen() });
    const half = await again.invoke(new Command({ resume: { [x]: "other" } }), past.config);
    expect(questions(half.__interrupt__)).toEqual(["y?"]);
    expect((await again.invoke(new Command({ resume: 2 }), config)).log).toEqual(["x other", "y 2", "end"]);
    expect(ran).toEqual(["x 1", "x other"]);
  });

  it("that is refused leaves the thread where it was", async () => {
    const config = newThread();
    let authorized = true;
    const graph = two([]).compile({ checkpointer: open().saver, authorize: () => authorized });
    await graph.invoke({}, config);
    const past = await graph.getState(config);
    const [x, y] = past.interrupts.map(({ id }) => id) as [string, string];
    await graph.invoke(new Command({ resume: { [x]: 1, [y]: 2 } }), config);
    const states = await collect(graph.getStateHistory(config));
    const refused = async (command: Command) => (await graphErrorOf(graph.invoke(command, past.config))).code;
    expect(await refused(new Command({ resume: { ["f".repeat(32)]: 1 } }))).toBe("UNKNOWN_INTERRUPT");
    expect(await refused(new Command({ resume: "whose?" }))).toBe("AMBIGUOUS_RESUME");
    expect(await refused(new Command({ goto: "nowhere" }))).toBe("UNKNOWN_NODE");
    authorized = false;
    expect(await refused(new Command({ resume: { [x]: "intruder" } }))).toBe("NOT_AUTHORIZED");
    expect(await collect(graph.getStateHistory(config))).toEqual(states);
  });

  it("cannot reach into a subgraph, a task or a key, and says how to get there", async () => {
    const sub = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("?"))] }))
      .addEdge(START, "ask")
      .compile();
    const asking = task("asking", () => interrupt("?"));
    const builders = [
      new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub"),
      new StateGraph(LogState).addNode("sub", async () => ({ log: [String(await asking())] })).addEdge(START, "sub"),
      new StateGraph(LogState).addNode("sub", () => ({ log: [String(interrupt("?", { key: "name" }))] })).addEdge(START, "sub"),
    ];
    for (const builder of builders) {
      const config = newThread();
      const graph = builder.compile({ checkpointer: open().saver });
      await graph.invoke({}, config);
      const past = await graph.getState(config);
      await graph.invoke(new Command({ resume: "first" }), config);
      const now = await graph.getState(config);
      const error = await graphErrorOf(graph.invoke(new Command({ resume: "other" }), past.config));
      expect([error.code, error.message]).toEqual(["NOTHING_TO_RESUME", expect.stringContaining("invoke(null")]);
      expect(await graph.getState(config)).toEqual(now);
      expect(questions((await graph.invoke(null, past.config)).__interrupt__)).toEqual(["?"]);
      expect((await graph.invoke(new Command({ resume: "other" }), config)).log).toEqual(["other"]);
    }
  });
});
