// What an input does while calls wait: by default it cancels them (test/agent/transcript.test.ts); here it is refused.
import { type CheckpointSaver, Command, START, StateGraph } from "@holdpoint/core";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, MessagesAnnotation } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { agentErrorOf, answersById, collect, newThread, transcriptFault } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = (content: string) => ({ messages: [{ role: "user", content }] });
const hotels = (...names: string[]) => calling(...names.map((hotel) => ({ name: "book", args: { hotel }, id: hotel })));

describe.each(eachSaver)("an agent that refuses new messages while calls wait, on $name", ({ open }) => {
  function start() {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const model = new ScriptedModel([hotels("Ada", "Bo"), "Booked.", "Hello again."]);
    const book = addHumanInTheLoop({ name: "book", schema: z.object({ hotel: z.string() }), invoke: ({ hotel }) => `${ran.push(hotel)}` });
    const agent = (checkpointer: CheckpointSaver) => createReactAgent({ model, tools: [book], checkpointer, onNewMessage: "refuse" });
    const config = newThread();
    return { agent, saver, reopen, ran, config, model };
  }

  it("says which, and saves nothing", async () => {
    const { agent, saver, reopen, ran, config } = start();
    const { __interrupt__: [first] = [] } = await agent(saver).invoke(input("book both"), config);
    await agent(reopen()).invoke(new Command({ resume: { [first?.id as string]: [{ type: "accept" }] } }), config);
    const before = await collect(agent(saver).getStateHistory(config));
    const error = await agentErrorOf(agent(reopen()).invoke(input("never mind"), config));
    expect(error).toMatchObject({ code: "CALLS_WAITING", details: { calls: [{ id: "Bo", name: "book", args: { hotel: "Bo" } }] } });
    expect(error.message).toContain("book (Bo)");
    const after = await collect(agent(reopen()).getStateHistory(config));
    expect(after.map((state) => state.config)).toEqual(before.map((state) => state.config));
    expect(after[0]?.values).toEqual(before[0]?.values);
    const waiting = (await agent(saver).getState(config)).interrupts;
    expect(waiting).toHaveLength(1);
    // It goes on as if nothing had been said.
    const { messages } = await agent(reopen()).invoke(new Command({ resume: [{ type: "accept" }] }), config);
    expect(ran).toEqual(["Ada", "Bo"]);
    expect(answersById(messages)).toEqual({ Ada: "1", Bo: "2" });
    const { messages: next } = await agent(saver).invoke(input("hello"), config);
    expect(next.at(-1)?.content).toBe("Hello again.");
    expect(transcriptFault(next)).toBeUndefined();
  });

  it("also with a config of its own", async () => {
    const { agent, saver, config } = start();
    const bound = agent(saver).withConfig(config);
    await bound.invoke(input("book both"));
    expect((await agentErrorOf(bound.invoke({ messages: [] }))).code).toBe("CALLS_WAITING");
    expect((await agentErrorOf(collect(bound.stream({ messages: [] })))).code).toBe("CALLS_WAITING");
    expect((await bound.batch([{ messages: [] }], {}, { returnExceptions: true }))[0]).toMatchObject({ code: "CALLS_WAITING" });
    expect((await bound.getState({})).interrupts).toHaveLength(2);
  });

  it.each([
    ["a text", { messages: "never mind" }],
    ["a message", { messages: new HumanMessage("never mind") }],
    ["none at all", {}],
    ["an empty list", { messages: [] }],
    ["an answer to one of the calls", { messages: [new ToolMessage({ content: "no", tool_call_id: "Ada" })] }],
  ])("whatever the input is: %s", async (_name, given) => {
    const { agent, saver, config, ran } = start();
    await agent(saver).invoke(input("book both"), config);
    expect((await agentErrorOf(agent(saver).invoke(given as never, config))).code).toBe("CALLS_WAITING");
    expect((await agentErrorOf(collect(agent(saver).stream(given as never, config)))).code).toBe("CALLS_WAITING");
    expect((await agent(saver).getState(config)).interrupts).toHaveLength(2);
    expect(ran).toEqual([]);
  });

  it("takes an input that answers all of them", async () => {
    const { agent, saver, config, ran } = start();
    await agent(saver).invoke(input("book both"), config);
    const answers = ["Ada", "Bo"].map((id) => new ToolMessage({ content: "full", tool_call_id: id }));
    const { messages } = await agent(saver).invoke({ messages: answers }, config);
    expect(answersById(messages)).toEqual({ Ada: "full", Bo: "full" });
    expect(transcriptFault(messages)).toBeUndefined();
    expect(ran).toEqual([]);
  });

  it("works as a part of another graph, and streams, as any agent", async () => {
    const { agent, saver, config } = start();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("agent", agent(saver))
      .addEdge(START, "agent")
      .compile({ checkpointer: saver });
    expect((await graph.invoke(input("book both"), config)).__interrupt__).toHaveLength(2);
    const waiting = (await graph.getState(config)).interrupts;
    const resume = Object.fromEntries(waiting.map(({ id }) => [id, [{ type: "accept" }]]));
    const { messages } = await graph.invoke(new Command({ resume }), config);
    expect(messages.at(-1)?.content).toBe("Booked.");
    const other = newThread();
    const streamed = start();
    const chunks = await collect(streamed.agent(streamed.saver).stream(input("book both"), other));
    expect(chunks.map((chunk) => Object.keys(chunk))).toEqual([["agent"], ["__interrupt__"], ["__interrupt__"]]);
  });
});

it("knows two ways", async () => {
  const make = async () => createReactAgent({ model: new ScriptedModel([]), tools: [], onNewMessage: "ignore" as never });
  expect((await agentErrorOf(make())).code).toBe("INVALID_OPTIONS");
});
