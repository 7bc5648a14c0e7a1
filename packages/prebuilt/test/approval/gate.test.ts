// Promises 4 and 5: a bad answer is refused before it counts, and the gate fails closed.
import { Command, MemorySaver } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, type HumanInTheLoopOptions } from "../../src/index.js";
import { agentErrorOf, graphErrorOf, newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const schema = z.object({ hotel: z.string().min(2), nights: z.number().int().positive(), late: z.boolean().default(false) });
type Booking = z.infer<typeof schema>;
const input = { messages: [{ role: "user", content: "book" }] };
const all = { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true };

function start(
  options: HumanInTheLoopOptions<Booking> = { interruptConfig: all },
  args: Record<string, unknown> = { hotel: "Ada", nights: 2 },
) {
  const ran: Booking[] = [];
  const tool = addHumanInTheLoop(
    {
      name: "book",
      schema,
      invoke: (booking) => {
        ran.push(booking);
        return "booked";
      },
    },
    options,
  );
  const model = new ScriptedModel([calling({ name: "book", args, id: "c1" }), "Done.", "Done again."]);
  const agent = createReactAgent({ model, tools: [tool], checkpointer: new MemorySaver() });
  const config = newThread();
  const answer = (resume: unknown) => agent.invoke(new Command({ resume }), config);
  return { ran, agent, model, config, ask: () => agent.invoke(input, config), answer };
}

const shown = { hotel: "Ada", nights: 2, late: false };

describe("the reviewer sees what will run", () => {
  it("with the schema's defaults", async () => {
    const { ask, answer, ran } = start();
    const { __interrupt__: [asked] = [] } = await ask();
    expect(asked?.value).toMatchObject([{ action_request: { action: "book", args: shown }, config: all }]);
    await answer([{ type: "accept" }]);
    expect(ran).toEqual([shown]);
  });

  it("and is not asked about arguments that the tool would refuse", async () => {
    const { ask, ran } = start(undefined, { hotel: "A", nights: "two" });
    const { messages, __interrupt__ } = await ask();
    expect(__interrupt__).toBeUndefined();
    expect(toolMessages(messages)).toMatchObject([{ status: "error", content: expect.stringMatching(/hotel: .*; nights: /) }]);
    expect(ran).toEqual([]);
  });

  it("with a description made of the call", async () => {
    const { ask } = start({ description: ({ hotel }, { toolCallId }) => `${toolCallId}: book ${hotel}?` });
    const { __interrupt__: [asked] = [] } = await ask();
    expect(asked?.value).toMatchObject([{ description: "c1: book Ada?" }]);
  });
});

describe("answers that count", () => {
  it.each([
    ["an accept without args", [{ type: "accept" }], shown],
    ["an accept with null", [{ type: "accept", args: null }], shown],
    ["an unedited edit, as Agent Inbox sends it", [{ type: "accept", args: { action: "book", args: shown } }], shown],
    [
      "an unedited edit of a form, all texts",
      [{ type: "accept", args: { action: "book", args: { hotel: "Ada", nights: "2", late: "false" } } }],
      shown,
    ],
    [
      "an edit with the action",
      [{ type: "edit", args: { action: "book", args: { hotel: "Bo", nights: 3 } } }],
      { hotel: "Bo", nights: 3, late: false },
    ],
    [
      "an edit of a form, all texts",
      [{ type: "edit", args: { args: { hotel: "Bo", nights: "3", late: "true" } } }],
      { hotel: "Bo", nights: 3, late: true },
    ],
  ])("%s", async (_name, response, expected) => {
    const { ask, answer, ran } = start();
    await ask();
    await answer(response);
    expect(ran).toEqual([expected]);
  });

  it("a refusal, of which the model is told", async () => {
    const { ask, answer, ran, model } = start();
    await ask();
    const { messages } = await answer([{ type: "ignore" }]);
    expect(ran).toEqual([]);
    expect(toolMessages(messages)).toMatchObject([
      { status: "error", tool_call_id: "c1", content: expect.stringMatching(/refused.*not executed.*Do not make the same call again/) },
    ]);
    expect(model.seen[1]?.messages.at(-1)?.content).toContain("refused");
  });

  it("are kept with what was shown and what ran", async () => {
    const { ask, answer } = start();
    await ask();
    const { messages } = await answer([{ type: "edit", args: { args: { hotel: "Bo", nights: "3" } } }]);
    expect(toolMessages(messages)[0]?.metadata).toMatchObject({
      review: { kind: "edit", args: { hotel: "Bo", nights: 3 }, proposed: shown },
    });
  });
});

describe("answers that are refused, and leave the call waiting", () => {
  it.each([
    ["no type", [{}]],
    ["an unknown type", [{ type: "approve" }]],
    ["a type of the prototype", [{ type: "constructor" }]],
    ["a boolean", true],
    ["null", [null]],
    ["an empty list", []],
    ["two answers", [{ type: "accept" }, { type: "accept" }]],
    ["an edit without arguments", [{ type: "edit" }]],
    ["an edit with the arguments alone", [{ type: "edit", args: { hotel: "Bo", nights: 3 } }]],
    ["an edit that the schema refuses", [{ type: "edit", args: { args: { hotel: "B", nights: 3 } } }]],
    ["an edit that lacks an argument", [{ type: "edit", args: { args: { hotel: "Bo" } } }]],
    ["an edit of the tool's name", [{ type: "edit", args: { action: "cancel", args: { hotel: "Bo", nights: 3 } } }]],
    ["an accept that changes something", [{ type: "accept", args: { action: "book", args: { hotel: "Bo", nights: 2 } } }]],
    ["an accept of another tool", [{ type: "accept", args: { action: "cancel", args: shown } }]],
    ["a response that is no text", [{ type: "response", args: { text: "no" } }]],
  ])("%s", async (_name, response) => {
    const { ask, answer, agent, ran, config } = start();
    await ask();
    const error = await graphErrorOf(answer(response));
    expect(error.code).toBe("INVALID_ANSWER");
    expect(ran).toEqual([]);
    const [waiting] = (await agent.getState(config)).interrupts;
    expect(waiting?.issues?.length).toBeGreaterThan(0);
    await answer([{ type: "accept" }]);
    expect(ran).toEqual([shown]);
  });

  it.each([
    ["accept", [{ type: "accept" }], { ...all, allow_accept: false }],
    ["edit", [{ type: "edit", args: { args: { hotel: "Bo", nights: 3 } } }], { allow_accept: true }],
    ["response", [{ type: "response", args: "no" }], { allow_accept: true }],
    ["ignore", [{ type: "ignore" }], undefined],
  ])("%s, where the config does not allow it", async (_type, response, interruptConfig) => {
    const { ask, answer, ran } = start({ interruptConfig });
    await ask();
    expect((await graphErrorOf(answer(response))).code).toBe("INVALID_ANSWER");
    expect(ran).toEqual([]);
  });
});

describe("when", () => {
  it("asks about some calls only", async () => {
    const few = start({ when: ({ nights }) => nights > 5 });
    const { __interrupt__ } = await few.ask();
    expect(__interrupt__).toBeUndefined();
    expect(few.ran).toEqual([shown]);
    const many = start({ when: ({ nights }) => nights > 5 }, { hotel: "Ada", nights: 6 });
    expect((await many.ask()).__interrupt__).toHaveLength(1);
  });

  it("is asked again about an edit: what needs a person is shown again before it runs", async () => {
    const { ask, answer, ran } = start({ interruptConfig: all, when: ({ nights }) => nights > 5 }, { hotel: "Ada", nights: 6 });
    await ask();
    const edit = (nights: number) => [{ type: "edit", args: { action: "book", args: { hotel: "Ada", nights } } }];
    const { __interrupt__: [again] = [] } = await answer(edit(30));
    expect(again?.value).toMatchObject([{ action_request: { action: "book", args: { nights: 30 } } }]);
    expect(ran).toEqual([]);
    const { messages } = await answer([{ type: "accept" }]);
    expect(ran).toEqual([{ ...shown, nights: 30 }]);
    expect(toolMessages(messages)[0]?.metadata).toMatchObject({ review: { args: { nights: 30 } } });
  });

  it("lets an edit run that needs nobody any more", async () => {
    const { ask, answer, ran } = start({ interruptConfig: all, when: ({ nights }) => nights > 5 }, { hotel: "Ada", nights: 6 });
    await ask();
    await answer([{ type: "edit", args: { action: "book", args: { hotel: "Ada", nights: 2 } } }]);
    expect(ran).toEqual([shown]);
  });

  it("is asked once of the same arguments: a change of mind does not open the gate", async () => {
    let asks = true;
    const { ask, answer, ran } = start({ interruptConfig: all, when: () => asks });
    expect((await ask()).__interrupt__).toHaveLength(1);
    asks = false;
    await answer([{ type: "ignore" }]);
    expect(ran).toEqual([]);
  });
});

describe("a gate that could not work is refused when it is made", () => {
  it.each([
    ["an unknown option", { interruptConfig: { allow_accept: true, allow_reject: true } as never }, "INVALID_OPTIONS"],
    ["nothing allowed", { interruptConfig: { allow_accept: false } }, "INVALID_OPTIONS"],
    ["no boolean", { interruptConfig: { allow_accept: "yes" } as never }, "INVALID_OPTIONS"],
  ])("%s", async (_name, options, code) => {
    expect((await agentErrorOf((async () => start(options))())).code).toBe(code);
  });

  it("a tool that the provider runs", async () => {
    expect((await agentErrorOf((async () => addHumanInTheLoop({ type: "web_search_20250305", name: "web_search" }))())).code).toBe(
      "INVALID_TOOL",
    );
  });

  it("fails loudly without a checkpointer, and runs nothing", async () => {
    const model = new ScriptedModel([calling({ name: "book", args: {} }), "Done."]);
    let ran = 0;
    const tool = addHumanInTheLoop({ name: "book", schema: z.object({}), invoke: () => String(ran++) });
    expect((await graphErrorOf(createReactAgent({ model, tools: [tool] }).invoke(input))).code).toBe("MISSING_CHECKPOINTER");
    expect(ran).toBe(0);
  });
});
