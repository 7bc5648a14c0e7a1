// Our savers under LangGraph's own runtime, for those who use both.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckpointSaver, MemorySaver } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Annotation as OwnAnnotation, StateGraph as OwnGraph } from "@holdpoint/core";
import { toLangGraphSaver } from "@holdpoint/prebuilt/langgraph";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { Annotation, Command, interrupt, MessagesAnnotation, Send, START, StateGraph, type StateSnapshot } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished } from "vitest";

type Open = () => { readonly saver: CheckpointSaver; reopen(): CheckpointSaver };

const openMemory: Open = () => {
  const saver = new MemorySaver();
  return { saver, reopen: () => saver };
};
const openFile: Open = () => {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-under-"));
  const savers: SqliteSaver[] = [];
  const reopen = () => {
    savers.push(SqliteSaver.fromConnString(join(folder, "threads.db")));
    return savers.at(-1)!;
  };
  onTestFinished(() => {
    for (const saver of savers) saver.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { saver: reopen(), reopen };
};

let threads = 0;
const newThread = () => ({ configurable: { thread_id: `thread-${++threads}` } });
const log = () => Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] });
const State = Annotation.Root({ log: log(), value: Annotation<unknown>() });

async function historyOf(states: AsyncIterable<StateSnapshot>): Promise<StateSnapshot[]> {
  const result: StateSnapshot[] = [];
  for await (const state of states) result.push(state);
  return result;
}

const asking = () =>
  new StateGraph(State)
    .addNode("before", () => ({ log: ["before"], value: { at: new Date(5), seen: new Map([["a", 1n]]) } }))
    .addNode("ask", ({ value }) => ({ log: [`${interrupt("sure?")} ${(value as { at: Date }).at.getTime()}`] }))
    .addNode("after", () => ({ log: ["after"] }))
    .addEdge(START, "before")
    .addEdge("before", "ask")
    .addEdge("ask", "after");

describe.each<[string, Open]>([
  ["MemorySaver", openMemory],
  ["a SQLite file", openFile],
])("LangGraph's runtime on our %s", (_, open) => {
  it("pauses, shows the question, and goes on in another process; values keep their types", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const paused = await asking()
      .compile({ checkpointer: toLangGraphSaver(saver) })
      .invoke({ log: ["in"] }, config);
    expect(paused).toMatchObject({ log: ["in", "before"], __interrupt__: [{ value: "sure?" }] });
    const later = asking().compile({ checkpointer: toLangGraphSaver(reopen()) });
    expect((await later.getState(config)).tasks.flatMap(({ interrupts }) => interrupts.map(({ value }) => value))).toEqual(["sure?"]);
    expect((await later.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["in", "before", "yes 5", "after"]);
    expect((await later.getState(config)).values.value).toEqual({ at: new Date(5), seen: new Map([["a", 1n]]) });
  });

  it("answers parallel questions by their ids", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const builder = new StateGraph(State)
      .addNode("gate", ({ value }) => ({ log: [`${value}: ${interrupt(value)}`] }))
      .addConditionalEdges(START, () => ["a", "b", "c"].map((value) => new Send("gate", { value })), ["gate"]);
    await builder.compile({ checkpointer: toLangGraphSaver(saver) }).invoke({}, config);
    const graph = builder.compile({ checkpointer: toLangGraphSaver(reopen()) });
    const waiting = (await graph.getState(config)).tasks.flatMap(({ interrupts }) => interrupts);
    const resume = Object.fromEntries(waiting.map(({ id, value }) => [String(id), `answer to ${value}`]));
    expect((await graph.invoke(new Command({ resume }), config)).log).toEqual(["a: answer to a", "b: answer to b", "c: answer to c"]);
  });

  it("pauses inside of a subgraph", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const ran: string[] = [];
    const inner = new StateGraph(State)
      .addNode("work", () => {
        ran.push("work");
        return {};
      })
      .addNode("ask", () => ({ log: [String(interrupt("inner?"))] }))
      .addEdge(START, "work")
      .addEdge("work", "ask")
      .compile();
    const builder = new StateGraph(State).addNode("inner", inner).addEdge(START, "inner");
    await builder.compile({ checkpointer: toLangGraphSaver(saver) }).invoke({ log: ["in"] }, config);
    const done = await builder.compile({ checkpointer: toLangGraphSaver(reopen()) }).invoke(new Command({ resume: "yes" }), config);
    // LangGraph adds a subgraph's whole list again; what counts is that the answer arrived and `work` was not repeated.
    expect(done.log.at(-1)).toBe("yes");
    expect(ran).toEqual(["work"]);
  });

  it("has a history that can be read, filtered, edited, and gone back to", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const first = asking().compile({ checkpointer: toLangGraphSaver(saver) });
    await first.invoke({ log: ["in"] }, config);
    await first.invoke(new Command({ resume: "yes" }), config);
    const graph = asking().compile({ checkpointer: toLangGraphSaver(reopen()) });
    const states = await historyOf(graph.getStateHistory(config));
    expect(states.map(({ values, next }) => [values.log.length, next])).toEqual([
      [4, []],
      [3, ["after"]],
      [2, ["ask"]],
      [1, ["before"]],
      [0, ["__start__"]],
    ]);
    expect(await historyOf(graph.getStateHistory(config, { filter: { source: "input" } }))).toEqual([states[4]]);
    expect(await historyOf(graph.getStateHistory(config, { limit: 2, before: states[1]!.config }))).toEqual(states.slice(2, 4));

    const edited = await graph.updateState(states[2]!.config, { log: ["edited"] }, "before");
    const forked = await graph.invoke(null, edited);
    expect(forked.log).toEqual(["in", "before", "edited"]);
    expect((await graph.invoke(new Command({ resume: "again" }), config)).log).toEqual(["in", "before", "edited", "again 5", "after"]);
    expect((await graph.getState(states[0]!.config)).values.log).toEqual(["in", "before", "yes 5", "after"]);
  });

  it("keeps messages as messages", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const call = { id: "c1", name: "book", args: { nights: 2 }, type: "tool_call" as const };
    const builder = new StateGraph(MessagesAnnotation)
      .addNode("model", () => ({ messages: [new AIMessage({ content: "", tool_calls: [call] })] }))
      .addNode("tool", () => ({ messages: [new ToolMessage({ content: String(interrupt("book?")), tool_call_id: "c1" })] }))
      .addEdge(START, "model")
      .addEdge("model", "tool");
    await builder.compile({ checkpointer: toLangGraphSaver(saver) }).invoke({ messages: [new HumanMessage("book it")] }, config);
    const graph = builder.compile({ checkpointer: toLangGraphSaver(reopen()) });
    await graph.invoke(new Command({ resume: "booked" }), config);
    const { messages } = (await graph.getState(config)).values as typeof MessagesAnnotation.State;
    expect(messages.map((message) => [message.constructor, message.text])).toEqual([
      [HumanMessage, "book it"],
      [AIMessage, ""],
      [ToolMessage, "booked"],
    ]);
    expect((messages[1] as AIMessage).tool_calls).toEqual([call]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
  });

  it("goes on with a long thread", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const builder = new StateGraph(State).addNode("note", ({ log }) => ({ log: [`noted ${log.length}`] })).addEdge(START, "note");
    for (let run = 0; run < 100; run++) {
      const checkpointer = toLangGraphSaver(run % 20 === 0 ? reopen() : saver);
      expect((await builder.compile({ checkpointer }).invoke({ log: [`in ${run}`] }, config)).log).toHaveLength(2 * run + 2);
    }
    const states = await historyOf(builder.compile({ checkpointer: toLangGraphSaver(reopen()) }).getStateHistory(config));
    expect(states).toHaveLength(300);
    const last = states[0]!.values.log;
    for (const { values } of states) expect(values.log).toEqual(last.slice(0, values.log.length));
  });

  it("takes up a thread that Holdpoint has ended, and the other way round", async () => {
    const { saver, reopen } = open();
    const config = newThread();
    const OwnState = OwnAnnotation.Root({
      log: OwnAnnotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
      value: OwnAnnotation<unknown>(),
    });
    const own = (checkpointer: CheckpointSaver) =>
      new OwnGraph(OwnState)
        .addNode("ours", () => ({ log: ["ours"], value: new Set([1]) }))
        .addEdge("__start__", "ours")
        .compile({ checkpointer });
    const theirs = (checkpointer: CheckpointSaver) =>
      new StateGraph(State)
        .addNode("theirs", ({ value }) => ({ log: [`theirs, ${(value as Set<number>).size}`] }))
        .addEdge(START, "theirs")
        .compile({ checkpointer: toLangGraphSaver(checkpointer) });
    await own(saver).invoke({ log: ["1"] }, config);
    await theirs(reopen()).invoke({ log: ["2"] }, config);
    await theirs(reopen()).invoke({ log: ["3"] }, config);
    await own(reopen()).invoke({ log: ["4"] }, config);
    const { log } = await theirs(reopen()).invoke({ log: ["5"] }, config);
    expect(log).toEqual(["1", "ours", "2", "theirs, 1", "3", "theirs, 1", "4", "ours", "5", "theirs, 1"]);
    expect((await own(saver).getState(config)).values.log).toEqual(log);
  });
});
