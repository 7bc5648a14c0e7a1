// Graphs inside of graphs: as nodes and as functions, several in one node, side by side, three levels deep, with a state that lasts.
import { describe, expect, it } from "vitest";
import {
  Annotation,
  type CheckpointSaver,
  Command,
  type CompiledGraph,
  interrupt,
  MemorySaver,
  Overwrite,
  type Runtime,
  Send,
  START,
  StateGraph,
  type StateSnapshot,
} from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, LogState, log, newThread, questions, savesEachStep } from "../support/run.js";

/** A graph that works, asks, and works on; `ran` counts. */
const asking = (name: string, ran: string[] = []) =>
  new StateGraph(LogState)
    .addNode("work", () => {
      ran.push(`${name} work`);
      return { log: [`${name} work`] };
    })
    .addNode("ask", () => {
      const answer = interrupt(`${name}?`);
      ran.push(`${name} ask`);
      return { log: [`${name}: ${answer}`] };
    })
    .addEdge(START, "work")
    .addEdge("work", "ask");

describe.each(eachSaver)("a subgraph, on $name", ({ open }) => {
  it("as a node: shares keys, pauses the whole, and goes on where it was", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const Own = Annotation.Root({ log: log(), own: Annotation<string>() });
    const sub = new StateGraph(Own)
      .addNode("work", () => {
        ran.push("work");
        return { own: "kept inside", log: ["work"] };
      })
      .addNode("ask", ({ own }) => ({ log: [`${own}: ${interrupt("?")}`] }))
      .addEdge(START, "work")
      .addEdge("work", "ask")
      .compile();
    const builder = new StateGraph(Annotation.Root({ log: Annotation<string[]>() })).addNode("sub", sub).addEdge(START, "sub");
    await builder.compile({ checkpointer: saver }).invoke({ log: ["in"] }, config);
    const result = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "yes" }), config);
    expect(result).toEqual({ log: ["in", "work", "kept inside: yes"] });
    expect(ran).toEqual(["work"]);
  });

  it("side by side with another that asks too: each answer reaches its own", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const builder = new StateGraph(LogState)
      .addNode("left", async () => ({ log: (await asking("left", ran).compile().invoke({})).log }))
      .addNode("right", async () => ({ log: (await asking("right", ran).compile().invoke({})).log }))
      .addEdge(START, "left")
      .addEdge(START, "right");
    const { __interrupt__: [left, right] = [] } = await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect([left?.value, right?.value]).toEqual(["left?", "right?"]);
    expect((await graphErrorOf(builder.compile({ checkpointer: saver }).invoke(new Command({ resume: "?" }), config))).code).toBe(
      "AMBIGUOUS_RESUME",
    );
    const half = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: { [right!.id]: "R" } }), config);
    expect(half.__interrupt__).toEqual([left]);
    const whole = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: { [left!.id]: "L" } }), config);
    expect(whole.log).toEqual(["left work", "left: L", "right work", "right: R"]);
    expect(ran).toEqual(["left work", "right work", "right ask", "left ask"]);
  });

  it("called several times in one node: each call has its own state, and what is done stays done", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const sub = new StateGraph(LogState)
      .addNode("work", ({ answer }) => void ran.push(`work ${answer}`))
      .addNode("ask", ({ answer }) => ({ log: [`${answer}: ${interrupt(`${answer}?`)}`] }))
      .addEdge(START, "work")
      .addEdge("work", "ask")
      .compile();
    const builder = new StateGraph(LogState)
      .addNode("node", async () => {
        const logs: string[] = [];
        for (const answer of ["one", "two", "three"]) logs.push(...(await sub.invoke({ answer })).log);
        return { log: logs };
      })
      .addEdge(START, "node");
    const asked = [questions((await builder.compile({ checkpointer: saver }).invoke({}, config)).__interrupt__)];
    for (const resume of ["1", "2"])
      asked.push(questions((await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config)).__interrupt__));
    expect(asked).toEqual([["one?"], ["two?"], ["three?"]]);
    expect((await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "3" }), config)).log).toEqual([
      "one: 1",
      "two: 2",
      "three: 3",
    ]);
    expect(ran).toEqual(["work one", "work two", "work three"]);
  });

  it("called several times at once in one node: all ask, and each is answered by its id", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const builder = new StateGraph(LogState)
      .addNode("node", async () => ({
        log: (await Promise.all(["a", "b", "c"].map((name) => asking(name, ran).compile().invoke({})))).flatMap(({ log }) => log),
      }))
      .addEdge(START, "node");
    const { __interrupt__ = [] } = await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(questions(__interrupt__)).toEqual(["a?", "b?", "c?"]);
    const [a, b, c] = __interrupt__.map(({ id }) => id) as [string, string, string];
    const two = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: { [c]: "C" } }), config);
    expect(questions(two.__interrupt__)).toEqual(["a?", "b?"]);
    const { log } = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: { [b]: "B", [a]: "A" } }), config);
    expect(log).toEqual(["a work", "a: A", "b work", "b: B", "c work", "c: C"]);
    expect(ran.slice().sort()).toEqual(["a ask", "a work", "b ask", "b work", "c ask", "c work"]);
  });

  it("three levels deep: the namespace names each level, and the state of each can be read", async () => {
    const { saver, reopen } = open();
    const config = { ...newThread(), ...savesEachStep };
    const wrap = (name: string, inner: Pick<CompiledGraph, "invoke">) =>
      new StateGraph(LogState).addNode(name, inner).addEdge(START, name).compile();
    const build = (checkpointer: CheckpointSaver) =>
      new StateGraph(LogState)
        .addNode("one", wrap("two", wrap("three", asking("deep").compile())))
        .addEdge(START, "one")
        .compile({ checkpointer });
    const { __interrupt__: [asked] = [] } = await build(saver).invoke({}, config);
    expect(asked?.ns.map((level) => level.split(":")[0])).toEqual(["one", "two", "three", "ask"]);

    let state = await build(reopen()).getState(config, { subgraphs: true });
    const path: string[] = [];
    while (state.tasks[0]?.state !== undefined) {
      path.push(...state.next);
      expect(questions(state.interrupts)).toEqual(["deep?"]);
      state = state.tasks[0].state as StateSnapshot<typeof LogState.State>;
    }
    expect([...path, ...state.next]).toEqual(["one", "two", "three", "ask"]);
    expect(state.values.log).toEqual(["deep work"]);
    expect((await build(reopen()).getState(state.config)).values).toEqual(state.values);
    expect(
      (
        await collect(
          build(reopen()).getStateHistory(
            state.config.configurable === undefined ? {} : { configurable: { ...state.config.configurable, checkpoint_id: undefined } },
          ),
        )
      ).map(({ next }) => next),
    ).toEqual([["ask"], ["work"], [START]]);
    expect((await build(reopen()).invoke(new Command({ resume: "yes" }), config)).log).toEqual(["deep work", "deep: yes"]);
  });

  it("with checkpointer: true keeps its state from call to call; else each call is new", async () => {
    for (const checkpointer of [true, undefined]) {
      const { saver, reopen } = open();
      const config = newThread();
      const sub = new StateGraph(LogState)
        .addNode("n", ({ log }) => ({ log: [`call ${log.length + 1}`] }))
        .addEdge(START, "n")
        .compile({ checkpointer });
      const builder = new StateGraph(LogState)
        .addNode("node", async () => ({ log: (await sub.invoke({})).log.slice(-1) }))
        .addEdge(START, "node");
      await builder.compile({ checkpointer: saver }).invoke({}, config);
      await builder.compile({ checkpointer: saver }).invoke({}, config);
      const { log } = await builder.compile({ checkpointer: reopen() }).invoke({}, config);
      expect(log).toEqual(checkpointer ? ["call 1", "call 2", "call 3"] : ["call 1", "call 1", "call 1"]);
    }
  });

  it("with checkpointer: true is refused where no graph around has a saver", async () => {
    const lasting = new StateGraph(LogState)
      .addNode("n", () => ({ log: ["n"] }))
      .addEdge(START, "n")
      .compile({ checkpointer: true });
    const around = new StateGraph(LogState).addNode("inside", lasting).addEdge(START, "inside").compile();
    for (const graph of [lasting, around]) {
      const refused = await graphErrorOf(graph.invoke({}, newThread()));
      expect([refused.code, refused.message]).toEqual(["MISSING_CHECKPOINTER", expect.stringContaining("checkpointer: true")]);
    }
  });

  it("with checkpointer: true asks and goes on within its lasting state", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const sub = new StateGraph(LogState)
      .addNode("ask", ({ log }) => ({ log: [`${log.length} ${interrupt("?")}`] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: true });
    const builder = new StateGraph(LogState)
      .addNode("node", async () => ({ log: (await sub.invoke({})).log.slice(-1) }))
      .addEdge(START, "node");
    for (const [turn, resume] of ["a", "b"].entries()) {
      expect(questions((await builder.compile({ checkpointer: saver }).invoke({}, config)).__interrupt__)).toEqual(["?"]);
      const { log } = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config);
      expect(log.at(-1)).toBe(`${turn} ${resume}`);
    }
  });

  it("that fails is tried again from its failed step only", async () => {
    const config = newThread();
    const ran: string[] = [];
    let fails = 2;
    const sub = new StateGraph(LogState)
      .addNode("work", () => void ran.push("work"))
      .addNode("flaky", () => {
        ran.push("flaky");
        if (fails-- > 0) throw new Error("boom");
        return { log: ["ok"] };
      })
      .addEdge(START, "work")
      .addEdge("work", "flaky")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("node", async () => ({ log: (await sub.invoke({})).log }), {
        retryPolicy: { maxAttempts: 2, initialInterval: 1, jitter: false },
      })
      .addEdge(START, "node")
      .compile({ checkpointer: open().saver });
    await expect(graph.invoke({}, config)).rejects.toThrow("boom");
    expect((await graph.invoke(null, config)).log).toEqual(["ok"]);
    expect(ran).toEqual(["work", "flaky", "flaky", "flaky"]);
  });
});

describe("Command for the parent", () => {
  const child = (command: Command, checkpointer?: boolean) =>
    new StateGraph(LogState)
      .addNode("inner", () => command)
      .addEdge(START, "inner")
      .compile({ checkpointer });
  it.each([
    ["a node", undefined],
    ["a function", true],
  ])("leads and updates there, from a graph called as %s", async (_, asFunction) => {
    const sub = child(new Command({ graph: Command.PARENT, goto: "target", update: { log: ["from inside"] } }));
    const graph = new StateGraph(LogState)
      .addNode("sub", asFunction ? async () => ({ log: (await sub.invoke({})).log }) : sub, { ends: ["target"] })
      .addNode("target", () => ({ log: ["target"] }))
      .addEdge(START, "sub")
      .compile({ checkpointer: new MemorySaver() });
    expect((await graph.invoke({}, newThread())).log).toEqual(["from inside", "target"]);
  });

  it("climbs one level at a time", async () => {
    const middle = new StateGraph(LogState)
      .addNode("sub", child(new Command({ graph: Command.PARENT, goto: "here", update: { log: ["up one"] } })), { ends: ["here"] })
      .addNode("here", () => new Command({ graph: Command.PARENT, goto: "there", update: { log: ["up two"] } }))
      .addEdge(START, "sub")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("middle", middle, { ends: ["there"] })
      .addNode("there", () => ({ log: ["there"] }))
      .addEdge(START, "middle")
      .compile();
    expect((await graph.invoke({})).log).toEqual(["up two", "there"]);
  });

  const send = (to: string, what: string) =>
    new Command({ graph: Command.PARENT, goto: [new Send(to, { log: [what] })], update: { log: [`for ${what}`] } });
  const around = (sub: ReturnType<typeof child>) =>
    new StateGraph(LogState)
      .addNode("sub", sub, { ends: ["work", "other"] })
      .addNode("work", ({ log }) => ({ log: [`worked on ${log}`] }))
      .addNode("other", () => ({ log: ["other"] }))
      .addEdge(START, "sub")
      .compile({ checkpointer: new MemorySaver() });

  it("comes with others that send too: each is done, whether from one node or from several", async () => {
    const expected = ["for a", "for b", "worked on a", "worked on b"];
    const several = new StateGraph(LogState)
      .addNode("one", () => send("work", "a"))
      .addNode("two", () => send("work", "b"))
      .addEdge(START, "one")
      .addEdge(START, "two")
      .compile();
    expect((await around(several as never).invoke({}, newThread())).log).toEqual(expected);
    const list = new StateGraph(LogState)
      .addNode("one", () => [send("work", "a"), send("work", "b")])
      .addEdge(START, "one")
      .compile();
    expect((await around(list as never).invoke({}, newThread())).log).toEqual(expected);
  });

  it("that names a node leaves no room for others", async () => {
    const named = new Command({ graph: Command.PARENT, goto: "other", update: { log: ["named"] } });
    const list = new StateGraph(LogState)
      .addNode("one", () => [named, send("work", "b")])
      .addEdge(START, "one")
      .compile();
    expect((await around(list as never).invoke({}, newThread())).log).toEqual(["named", "other"]);
  });

  it.each([
    [
      "a node's name",
      () => new Command({ graph: Command.PARENT, goto: "other", update: { log: new Overwrite(["afresh"]) } }),
      ["afresh", "other"],
    ],
    ["a Send", () => send("work", "a"), ["for a", "worked on a"]],
  ])("is not made again while another task of its step waits: with %s", async (_, make, expected) => {
    let made = 0;
    const sub = new StateGraph(LogState)
      .addNode("leaves", () => {
        made++;
        return make();
      })
      .addNode("waits", () => ({ log: [interrupt<string>("?")] }))
      .addEdge(START, "leaves")
      .addEdge(START, "waits")
      .compile();
    const graph = around(sub as never);
    const config = newThread();
    expect(questions((await graph.invoke({}, config)).__interrupt__)).toEqual(["?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(expected);
    expect(made).toBe(1);
  });

  it("is given up with the step, where a new input comes over it", async () => {
    const sub = new StateGraph(LogState)
      .addNode("leaves", ({ log }) => (log.length === 0 ? send("work", "a") : { log: ["stays"] }))
      .addNode("waits", ({ log }) => ({ log: log.length === 0 ? [interrupt<string>("?")] : [] }))
      .addEdge(START, "leaves")
      .addEdge(START, "waits")
      .compile();
    const graph = around(sub as never);
    const config = newThread();
    await graph.invoke({}, config);
    expect((await graph.invoke({ log: ["new"] }, config)).log).toEqual(["new", "new", "stays"]);
  });

  it("that names no node there is an error which says so", async () => {
    const graph = new StateGraph(LogState)
      .addNode("sub", child(new Command({ graph: Command.PARENT, goto: "nowhere" })))
      .addEdge(START, "sub")
      .compile();
    expect((await graphErrorOf(graph.invoke({}))).code).toBe("UNKNOWN_NODE");
  });

  it("with an update of no known form is the fault of the node that gave it, and runs again with the next attempt", async () => {
    const config = newThread();
    let update: unknown = [5];
    const sub = new StateGraph(LogState)
      .addNode("leaves", () => new Command({ graph: Command.PARENT, goto: "target", update: update as never }))
      .addNode("asks", () => void interrupt("?"))
      .addEdge(START, "leaves")
      .addEdge(START, "asks")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("sub", sub, { ends: ["target"] })
      .addNode("target", () => ({ log: ["target"] }))
      .addEdge(START, "sub")
      .compile({ checkpointer: new MemorySaver() });
    expect((await graphErrorOf(graph.invoke({}, config))).code).toBe("INVALID_UPDATE");
    const { tasks } = await graph.getState(config, { subgraphs: true });
    const inner = tasks[0]?.state as StateSnapshot;
    expect(inner.tasks.map(({ name, error }) => [name, error !== undefined])).toEqual([
      ["leaves", true],
      ["asks", false],
    ]);
    update = { log: ["mended"] };
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["?"]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["mended", "target"]);
  });
});

describe("a subgraph", () => {
  it("compiled with checkpointer: false saves nothing, and cannot ask", async () => {
    const saver = new MemorySaver();
    const config = newThread();
    const build = (sub: ReturnType<ReturnType<typeof asking>["compile"]>) =>
      new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub").compile({ checkpointer: saver });
    expect((await graphErrorOf(build(asking("x").compile({ checkpointer: false })).invoke({}, config))).code).toBe("MISSING_CHECKPOINTER");
    const namespaces = new Set<unknown>();
    for await (const { config: at } of saver.list({ configurable: { thread_id: config.configurable.thread_id } }))
      namespaces.add(at.configurable?.checkpoint_ns);
    expect([...namespaces]).toEqual([""]);
  });

  it("may run in a thread of its own, with a saver of its own", async () => {
    const [outer, inner] = [newThread(), newThread()];
    const sub = asking("own").compile({ checkpointer: new MemorySaver() });
    const graph = new StateGraph(LogState)
      .addNode("node", async () => ({ answer: questions((await sub.invoke({}, inner)).__interrupt__) }))
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver() });
    expect(await graph.invoke({}, outer)).toEqual({ log: [], answer: ["own?"] });
    expect((await sub.invoke(new Command({ resume: "yes" }), inner)).log).toEqual(["own work", "own: yes"]);
  });

  it("inherits context, recursionLimit and configurable, and may be given its own", async () => {
    const seen: unknown[] = [];
    const sub = new StateGraph(LogState)
      .addNode("n", (_, { context, configurable, recursionLimit }) => void seen.push([context, configurable.user, recursionLimit]))
      .addEdge(START, "n")
      .compile();
    const graph = new StateGraph(LogState)
      .addNode("node", async (_, runtime) => {
        await sub.invoke({});
        await sub.invoke({}, runtime);
        await sub.invoke({}, { context: "own", configurable: { user: "bob" }, recursionLimit: 3 });
      })
      .addEdge(START, "node")
      .compile();
    await graph.invoke({}, { context: "outer", configurable: { user: "ada" }, recursionLimit: 7 });
    expect(seen).toEqual([
      ["outer", "ada", 7],
      ["outer", "ada", 7],
      ["own", "bob", 3],
    ]);
  });
});

it("a graph as a node takes over what the run around has, the node's metadata, and the node's signal", async () => {
  let seen: unknown;
  let inner: AbortSignal | undefined;
  const sub = new StateGraph(LogState)
    .addNode("look", ((_: unknown, { context, tags, configurable, metadata, recursionLimit, signal }: Runtime) => {
      inner = signal;
      seen = [context, tags, configurable.user, metadata.team, metadata.own, metadata.langgraph_node, recursionLimit];
    }) as () => undefined)
    .addEdge(START, "look")
    .compile();
  const graph = new StateGraph(LogState)
    .addNode("sub", sub, { metadata: { own: 1 }, timeout: 10_000 })
    .addEdge(START, "sub")
    .compile();
  await graph.invoke({}, { context: "c", tags: ["t"], configurable: { user: "u" }, metadata: { team: "m" }, recursionLimit: 9 } as never);
  expect(seen).toEqual(["c", ["t"], "u", "m", 1, "look", 9]);
  expect(inner?.aborted).toBe(false);
});
