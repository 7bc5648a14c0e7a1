// Promise 3: each tool call of one AI message is its own task, with its own saved result.

import { type CheckpointSaver, Command, END, interrupt, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, MessagesAnnotation, ToolNode, type ToolRuntime } from "../../src/index.js";
import { kinds, type Tools } from "../support/agent-kinds.js";
import { eachSaver } from "../support/each-saver.js";
import { answersById, errorOf, graphErrorOf, newThread } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = { messages: [{ role: "user", content: "book three hotels" }] };
const schema = z.object({ hotel_name: z.string() });
const hotels = ["Ada", "Bo", "Cy"];
const calls = hotels.map((hotel_name) => ({ name: "book_hotel", args: { hotel_name }, id: `call_${hotel_name}` }));

const cases = eachSaver.flatMap(({ name, open }) =>
  Object.entries(kinds).map(([kind, make]) => ({ name: `${kind} on ${name}`, open, make })),
);

describe.each(cases)("parallel tool calls of $name", ({ open, make }) => {
  function start(tools: (ran: string[]) => Tools) {
    const storage = open();
    const ran: string[] = [];
    const model = new ScriptedModel([calling(...calls), "All done."]);
    const graph = (saver = storage.saver) => make(tools(ran), model, saver);
    return { ran, graph, reopened: () => graph(storage.reopen()), config: newThread() };
  }
  const gated = (ran: string[]) => [
    addHumanInTheLoop({
      name: "book_hotel",
      schema,
      invoke: ({ hotel_name }) => {
        ran.push(hotel_name);
        return `booked ${hotel_name}`;
      },
    }),
  ];

  it("approves one of three, runs that one, and leaves two waiting", async () => {
    const { graph, reopened, ran, config } = start(gated);
    const first = await graph().invoke(input, config);
    const asked = first.__interrupt__ ?? [];
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(3);
    const idOf = (hotel: string) => asked.find(({ value }) => JSON.stringify(value).includes(`"${hotel}"`))?.id as string;

    const second = await reopened().invoke(new Command({ resume: { [idOf("Bo")]: [{ type: "accept" }] } }), config);
    expect(ran).toEqual(["Bo"]);
    expect(second.__interrupt__?.map(({ id }) => id)).toEqual([idOf("Ada"), idOf("Cy")]);

    const again = await graphErrorOf(reopened().invoke(new Command({ resume: { [idOf("Bo")]: [{ type: "accept" }] } }), config));
    expect(again.code).toBe("ALREADY_DECIDED");
    const bare = await graphErrorOf(reopened().invoke(new Command({ resume: [{ type: "accept" }] }), config));
    expect(bare.code).toBe("AMBIGUOUS_RESUME");
    expect(ran).toEqual(["Bo"]);

    const both = { [idOf("Cy")]: [{ type: "response", args: "Cy is full" }], [idOf("Ada")]: [{ type: "accept" }] };
    const last = await reopened().invoke(new Command({ resume: both }), config);
    expect(ran).toEqual(["Bo", "Ada"]);
    expect(answersById(last.messages)).toEqual({
      call_Ada: "booked Ada",
      call_Bo: "booked Bo",
      call_Cy: expect.stringContaining("Cy is full"),
    });
    expect(last.messages.at(-1)?.content).toBe("All done.");
    // In the order of the calls, whichever was decided first.
    expect(last.messages.map((message) => (message as { tool_call_id?: string }).tool_call_id).filter(Boolean)).toEqual(
      calls.map(({ id }) => id),
    );
  });

  it("does not run a finished call again when another one asks, or fails", async () => {
    let failing = true;
    const { graph, reopened, ran, config } = start((log) => [
      {
        name: "book_hotel",
        schema,
        invoke: ({ hotel_name }: { hotel_name: string }) => {
          if (hotel_name === "Bo") interrupt("Really Bo?");
          log.push(hotel_name);
          if (hotel_name === "Bo" && failing) throw Object.assign(new Error("no room"), { name: "Fatal" });
          return `booked ${hotel_name}`;
        },
      },
    ]);
    await graph().invoke(input, config);
    expect(ran).toEqual(["Ada", "Cy"]);
    failing = false;
    const { messages } = await reopened().invoke(new Command({ resume: true }), config);
    expect(ran).toEqual(["Ada", "Cy", "Bo"]);
    expect(answersById(messages)).toEqual({ call_Ada: "booked Ada", call_Bo: "booked Bo", call_Cy: "booked Cy" });
  });

  it("pauses even where the tool swallows the pause", async () => {
    const { graph, reopened, ran, config } = start((log) => [
      {
        name: "book_hotel",
        schema,
        invoke: ({ hotel_name }: { hotel_name: string }) => {
          try {
            interrupt(hotel_name);
          } catch {
            return "swallowed";
          }
          log.push(hotel_name);
          return `booked ${hotel_name}`;
        },
      },
    ]);
    const { __interrupt__: asked = [] } = await graph().invoke(input, config);
    expect(asked.map(({ value }) => value)).toEqual(hotels);
    const resume = Object.fromEntries(asked.map(({ id }) => [id, true]));
    const { messages } = await reopened().invoke(new Command({ resume }), config);
    expect(ran).toEqual(hotels);
    expect(JSON.stringify(messages)).not.toContain("swallowed");
  });

  it("gives each call a key of its own, that is the same in every attempt", async () => {
    const keys: string[][] = [[], []];
    let attempt = 0;
    const { graph, reopened, config } = start(() => [
      {
        name: "book_hotel",
        schema,
        invoke: (_args: unknown, runtime: ToolRuntime) => {
          keys[attempt]?.push(`${runtime.toolCallId}=${runtime.idempotencyKey}`);
          return String(interrupt(runtime.toolCallId));
        },
      },
    ]);
    const { __interrupt__: asked = [] } = await graph().invoke(input, config);
    attempt = 1;
    await reopened().invoke(new Command({ resume: Object.fromEntries(asked.map(({ id }) => [id, "yes"])) }), config);
    expect(new Set(keys[0]).size).toBe(3);
    expect(keys[1]).toEqual(keys[0]);
  });
});

it("fails the run where errors are not handled, and does not run the others again", async () => {
  for (const { open } of eachSaver) {
    const { saver, reopen } = open();
    const ran: string[] = [];
    let failing = true;
    const book = {
      name: "book_hotel",
      schema,
      invoke: ({ hotel_name }: { hotel_name: string }) => {
        if (hotel_name === "Bo" && failing) throw new Error("no room");
        ran.push(hotel_name);
        return "booked";
      },
    };
    const model = new ScriptedModel([new AIMessage(calling(...calls)), "Done."]);
    const agent = (checkpointer: CheckpointSaver) => createReactAgent({ model, tools: [book], checkpointer, handleToolErrors: false });
    const config = newThread();
    expect((await errorOf(agent(saver).invoke(input, config))).message).toBe("no room");
    failing = false;
    await agent(reopen()).invoke(null, config);
    expect(ran).toEqual(["Ada", "Cy", "Bo"]);
  }
});

it("tells calls apart by their ids, whatever order a node gives them in", async () => {
  for (const { open } of eachSaver) {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const tools = new ToolNode([
      {
        name: "book_hotel",
        schema,
        invoke: ({ hotel_name }: { hotel_name: string }) => {
          if (hotel_name === "Cy") interrupt("Really Cy?");
          ran.push(hotel_name);
          return `booked ${hotel_name}`;
        },
      },
    ]);
    let reversed = false;
    const graph = (checkpointer: CheckpointSaver) =>
      new StateGraph(MessagesAnnotation)
        .addNode("tools", ({ messages }) => {
          const last = messages.at(-1) as AIMessage;
          const ordered = reversed ? [...(last.tool_calls ?? [])].reverse() : last.tool_calls;
          return tools.invoke({ messages: [new AIMessage({ id: last.id, content: "", tool_calls: ordered })] }) as never;
        })
        .addEdge(START, "tools")
        .addEdge("tools", END)
        .compile({ checkpointer });
    const config = newThread();
    await graph(saver).invoke({ messages: [calling(...calls)] }, config);
    reversed = true;
    const { messages } = await graph(reopen()).invoke(new Command({ resume: true }), config);
    expect(ran).toEqual(["Ada", "Bo", "Cy"]);
    expect(answersById(messages)).toEqual({ call_Ada: "booked Ada", call_Bo: "booked Bo", call_Cy: "booked Cy" });
  }
});

it("does not take a pause for an error of the tool", async () => {
  const worded: unknown[] = [];
  const model = new ScriptedModel([calling({ name: "ask", args: {} }, { name: "fail", args: {} })]);
  const agent = createReactAgent({
    model,
    tools: [
      { name: "ask", schema: z.object({}), invoke: () => interrupt("?") },
      { name: "fail", schema: z.object({}), invoke: () => Promise.reject(new Error("bad")) },
    ],
    handleToolErrors: (error) => String(worded.push(error)),
    checkpointer: new MemorySaver(),
  });
  expect((await agent.invoke(input, newThread())).__interrupt__).toHaveLength(1);
  expect(worded).toMatchObject([{ message: "bad" }]);
});
