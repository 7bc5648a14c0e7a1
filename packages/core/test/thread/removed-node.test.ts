// A node was renamed, or taken out, while a thread waited in it: running on says so, and what the error advises works.
import { describe, expect, it } from "vitest";
import { Annotation, Command, END, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { graphErrorOf, newThread, questions } from "../support/run.js";

const State = Annotation.Root({
  log: Annotation<string[], string | string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
  old: Annotation<string>(),
});
const Newer = Annotation.Root({ log: State.spec.log });

const before = () =>
  new StateGraph(State)
    .addNode("ask", () => ({ log: [`ask ${interrupt("?")}`] }))
    .addNode("beside", () => ({ log: ["beside"], old: "gone with the code" }))
    .addNode("end", () => ({ log: ["end"] }))
    .addEdge(START, "ask")
    .addEdge(START, "beside")
    .addEdge("ask", "end");

const after = () =>
  new StateGraph(Newer)
    .addNode("ask_nicely", () => ({ log: [`nicely ${interrupt("please?")}`] }))
    .addNode("end", () => ({ log: ["end"] }))
    .addEdge(START, "ask_nicely")
    .addEdge("ask_nicely", "end")
    .addEdge("end", END);

describe.each(eachSaver)("a paused node that is gone from the code, on $name", ({ open }) => {
  async function paused() {
    const { saver, reopen } = open();
    const config = newThread();
    await before().compile({ checkpointer: saver }).invoke({ log: "begun" }, config);
    return { config, graph: after().compile({ checkpointer: reopen() }), old: before().compile({ checkpointer: saver }) };
  }

  it("is named when the thread is run on, and nothing is recorded", async () => {
    const { config, graph, old } = await paused();
    for (const input of [null, new Command({ resume: "yes" })]) {
      const error = await graphErrorOf(graph.invoke(input, config));
      expect([error.code, error.message]).toEqual(["UNKNOWN_NODE", expect.stringContaining('"ask"')]);
    }
    expect((await old.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["begun", "ask yes", "beside", "end"]);
  });

  it("is left by updateState, which acts as a node that there is; what had finished beside it stays", async () => {
    const { config, graph } = await paused();
    await graph.updateState(config, { log: "for ask" }, "ask_nicely");
    expect(await graph.getState(config)).toMatchObject({ values: { log: ["begun", "beside", "for ask"] }, next: ["end"] });
    expect((await graph.invoke(null, config)).log).toEqual(["begun", "beside", "for ask", "end"]);
  });

  it("is left by updateState as START and as END", async () => {
    const first = await paused();
    await first.graph.updateState(first.config, { log: "anew" }, START);
    expect(questions((await first.graph.invoke(null, first.config)).__interrupt__)).toEqual(["please?"]);
    const second = await paused();
    await second.graph.updateState(second.config, null, END);
    expect(await second.graph.getState(second.config)).toMatchObject({ values: { log: ["begun", "beside"] }, next: [] });
  });

  it("is left by a new input", async () => {
    const { config, graph } = await paused();
    const { log, __interrupt__ } = await graph.invoke({ log: "again" }, config);
    expect([log, questions(__interrupt__)]).toEqual([["begun", "beside", "again"], ["please?"]]);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log.slice(3)).toEqual(["nicely yes", "end"]);
  });
});
