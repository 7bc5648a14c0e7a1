// Promise 4: a bad answer does not brick a thread, wherever it was given and whatever came with it.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Command, interrupt, START, type StandardSchema, StateGraph, task } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { errorOf, graphErrorOf, LogState, newThread, questions } from "../support/run.js";

const refused = async (promise: Promise<unknown>) => expect((await graphErrorOf(promise)).code).toBe("INVALID_ANSWER");

describe.each(eachSaver)("an answer that does not fit, on $name", ({ open }) => {
  it("waits again, inside of a subgraph and of a task", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const asking = task("asking", () => interrupt("in a task?", { schema: z.number() }));
    const sub = new StateGraph(LogState)
      .addNode("ask", async () => ({ log: [`${interrupt("in a subgraph?", { schema: z.number() })} ${await asking()}`] }))
      .addEdge(START, "ask")
      .compile();
    const builder = new StateGraph(LogState).addNode("sub", sub).addEdge(START, "sub");
    await builder.compile({ checkpointer: saver }).invoke({}, config);
    for (const [question, good] of [
      ["in a subgraph?", 4],
      ["in a task?", 5],
    ] as const) {
      const graph = builder.compile({ checkpointer: reopen() });
      for (const bad of ["x", null]) {
        await refused(graph.invoke(new Command({ resume: bad }), config));
        expect(questions((await graph.getState(config)).interrupts)).toEqual([question]);
      }
      await graph.invoke(new Command({ resume: good }), config);
    }
    expect((await builder.compile({ checkpointer: reopen() }).getState(config)).values.log).toEqual(["4 5"]);
  });

  it("takes what came with it back", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ answer: interrupt("?", { schema: z.number() }) }))
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    await refused(graph.invoke(new Command({ resume: "x", update: { log: ["note"] } }), config));
    expect((await graph.getState(config)).values.log).toEqual([]);
    expect(await graph.invoke(new Command({ resume: 1 }), config)).toEqual({ log: [], answer: 1 });
  });

  it("does not hold up the one that came beside it, which ran once", async () => {
    const config = newThread();
    const ran: string[] = [];
    const ask = (name: string) => () => {
      const answer = interrupt(`${name}?`, { schema: z.number() });
      ran.push(name);
      return { log: [`${name} ${answer}`] };
    };
    const graph = new StateGraph(LogState)
      .addNode({ x: ask("x"), y: ask("y") })
      .addEdge(START, "x")
      .addEdge(START, "y")
      .compile({ checkpointer: open().saver });
    const { __interrupt__: [x, y] = [] } = await graph.invoke({}, config);
    await refused(graph.invoke(new Command({ resume: { [x!.id]: 1, [y!.id]: "bad" } }), config));
    expect(questions((await graph.getState(config)).interrupts)).toEqual(["y?"]);
    expect((await graph.invoke(new Command({ resume: 2 }), config)).log).toEqual(["x 1", "y 2"]);
    expect(ran).toEqual(["x", "y"]);
  });

  it("can be given anew when its schema itself breaks", async () => {
    const broken: StandardSchema<unknown, unknown> = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) => {
          if (value === "sync") throw new Error("the schema broke");
          return value === "async" ? Promise.reject(new Error("the schema broke")) : { value };
        },
      },
    };
    for (const resume of ["sync", "async"]) {
      const config = newThread();
      const graph = new StateGraph(LogState)
        .addNode("ask", () => ({ answer: interrupt("?", { schema: broken }) }))
        .addEdge(START, "ask")
        .compile({ checkpointer: open().saver });
      await graph.invoke({}, config);
      expect((await errorOf(graph.invoke(new Command({ resume }), config))).message).toBe("the schema broke");
      expect((await graph.invoke(new Command({ resume: "good" }), config)).answer).toBe("good");
    }
  });
});

describe.each(eachSaver)("one key, on $name", ({ open }) => {
  it("names one question of a node: asked under it twice, one answer would count for both", async () => {
    const config = newThread();
    const graph = new StateGraph(LogState)
      .addNode("ask", () => ({ log: [interrupt<string>("delete one?", { key: "k" }), interrupt<string>("delete all?", { key: "k" })] }))
      .addEdge(START, "ask")
      .compile({ checkpointer: open().saver });
    await graph.invoke({}, config);
    const error = await graphErrorOf(graph.invoke(new Command({ resume: "yes" }), config));
    expect([error.code, error.message]).toEqual(["INVALID_CONFIG", expect.stringContaining('"k"')]);
  });
});
