// What holds with a saver that has fewer capabilities than ours: LangGraph's contract alone, or decisions without leases.
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, Command, type Decision, interrupt, MemorySaver, START, StateGraph } from "../../src/index.js";
import { deferred, graphErrorOf, LogState, newThread, questions } from "../support/run.js";

const CONTRACT = ["getTuple", "list", "put", "putWrites", "deleteThread"] as const;

/** The saver with only these of its methods. */
function limited(
  saver: MemorySaver,
  names: readonly (keyof MemorySaver)[],
  before: () => Promise<void> = async () => undefined,
): CheckpointSaver {
  const pass = (name: keyof MemorySaver) => {
    const method = (saver[name] as (...args: unknown[]) => unknown).bind(saver);
    return name === "recordDecisions" ? (...args: unknown[]) => before().then(() => method(...args)) : method;
  };
  return Object.fromEntries(names.map((name) => [name, pass(name)])) as unknown as CheckpointSaver;
}

function gate() {
  const effects: string[] = [];
  const builder = new StateGraph(LogState)
    .addNode("gate", async () => {
      const answer = String(interrupt("?"));
      effects.push(answer);
      return { log: [answer] };
    })
    .addEdge(START, "gate");
  return { builder, effects };
}

describe("two processes that answer at the same time, through a saver without leases", () => {
  it("record one answer: the other is told which, and runs nothing", async () => {
    const saver = new MemorySaver();
    const { builder, effects } = gate();
    const config = newThread();
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    // Both have read the pause before either writes.
    const [bothRead, readers] = [deferred(), { count: 0 }];
    const wait = () => {
      if (++readers.count === 2) bothRead.resolve();
      return bothRead.promise;
    };
    const answer = (resume: string) =>
      builder.compile({ checkpointer: limited(saver, [...CONTRACT, "recordDecisions"], wait) }).invoke(new Command({ resume }), config);
    const results = await Promise.allSettled([answer("yes"), answer("no")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected");
    const error = await graphErrorOf(Promise.reject(refused?.reason));
    expect(error.code).toBe("ALREADY_DECIDED");
    expect((error.details.recorded as Decision[]).map(({ value }) => value)).toEqual(effects);
    expect(effects).toHaveLength(1);
  });
});

describe.each([
  ["LangGraph's contract alone", CONTRACT],
  ["decisions, but no leases", [...CONTRACT, "recordDecisions"] as const],
])("a saver with %s", (_, names) => {
  it("keeps one run of a thread at a time within a process", async () => {
    const config = newThread();
    const [begun, goOn] = [deferred(), deferred()];
    const graph = new StateGraph(LogState)
      .addNode("slow", async () => {
        begun.resolve();
        await goOn.promise;
        return { log: ["slow"] };
      })
      .addEdge(START, "slow")
      .compile({ checkpointer: limited(new MemorySaver(), names) });
    const first = graph.invoke({}, config);
    await begun.promise;
    expect((await graphErrorOf(graph.invoke({}, config))).code).toBe("THREAD_BUSY");
    expect((await graphErrorOf(graph.updateState(config, {}))).code).toBe("THREAD_BUSY");
    goOn.resolve();
    expect((await first).log).toEqual(["slow"]);
  });

  it("pauses, is answered once, and knows a second click", async () => {
    const { builder, effects } = gate();
    const config = newThread();
    const graph = builder.compile({ checkpointer: limited(new MemorySaver(), names) });
    const { __interrupt__: [asked] = [] } = await graph.invoke({}, config);
    expect(questions((await graph.getState(config)).interrupts)).toEqual(["?"]);
    const click = () => graph.invoke(new Command({ resume: { [asked!.id]: "yes" } }), config);
    const results = await Promise.allSettled([click(), click(), click()]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await graphErrorOf(click())).code).toBe("ALREADY_DECIDED");
    expect(effects).toEqual(["yes"]);
  });
});
