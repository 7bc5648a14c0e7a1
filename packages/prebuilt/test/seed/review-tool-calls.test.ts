// seed: "Review tool calls"

import { Command, interrupt } from "@holdpoint/core";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createReactAgent } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

type Response = { type: string; args?: { hotel_name: string } };

const question = { messages: [{ role: "user", content: "book a stay at McKittrick hotel" }] };
const schema = z.object({ hotel_name: z.string() });

function bookHotel(booked: string[]) {
  return tool(
    ({ hotel_name }) => {
      const response = interrupt<Response>(
        `Trying to call \`book_hotel\` with args {'hotel_name': ${hotel_name}}. Please approve or suggest edits.`,
      );
      let name = hotel_name;
      if (response.type === "edit") name = response.args?.hotel_name ?? "";
      else if (response.type !== "accept") throw new Error(`Unknown response type: ${response.type}`);
      booked.push(name);
      return `Successfully booked a stay at ${name}.`;
    },
    { name: "book_hotel", description: "Book a hotel", schema },
  );
}

describe.each(eachSaver)("review tool calls on $name", ({ open }) => {
  function start() {
    const storage = open();
    const booked: string[] = [];
    const model = new ScriptedModel([calling({ name: "book_hotel", args: { hotel_name: "McKittrick hotel" } }), "You are booked."]);
    const agent = (checkpointer = storage.saver) => createReactAgent({ model, tools: [bookHotel(booked)], checkpointer });
    return { agent, booked, storage, config: newThread() };
  }

  it("pauses in the tool, and shows what it is about to do", async () => {
    const { agent, booked, config } = start();
    const chunks = await collect(agent().stream(question, config));
    expect(chunks.map((chunk) => Object.keys(chunk))).toEqual([["agent"], ["__interrupt__"]]);
    expect(chunks[1]?.__interrupt__).toMatchObject([
      {
        value: "Trying to call `book_hotel` with args {'hotel_name': McKittrick hotel}. Please approve or suggest edits.",
        resumable: true,
        when: "during",
        ns: [expect.stringMatching(/^tools:[0-9a-f-]{36}$/)],
      },
    ]);
    expect(booked).toEqual([]);
    expect((await agent().getState(config)).next).toEqual(["tools"]);
  });

  it.each([
    [{ type: "accept" }, "McKittrick hotel"],
    [{ type: "edit", args: { hotel_name: "McKittrick Hotel" } }, "McKittrick Hotel"],
  ])("goes on in another process with %j", async (resume, hotel) => {
    const { agent, booked, storage, config } = start();
    await agent().invoke(question, config);
    const chunks = await collect(agent(storage.reopen()).stream(new Command({ resume }), config));
    expect(chunks.map((chunk) => Object.keys(chunk))).toEqual([["tools"], ["agent"]]);
    const { values } = await agent().getState(config);
    expect(values.messages.map((message) => [message.getType(), message.content])).toEqual([
      ["human", "book a stay at McKittrick hotel"],
      ["ai", ""],
      ["tool", `Successfully booked a stay at ${hotel}.`],
      ["ai", "You are booked."],
    ]);
    expect(booked).toEqual([hotel]);
  });

  it("tells the model of an answer that the tool did not expect", async () => {
    const { agent, booked, config } = start();
    await agent().invoke(question, config);
    const { messages } = await agent().invoke(new Command({ resume: { type: "maybe" } }), config);
    expect(toolMessages(messages)).toMatchObject([{ status: "error", content: expect.stringContaining("Unknown response type: maybe") }]);
    expect(booked).toEqual([]);
  });
});
