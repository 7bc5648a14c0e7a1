// Threads that are pruned, copied and carried elsewhere between any two runs go on as if nothing had been.
import { randomBytes } from "node:crypto";
import { encryptedSerializer, MemorySaver } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, Command, entrypoint, interrupt, START, StateGraph, task } from "../../src/index.js";
import { ownSavers } from "../support/each-saver.js";
import { collect, graphErrorOf, LogState, newThread, questions, savesEachStep } from "../support/run.js";

type Config = ReturnType<typeof newThread>;

/** Prunes one thread as far as it goes. @returns how many checkpoints went */
const pruneAll = async (saver: CheckpointSaver, { configurable: { thread_id: threadId } }: Config, keepLast = 1): Promise<number> =>
  (await saver.prune?.({ threadId, keepLast }))?.checkpoints ?? 0;

/** A graph with a graph in it that works, asks, asks again, and goes on; `ran` counts. */
function nested(ran: string[]) {
  const inner = new StateGraph(LogState)
    .addNode("work", () => {
      ran.push("work");
      return { log: ["work"] };
    })
    .addNode("first", () => ({ log: [`first ${interrupt("first?")}`] }))
    .addNode("second", () => ({ log: [`second ${interrupt("second?")}`] }))
    .addEdge(START, "work")
    .addEdge("work", "first")
    .addEdge("first", "second");
  const side = task("side", () => {
    ran.push("side");
    return "side";
  });
  return new StateGraph(LogState)
    .addNode("before", () => ({ log: ["before"] }))
    .addNode("inside", async () => ({ log: [await side(), ...(await inner.compile().invoke({})).log] }))
    .addNode("beside", () => {
      ran.push("beside");
      return { log: ["beside"] };
    })
    .addNode("after", () => ({ log: ["after"] }))
    .addEdge(START, "before")
    .addEdge("before", "inside")
    .addEdge("before", "beside")
    .addEdge("inside", "after");
}

describe.each(ownSavers)("a thread that is pruned, on $name", ({ open }) => {
  it.each([
    ["sync", 1],
    ["sync", 0],
    ["async", 0],
    ["exit", 0],
  ] as const)("goes on from its pause, inside of a subgraph, and does nothing twice (%s, keepLast: %i)", async (durability, keepLast) => {
    const { saver, reopen } = open();
    const config = { ...newThread(), durability };
    const ran: string[] = [];
    const first = await nested(ran).compile({ checkpointer: saver }).invoke({}, config);
    expect(questions(first.__interrupt__)).toEqual(["first?"]);
    // In "exit" the pause is all that there is.
    const removed = await pruneAll(saver, config, keepLast);
    if (durability === "exit") expect(removed).toBe(0);
    else expect(removed).toBeGreaterThan(0);
    const second = await nested(ran)
      .compile({ checkpointer: reopen() })
      .invoke(new Command({ resume: "1" }), config);
    expect(questions(second.__interrupt__)).toEqual(["second?"]);
    await pruneAll(saver, config, keepLast);
    const { log } = await nested(ran)
      .compile({ checkpointer: reopen() })
      .invoke(new Command({ resume: "2" }), config);
    expect(log).toEqual(["before", "beside", "side", "work", "first 1", "second 2", "after"].sort(byPlace(log)));
    expect(ran.sort()).toEqual(["beside", "side", "work"]);
    expect(await pruneAll(saver, config)).toBeGreaterThan(0);
    const left = await collect(saver.list({ configurable: { thread_id: config.configurable.thread_id } }));
    expect(left.map((one) => one.config.configurable?.checkpoint_ns)).toEqual([""]);
  });

  it("keeps the lasting state of a subgraph, and grows no longer", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const counter = new StateGraph(LogState)
      .addNode("count", ({ log }) => ({ log: [`${log.length}`] }))
      .addEdge(START, "count")
      .compile({ checkpointer: true });
    const builder = new StateGraph(LogState)
      .addNode("node", async () => ({ answer: (await counter.invoke({})).log.at(-1) }))
      .addEdge(START, "node");
    const sizes: unknown[] = [];
    for (let turn = 0; turn < 5; turn++) {
      expect((await builder.compile({ checkpointer: reopen() }).invoke({}, config)).answer).toBe(`${turn}`);
      await pruneAll(saver, config);
      sizes.push((await saver.stats?.({ threadId: config.configurable.thread_id }))?.checkpoints);
    }
    expect(sizes).toEqual([2, 2, 2, 2, 2]);
  });

  it("can go back to what stays, and says so where it has gone", async () => {
    const { saver } = open();
    const config = { ...newThread(), ...savesEachStep };
    const graph = nested([]).compile({ checkpointer: saver });
    await graph.invoke({}, config);
    const history = await collect(graph.getStateHistory(config));
    await pruneAll(saver, config, 2);
    expect((await collect(graph.getStateHistory(config))).map(({ values }) => values)).toEqual(
      history.slice(0, 2).map(({ values }) => values),
    );
    const [gone, stays] = [history.at(-1)!.config, history[1]!.config];
    expect((await graphErrorOf(graph.invoke(null, gone as Config))).code).toBe("CHECKPOINT_NOT_FOUND");
    expect(questions((await graph.invoke(null, stays as Config)).__interrupt__)).toEqual(["first?"]);
  });

  it("is left alone while it runs", async () => {
    const { saver } = open();
    const config = { ...newThread(), ...savesEachStep };
    const pruned: number[] = [];
    const graph = new StateGraph(LogState)
      .addNode("one", async () => void pruned.push(await pruneAll(saver, config)))
      .addNode("two", async () => void pruned.push(await pruneAll(saver, config, 0)))
      .addEdge(START, "one")
      .addEdge("one", "two")
      .compile({ checkpointer: saver });
    await graph.invoke({}, config);
    expect(pruned).toEqual([0, 0]);
    expect(await pruneAll(saver, config)).toBe(3);
  });

  it("keeps the saved results of an entrypoint's tasks", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const effect = task("effect", (name: string) => {
      ran.push(name);
      return name;
    });
    const flow = (checkpointer: CheckpointSaver) =>
      entrypoint({ name: "flow", checkpointer }, async (input: string) => `${await effect(input)} ${interrupt("?")}`);
    await flow(saver).invoke("a", config);
    await pruneAll(saver, config, 0);
    expect(await flow(reopen()).invoke(new Command({ resume: "yes" }), config)).toBe("a yes");
    expect(ran).toEqual(["a"]);
  });
});

/** Steps that run side by side come in either order. */
const byPlace = (log: readonly string[]) => (a: string, b: string) => log.indexOf(a) - log.indexOf(b);

describe.each(ownSavers)("a paused thread that is copied, on $name", ({ open }) => {
  it("waits twice: each is answered by itself, and what was done before is done in neither", async () => {
    const { saver, reopen } = open();
    const [config, copy] = [newThread(), newThread()];
    const ran: string[] = [];
    const build = (checkpointer: CheckpointSaver) => nested(ran).compile({ checkpointer });
    await build(saver).invoke({}, config);
    await saver.copyThread?.(config.configurable.thread_id, copy.configurable.thread_id);
    const waiting = await saver.listInterrupts?.({ threadId: copy.configurable.thread_id });
    expect(waiting?.items.map(({ value }) => value)).toEqual(["first?"]);
    for (const [at, answer] of [
      [copy, "of the copy"],
      [config, "of the first"],
    ] as const) {
      await build(reopen()).invoke(new Command({ resume: answer }), at);
      const { log } = await build(reopen()).invoke(new Command({ resume: "done" }), at);
      expect(log).toContain(`first ${answer}`);
      expect(log.at(-1)).toBe("after");
    }
    expect(ran.sort()).toEqual(["beside", "side", "work"]);
  });

  it("goes on in another storage, which may be encrypted, where it stood", async () => {
    const { saver } = open();
    const config = newThread();
    const ran: string[] = [];
    await nested(ran).compile({ checkpointer: saver }).invoke({}, config);
    const serializer = encryptedSerializer({ keys: { current: "k", keys: { k: randomBytes(32) } } });
    const encrypted = new MemorySaver({ serializer });
    await encrypted.importThread(config.configurable.thread_id, saver.exportThread!(config.configurable.thread_id));
    const graph = nested(ran).compile({ checkpointer: encrypted });
    expect(questions((await graph.invoke(new Command({ resume: "1" }), config)).__interrupt__)).toEqual(["second?"]);
    expect((await graph.invoke(new Command({ resume: "2" }), config)).log.at(-1)).toBe("after");
    expect(ran.sort()).toEqual(["beside", "side", "work"]);
  });
});
