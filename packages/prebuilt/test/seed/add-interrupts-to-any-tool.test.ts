// seed: "Add interrupts to any tool"

import { Command } from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, graphErrorOf, newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const question = { messages: [{ role: "user", content: "book a stay at McKittrick hotel" }] };
const schema = z.object({ hotel_name: z.string() });
const book = ({ hotel_name }: { hotel_name: string }) => `Successfully booked a stay at ${hotel_name}.`;

const forms = [
  ["a LangChain tool", () => tool(book, { name: "book_hotel", description: "Book a hotel", schema })],
  ["a function with a schema", () => Object.assign(book.bind(undefined), { toolName: "book_hotel", description: "Book a hotel", schema })],
  ["a definition", () => ({ name: "book_hotel", description: "Book a hotel", schema, invoke: book })],
] as const;

describe.each(eachSaver)("add interrupts to any tool, on $name", ({ open }) => {
  function start(given: Parameters<typeof addHumanInTheLoop>[0] = forms[0][1](), last = "Done.") {
    const storage = open();
    const model = new ScriptedModel([calling({ name: "book_hotel", args: { hotel_name: "McKittrick hotel" }, id: "call_book" }), last]);
    const agent = (checkpointer = storage.saver) => createReactAgent({ model, tools: [addHumanInTheLoop(given)], checkpointer });
    return { agent, model, storage, config: newThread() };
  }
  const contents = (messages: readonly BaseMessage[]) => toolMessages(messages).map(({ content }) => content);

  it.each(forms)("asks in Agent Inbox's format before %s runs", async (_name, make) => {
    const { agent, config } = start(make() as Parameters<typeof addHumanInTheLoop>[0]);
    const chunks = await collect(agent().stream(question, config));
    expect(chunks.at(-1)?.__interrupt__?.map(({ value }) => value)).toEqual([
      [
        {
          action_request: { action: "book_hotel", args: { hotel_name: "McKittrick hotel" } },
          config: { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: false },
          description: "Please review the tool call",
        },
      ],
    ]);
    const { messages } = await agent().invoke(new Command({ resume: [{ type: "accept" }] }), config);
    expect(contents(messages)).toEqual(["Successfully booked a stay at McKittrick hotel."]);
  });

  it("takes the seed's edit, and tells the model of it", async () => {
    const { agent, storage, config, model } = start();
    await agent().invoke(question, config);
    const resume = [{ type: "edit", args: { args: { hotel_name: "McKittrick Hotel" } } }];
    const { messages } = await agent(storage.reopen()).invoke(new Command({ resume }), config);
    expect(contents(messages)[0]).toMatch(
      /^Successfully booked a stay at McKittrick Hotel\.\n\n\(The reviewer changed .*"McKittrick Hotel"/,
    );
    expect(model.seen[1]?.messages.at(-1)?.content).toBe(contents(messages)[0]);
  });

  it("gives the model the reviewer's words, and runs nothing", async () => {
    const { agent, config } = start();
    await agent().invoke(question, config);
    const { messages } = await agent().invoke(new Command({ resume: [{ type: "response", args: "Ask for the dates first" }] }), config);
    expect(contents(messages)).toEqual([expect.stringMatching(/was not executed.*Ask for the dates first/)]);
  });

  it("takes a response without the list", async () => {
    const { agent, config } = start();
    await agent().invoke(question, config);
    const { messages } = await agent().invoke(new Command({ resume: { type: "accept" } }), config);
    expect(contents(messages)).toEqual(["Successfully booked a stay at McKittrick hotel."]);
  });

  it("refuses a type that it does not know, keeps the call waiting, and takes the next answer", async () => {
    const { agent, storage, config } = start();
    await agent().invoke(question, config);
    const error = await graphErrorOf(agent().invoke(new Command({ resume: [{ type: "approve" }] }), config));
    expect(error.code).toBe("INVALID_ANSWER");
    expect(error.message).toContain("Allowed: accept, edit, response");
    const again = agent(storage.reopen());
    const [waiting] = (await again.getState(config)).interrupts;
    expect(waiting?.issues).toMatchObject([{ path: [0, "type"] }]);
    const { messages } = await again.invoke(new Command({ resume: [{ type: "accept" }] }), config);
    expect(contents(messages)).toEqual(["Successfully booked a stay at McKittrick hotel."]);
  });

  it("refuses ignore, which the seed's default does not allow", async () => {
    const { agent, config } = start();
    await agent().invoke(question, config);
    expect((await graphErrorOf(agent().invoke(new Command({ resume: [{ type: "ignore" }] }), config))).code).toBe("INVALID_ANSWER");
  });
});
