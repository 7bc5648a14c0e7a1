// Promise 3: what was done is not done again. Promise 4: a bad answer does not brick a thread.
import { describe, expect, it } from "vitest";
import { Command, type Durability, interrupt, Send, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, errorOf, LogState, newThread, questions, savesEachStep } from "../support/run.js";

describe.each(eachSaver)("a finished task, on $name", ({ open }) => {
  it("does not run again because those beside it wait, one after the other", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const builder = new StateGraph(LogState)
      .addNode("call", (name: string) => {
        const answer = name.startsWith("gated") ? interrupt(name) : "free";
        ran.push(name);
        return { log: [`${name} ${answer}`] };
      })
      .addConditionalEdges(START, () => ["free 1", "gated 1", "free 2", "gated 2"].map((name) => new Send("call", name)), ["call"]);
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    for (const expected of [["gated 1", "gated 2"], ["gated 2"]]) {
      const graph = builder.compile({ checkpointer: reopen() });
      const { interrupts, tasks } = await graph.getState(config);
      expect(questions(interrupts)).toEqual(expected);
      expect(tasks.filter(({ result }) => result !== undefined)).toHaveLength(4 - expected.length);
      await graph.invoke(new Command({ resume: { [interrupts[0]!.id]: "yes" } }), config);
    }
    expect(ran).toEqual(["free 1", "free 2", "gated 1", "gated 2"]);
    expect((await builder.compile({ checkpointer: reopen() }).getState(config)).values.log).toEqual([
      "free 1 free",
      "gated 1 yes",
      "free 2 free",
      "gated 2 yes",
    ]);
  });

  it("does not run again because one beside it failed, or because the stream was left", async () => {
    const config = newThread();
    const ran: string[] = [];
    let fails = true;
    const graph = new StateGraph(LogState)
      .addNode("good", () => {
        ran.push("good");
        return { log: ["good"] };
      })
      .addNode("bad", () => {
        ran.push("bad");
        if (fails) throw new Error("boom");
        return { log: ["bad"] };
      })
      .addNode("end", () => {
        ran.push("end");
        return { log: ["end"] };
      })
      .addEdge(START, "good")
      .addEdge(START, "bad")
      .addEdge(["good", "bad"], "end")
      .compile({ checkpointer: open().saver });
    await errorOf(graph.invoke({}, config));
    fails = false;
    for await (const chunk of await graph.stream(null, config)) {
      expect(chunk).toEqual({ good: { log: ["good"] }, __metadata__: { cached: true } });
      break;
    }
    expect((await graph.invoke(null, { ...config, multitaskStrategy: "enqueue" })).log).toEqual(["bad", "good", "end"]);
    expect(ran).toEqual(["good", "bad", "bad", "end"]);
  });

  it("does not run again because the stream was left at its update", async () => {
    const config = newThread();
    const ran: string[] = [];
    const step = (name: string) => async () => {
      ran.push(name);
      return { log: [name] };
    };
    const graph = new StateGraph(LogState)
      .addNode({ a: step("a"), b: step("b"), c: step("c") })
      .addEdge(START, "a")
      .addEdge("a", "b")
      .addEdge("b", "c")
      .compile({ checkpointer: open().saver });
    const seen: unknown[] = [];
    for (const input of [{}, null, null]) {
      for await (const chunk of await graph.stream(input, { ...config, multitaskStrategy: "enqueue" })) {
        if ("__metadata__" in chunk) continue;
        seen.push(chunk);
        break;
      }
    }
    expect((await graph.invoke(null, { ...config, multitaskStrategy: "enqueue" })).log).toEqual(["a", "b", "c"]);
    expect(seen).toEqual(["a", "b", "c"].map((name) => ({ [name]: { log: [name] } })));
    expect(ran).toEqual(["a", "b", "c"]);
  });
});

describe.each(eachSaver)("an answer after which the node fails, on $name", ({ open }) => {
  async function failed(options: { durability?: Durability } = {}) {
    const { saver, reopen } = open();
    const config = newThread();
    let service = "down";
    const builder = new StateGraph(LogState)
      .addNode("ask", () => {
        const name = interrupt("name?");
        const age = Number(interrupt(`age of ${name}?`));
        if (!Number.isInteger(age)) throw new TypeError("not an age");
        if (service === "down") throw new Error("service down");
        return { log: [`${name} ${age}`] };
      })
      .addEdge(START, "ask");
    const repair = () => {
      service = "up";
    };
    await builder.compile({ checkpointer: saver }).invoke({}, { ...config, ...options });
    await builder.compile({ checkpointer: saver }).invoke(new Command({ resume: "Ada" }), config);
    return { graph: () => builder.compile({ checkpointer: reopen() }), config, repair };
  }

  it("can be given anew, as often as need be, and what was answered before it stands", async () => {
    const { graph, config, repair } = await failed();
    for (const wrong of ["old", "older"]) {
      expect((await errorOf(graph().invoke(new Command({ resume: wrong }), config))).message).toBe("not an age");
      const state = await graph().getState(config);
      expect(state).toMatchObject({ next: ["ask"], interrupts: [], tasks: [{ error: { name: "TypeError", message: "not an age" } }] });
    }
    repair();
    expect((await graph().invoke(new Command({ resume: "36" }), config)).log).toEqual(["Ada 36"]);
  });

  it("can be given anew by its id", async () => {
    const { graph, config, repair } = await failed();
    const [asked] = (await graph().getState(config)).interrupts;
    await errorOf(graph().invoke(new Command({ resume: { [asked!.id]: "old" } }), config));
    repair();
    expect((await graph().invoke(new Command({ resume: { [asked!.id]: "36" } }), config)).log).toEqual(["Ada 36"]);
  });

  it("is tried again as it is, with invoke(null)", async () => {
    const { graph, config, repair } = await failed();
    expect((await errorOf(graph().invoke(new Command({ resume: "36" }), config))).message).toBe("service down");
    expect((await errorOf(graph().invoke(null, config))).message).toBe("service down");
    repair();
    expect((await graph().invoke(null, config)).log).toEqual(["Ada 36"]);
  });

  it("is forgotten as a failure once the node asks something else", async () => {
    const { saver } = open();
    const config = newThread();
    let ran = 0;
    const graph = new StateGraph(LogState)
      .addNode("ask", () => {
        ran++;
        if (interrupt("first?") === "bad") throw new Error("bad");
        return { log: [String(interrupt("second?"))] };
      })
      .addEdge(START, "ask")
      .compile({ checkpointer: saver });
    await graph.invoke({}, config);
    await errorOf(graph.invoke(new Command({ resume: "bad" }), config));
    await graph.invoke(new Command({ resume: "good" }), config);
    const [asked] = (await graph.getState(config)).tasks;
    expect([asked?.error, questions(asked?.interrupts)]).toEqual([undefined, ["second?"]]);
    // It waits: going on runs nothing.
    expect(questions((await graph.invoke(null, config)).__interrupt__)).toEqual(["second?"]);
    expect(ran).toBe(3);
    expect((await graph.invoke(new Command({ resume: "done" }), config)).log).toEqual(["done"]);
  });

  it("leaves a thread that takes a new input", async () => {
    const { graph, config } = await failed();
    await errorOf(graph().invoke(new Command({ resume: "36" }), config));
    expect(questions((await graph().invoke({}, config)).__interrupt__)).toEqual(["name?"]);
  });

  it("keeps its failed attempts out of the history of states", async () => {
    const { graph, config, repair } = await failed(savesEachStep);
    await errorOf(graph().invoke(new Command({ resume: "old" }), config));
    repair();
    await graph().invoke(new Command({ resume: "36" }), config);
    expect((await collect(graph().getStateHistory(config))).map(({ metadata }) => metadata?.step)).toEqual([1, 0, -1]);
  });
});
