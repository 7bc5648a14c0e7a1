// Promises 1 and 2: a decision reaches exactly the call it was made for, and counts once.
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, Command, type Decision, GraphError, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver, openFile } from "../support/each-saver.js";
import { collect, deferred, errorOf, graphErrorOf, LogState, newThread, questions, sleep } from "../support/run.js";

/** Three gates side by side, each with an effect behind it. */
function gates() {
  const effects: string[] = [];
  const builder = new StateGraph(LogState);
  const gate = (name: string) => async () => {
    const answer = interrupt<string>(`${name}?`);
    await sleep(2);
    effects.push(`${name}: ${answer}`);
    return { log: [`${name}: ${answer}`] };
  };
  const graph = builder
    .addNode({ a: gate("a"), b: gate("b"), c: gate("c") })
    .addEdge(START, "a")
    .addEdge(START, "b")
    .addEdge(START, "c");
  return { builder: graph, effects };
}

describe.each(eachSaver)("a decision, on $name", ({ open }) => {
  async function paused() {
    const { saver, reopen } = open();
    const config = newThread();
    const { builder, effects } = gates();
    const { __interrupt__ = [] } = await builder.compile({ checkpointer: saver }).invoke({}, config);
    const [a, b, c] = __interrupt__.map(({ id }) => id) as [string, string, string];
    return {
      saver,
      reopen,
      config,
      effects,
      ids: { a, b, c },
      compile: (checkpointer: CheckpointSaver) => builder.compile({ checkpointer }),
    };
  }

  it("is for one of several, and runs that one alone", async () => {
    const { config, effects, ids, compile, reopen } = await paused();
    await compile(reopen()).invoke(new Command({ resume: { [ids.b]: "yes" } }), config);
    expect(effects).toEqual(["b: yes"]);
  });

  it("that could be for several is refused", async () => {
    const { config, effects, compile, saver } = await paused();
    for (const resume of ["yes", null, { type: "accept" }, [{ type: "accept" }]]) {
      expect((await graphErrorOf(compile(saver).invoke(new Command({ resume }), config))).code).toBe("AMBIGUOUS_RESUME");
    }
    expect(effects).toEqual([]);
  });

  it("with a wrong id among right ones is refused as a whole", async () => {
    const { config, effects, ids, compile, saver } = await paused();
    const error = await graphErrorOf(compile(saver).invoke(new Command({ resume: { [ids.a]: "yes", ["f".repeat(32)]: "yes" } }), config));
    expect(error.code).toBe("UNKNOWN_INTERRUPT");
    expect((error.details.pending as { id: string }[]).map(({ id }) => id)).toEqual([ids.a, ids.b, ids.c]);
    expect(effects).toEqual([]);
    expect((await compile(saver).getState(config)).interrupts).toHaveLength(3);
  });

  it("made twice is told what stands: while others wait, and after the run is over", async () => {
    const { config, effects, ids, compile, saver, reopen } = await paused();
    await compile(saver).invoke(new Command({ resume: { [ids.a]: "yes" } }), config);
    const click = async (resume: unknown) => {
      const error = await graphErrorOf(compile(reopen()).invoke(new Command({ resume }), config));
      return [error.code, (error.details.recorded as Decision[]).map(({ interruptId, value }) => [interruptId, value])];
    };
    const standing = ["ALREADY_DECIDED", [[ids.a, "yes"]]];
    expect(await click({ [ids.a]: "yes" })).toEqual(standing);
    expect(await click({ [ids.a]: "no" })).toEqual(standing);
    expect(await click({ [ids.a]: "no", [ids.b]: "yes" })).toEqual(standing);
    expect(effects).toEqual(["a: yes"]);
    await compile(saver).invoke(new Command({ resume: { [ids.b]: "b", [ids.c]: "c" } }), config);
    expect(await click({ [ids.a]: "no" })).toEqual(standing);
    expect((await click("late"))[0]).toBe("ALREADY_DECIDED");
    expect(effects).toEqual(["a: yes", "b: b", "c: c"]);
  });

  it("of two at the same time counts for one, and the other runs nothing", async () => {
    const { config, effects, ids, compile, saver } = await paused();
    const graph = compile(saver);
    const results = await Promise.allSettled(
      ["yes", "no", "maybe"].map((value) => graph.invoke(new Command({ resume: { [ids.a]: value } }), config)),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected")
        expect(GraphError.is(result.reason, "ALREADY_DECIDED") || GraphError.is(result.reason, "THREAD_BUSY")).toBe(true);
    }
    expect(effects).toHaveLength(1);
    expect((await graph.getState(config)).interrupts).toHaveLength(2);
  });
});

describe("a decision, raced for through two savers on one file", () => {
  it("counts once, and its effect happens once", async () => {
    for (let round = 0; round < 10; round++) {
      const { saver, reopen } = openFile();
      const config = newThread();
      const effects: string[] = [];
      const builder = new StateGraph(LogState)
        .addNode("gate", async () => {
          const answer = String(interrupt("?"));
          await sleep(1);
          effects.push(answer);
          return { log: [answer] };
        })
        .addEdge(START, "gate");
      await builder.compile({ checkpointer: saver }).invoke({}, config);
      const results = await Promise.allSettled(
        ["one", "two", "three"].map((resume) => builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config)),
      );
      const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.log] : []));
      expect(winners).toEqual([effects]);
      expect(effects).toHaveLength(1);
      for (const result of results) {
        if (result.status === "fulfilled") continue;
        const error = result.reason as GraphError;
        expect(["ALREADY_DECIDED", "THREAD_BUSY"]).toContain(error.code);
        if (error.code === "ALREADY_DECIDED") expect((error.details.recorded as Decision[])[0]?.value).toBe(effects[0]);
      }
    }
  });
});

describe.each(eachSaver)("an answer that is changed once it was given, on $name", ({ open }) => {
  it.each([0, 1, 2, 3, 5, 8, 13, 21])("is taken as it was given (%d turns later)", async (turns) => {
    const { saver } = open();
    const seen: unknown[] = [];
    const graph = new StateGraph(LogState)
      .addNode("ask", async () => {
        const answer = interrupt<{ amount: number }>("How much?");
        seen.push(answer.amount);
        return { answer: answer.amount };
      })
      .addEdge(START, "ask")
      .compile({
        checkpointer: saver,
        authorize: async ({ value }) => {
          seen.push((value as { amount: number }).amount);
          return true;
        },
      });
    const config = newThread();
    await graph.invoke({}, config);
    const answer = { amount: 40 };
    const running = graph.invoke(new Command({ resume: answer }), config);
    for (let turn = 0; turn < turns; turn++) await null;
    answer.amount = 999;
    expect((await running).answer).toBe(40);
    expect(seen).toEqual([40, 40]);
  });
});

describe.each(eachSaver)("a click on an old id, on $name", ({ open }) => {
  it("does not answer the node's next question", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [`${interrupt("pay 10?")} ${interrupt("pay 10,000?")}`] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const { __interrupt__: [first] = [] } = await graph.invoke({}, config);
    const click = () => graph.invoke(new Command({ resume: { [first!.id]: "yes" } }), config);
    const { __interrupt__: [second] = [] } = await click();
    const error = await graphErrorOf(click());
    expect([error.code, error.details.pending]).toEqual(["ALREADY_DECIDED", [second]]);
    expect(questions((await graph.getState(config)).interrupts)).toEqual(["pay 10,000?"]);
  });

  it("of an earlier turn does not answer the same question of a later one", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [String(interrupt("send it?"))] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    const { __interrupt__: [old] = [] } = await graph.invoke({}, config);
    await graph.invoke(new Command({ resume: { [old!.id]: "yes" } }), config);
    const { __interrupt__: [now] = [] } = await graph.invoke({}, config);
    expect(now?.id).not.toBe(old?.id);
    const error = await graphErrorOf(graph.invoke(new Command({ resume: { [old!.id]: "yes" } }), config));
    expect([error.code, error.details.pending]).toEqual(["ALREADY_DECIDED", [now]]);
    expect((await graph.getState(config)).values.log).toEqual(["yes"]);
  });
});

describe.each(eachSaver)("one run of a thread at a time, on $name", ({ open }) => {
  it("a second one is refused, and nothing of it is saved; other threads go on", async () => {
    const { saver } = open();
    const [config, other] = [newThread(), newThread()];
    const [begun, goOn] = [deferred(), deferred()];
    const graph = new StateGraph(LogState)
      .addNode("slow", async () => {
        begun.resolve();
        await goOn.promise;
        return { log: ["slow"] };
      })
      .addEdge(START, "slow")
      .compile({ checkpointer: saver });
    const first = graph.invoke({ log: ["first"] }, config);
    await begun.promise;
    for (const second of [
      graph.invoke({ log: ["second"] }, config),
      collect(graph.stream(null, config)),
      graph.updateState(config, { log: ["third"] }),
    ]) {
      expect((await graphErrorOf(second)).code).toBe("THREAD_BUSY");
    }
    const beside = graph.invoke({ log: ["other"] }, other);
    goOn.resolve();
    expect((await first).log).toEqual(["first", "slow"]);
    expect((await beside).log).toEqual(["other", "slow"]);
    expect((await graph.getState(config)).values.log).toEqual(["first", "slow"]);
  });

  it("or they wait in line, in the order in which they came", async () => {
    const config = { ...newThread(), multitaskStrategy: "enqueue" as const };
    const graph = new StateGraph(LogState)
      .addNode("slow", async ({ answer }) => {
        await sleep(2);
        return { log: [String(answer)] };
      })
      .addEdge(START, "slow")
      .compile({ checkpointer: open().saver });
    await Promise.all([1, 2, 3, 4, 5].map((answer) => graph.invoke({ answer }, config)));
    expect((await graph.getState(config)).values.log).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("a node that runs its own thread gets an error, not a deadlock", async () => {
    const config = newThread();
    for (const strategy of ["reject", "enqueue"] as const) {
      const graph = new StateGraph(LogState)
        .addNode("self", async (): Promise<never> => (await graph.invoke({}, { ...config, multitaskStrategy: strategy })) as never)
        .addEdge(START, "self")
        .compile({ checkpointer: open().saver });
      expect((await graphErrorOf(graph.invoke({}, config))).code).toBe("THREAD_BUSY");
    }
  });

  it("a failed run leaves the thread free", async () => {
    const config = newThread();
    let fails = true;
    const graph = new StateGraph(LogState)
      .addNode("n", () => {
        if (fails) throw new Error("boom");
      })
      .addEdge(START, "n")
      .compile({ checkpointer: open().saver });
    await errorOf(graph.invoke({}, config));
    fails = false;
    await graph.invoke(null, config);
  });
});
