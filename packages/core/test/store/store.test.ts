// Documents that outlive threads: runtime.store, getStore().
import { describe, expect, it } from "vitest";
import {
  Annotation,
  Command,
  entrypoint,
  getStore,
  InMemoryStore,
  interrupt,
  MemorySaver,
  type Runtime,
  START,
  StateGraph,
  task,
} from "../../src/index.js";
import { graphErrorOf, newThread, sleep } from "../support/run.js";
import { eachStore } from "./each-store.js";

const State = Annotation.Root({ name: Annotation<string>(), greeting: Annotation<string>() });

const memories = (runtime: Runtime): string[] => ["memories", String(runtime.configurable.user_id)];

/** Greets by the name that it was told, in this thread or any other. */
async function greet({ name }: typeof State.State, runtime: Runtime) {
  if (name !== undefined) await runtime.store?.put(memories(runtime), "name", { name });
  const item = await runtime.store?.get(memories(runtime), "name");
  return { greeting: `Hello ${String(item?.value.name ?? "stranger")}` };
}

const greeter = new StateGraph(State).addNode("greet", greet).addEdge(START, "greet");
const as = (user: string) => ({ configurable: { ...newThread().configurable, user_id: user } });

describe.each(eachStore)("a graph with $name", ({ open }) => {
  it("remembers in one thread what it was told in another, and for each user apart", async () => {
    const store = open();
    const checkpointer = new MemorySaver();
    const graph = greeter.compile({ checkpointer, store });
    const first = as("1");
    expect((await graph.invoke({ name: "Ada" }, first)).greeting).toBe("Hello Ada");
    await checkpointer.deleteThread(first.configurable.thread_id);
    expect((await graph.invoke({}, as("1"))).greeting).toBe("Hello Ada");
    expect((await graph.invoke({}, as("2"))).greeting).toBe("Hello stranger");
    expect((await store.search(["memories"])).map(({ namespace }) => namespace)).toEqual([["memories", "1"]]);
  });

  it("reaches it from a tool's depth, from a graph inside, and from tasks", async () => {
    const store = open();
    const deep = async () => {
      await sleep(1);
      await getStore()?.put(["seen"], "deep", { by: "getStore" });
      return {};
    };
    const inner = new StateGraph(State).addNode("inside", deep).addEdge(START, "inside").compile();
    const graph = new StateGraph(State).addNode("around", inner).addEdge(START, "around").compile({ store });
    await graph.invoke({ name: "x" });
    const note = task("note", async (key: string) => getStore()?.put(["seen"], key, { by: "task" }));
    const flow = entrypoint({ name: "flow", store }, async (key: string) => {
      await note(key);
      return (await getStore()?.search(["seen"]))?.length;
    });
    expect(await flow.invoke("task")).toBe(2);
    expect((await store.search(["seen"])).map(({ key }) => key).sort()).toEqual(["deep", "task"]);
  });

  it("writes what was approved once it was approved", async () => {
    const store = open();
    const forget = async (_: unknown, runtime: Runtime) => {
      if (interrupt<boolean>("Forget everything?")) await runtime.store?.delete(["memories", "1"], "name");
      return {};
    };
    const graph = new StateGraph(State)
      .addNode("forget", forget)
      .addEdge(START, "forget")
      .compile({ checkpointer: new MemorySaver(), store });
    await store.put(["memories", "1"], "name", { name: "Ada" });
    const config = newThread();
    await graph.invoke({}, config);
    expect(await store.get(["memories", "1"], "name")).not.toBeNull();
    await graph.invoke(new Command({ resume: true }), config);
    expect(await store.get(["memories", "1"], "name")).toBeNull();
  });
});

describe("which store a node gets", () => {
  const seen: unknown[] = [];
  const look = (_: unknown, runtime: Runtime) => {
    seen.push(runtime.store, getStore());
    return {};
  };
  const looking = () => new StateGraph(State).addNode("look", look).addEdge(START, "look");
  const [ofGraph, ofCall, ofInner] = [new InMemoryStore(), new InMemoryStore(), new InMemoryStore()];

  it("is that of the call, then of compile, then of the graph around; or none", async () => {
    const inner = looking().compile({ store: ofInner });
    const around = new StateGraph(State).addNode("bare", looking().compile()).addNode("own", inner);
    const outer = around.addEdge(START, "bare").addEdge("bare", "own").compile({ store: ofGraph });
    const runs = [
      () => looking().compile().invoke({}),
      () => looking().compile({ store: ofGraph }).invoke({}),
      () => looking().compile({ store: ofGraph }).invoke({}, { store: ofCall }),
      () => outer.invoke({}),
    ];
    const expected = [[undefined], [ofGraph], [ofCall], [ofGraph, ofInner]];
    for (const [at, run] of runs.entries()) {
      seen.length = 0;
      await run();
      expect(seen.length).toBe(2 * expected[at]!.length);
      for (const [n, store] of expected[at]!.entries()) {
        expect(seen[2 * n]).toBe(store);
        expect(seen[2 * n + 1]).toBe(store);
      }
    }
  });

  it("is an error to ask for outside of a run", async () => {
    expect((await graphErrorOf((async () => getStore())())).code).toBe("OUTSIDE_RUN");
  });
});
