// One record, two wire formats: Agent Inbox's, and that of Agent Chat UI and LangChain's human-in-the-loop middleware.
import { Command, MemorySaver } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type ApprovalFormat,
  addHumanInTheLoop,
  createReactAgent,
  type HITLRequest,
  type HITLResponse,
  type HumanInTheLoopOptions,
} from "../../src/index.js";
import { agentErrorOf, graphErrorOf, newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const schema = z.object({ hotel: z.string().min(2), nights: z.number().int().positive(), late: z.boolean().default(false) });
type Booking = z.infer<typeof schema>;
const input = { messages: [{ role: "user", content: "book" }] };
const all = { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true };
const shown = { hotel: "Ada", nights: 2, late: false };
const formats: readonly ApprovalFormat[] = ["agent-inbox", "agent-chat"];

function start(options: HumanInTheLoopOptions<Booking>, approvalFormat?: ApprovalFormat) {
  const ran: Booking[] = [];
  const definition = {
    name: "book",
    schema,
    invoke: (booking: Booking) => {
      ran.push(booking);
      return "booked";
    },
  };
  const model = new ScriptedModel([calling({ name: "book", args: { hotel: "Ada", nights: 2 }, id: "c1" }), "Done."]);
  const tools = [addHumanInTheLoop(definition, options)];
  const agent = createReactAgent({ model, tools, approvalFormat, checkpointer: new MemorySaver() });
  const config = newThread();
  return {
    ran,
    agent,
    config,
    ask: async () => (await agent.invoke(input, config)).__interrupt__?.[0],
    answer: (resume: unknown) => agent.invoke(new Command({ resume }), config),
  };
}
const decisions = (...list: readonly unknown[]) => ({ decisions: list });
const edit = (args: unknown, name = "book") => decisions({ type: "edit", edited_action: { name, args } });

describe("Agent Chat UI's format", () => {
  it("shows the call, what may be done with it, and the arguments' schema", async () => {
    const { ask } = start({ format: "agent-chat", description: ({ hotel }) => `Book ${hotel}?` });
    const asked = await ask();
    expect(asked?.value).toEqual({
      action_requests: [{ name: "book", args: shown, description: "Book Ada?" }],
      review_configs: [
        {
          action_name: "book",
          allowed_decisions: ["approve", "edit", "respond", "reject"],
          args_schema: expect.objectContaining({ type: "object", properties: expect.objectContaining({ hotel: expect.anything() }) }),
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(asked?.value))).toEqual(asked?.value);
  });

  it("travels with the JSON Schema of its answers", async () => {
    const { ask } = start({ format: "agent-chat", interruptConfig: { allow_accept: true, allow_ignore: true } });
    expect((await ask())?.schema).toEqual({
      type: "object",
      properties: {
        decisions: {
          type: "array",
          minItems: 1,
          maxItems: 1,
          items: {
            anyOf: [
              { type: "object", properties: { type: { const: "approve" } }, required: ["type"] },
              { type: "object", properties: { type: { const: "reject" }, message: { type: "string" } }, required: ["type"] },
            ],
          },
        },
      },
      required: ["decisions"],
    });
  });

  it.each([
    [{ allow_accept: true }, ["approve"]],
    [{ allow_edit: true }, ["edit"]],
    [{ allow_respond: true }, ["respond"]],
    [{ allow_ignore: true }, ["reject"]],
    [{ allow_accept: true, allow_ignore: false }, ["approve"]],
    [all, ["approve", "edit", "respond", "reject"]],
  ])("maps one to one: %j is %j", async (interruptConfig, allowed) => {
    const { ask } = start({ format: "agent-chat", interruptConfig });
    const asked = await ask();
    const [review] = (asked as { value: HITLRequest }).value.review_configs;
    expect(review?.allowed_decisions).toEqual(allowed);
    expect(review !== undefined && "args_schema" in review).toBe(allowed.includes("edit"));
  });
});

describe.each(formats)("answers to a call shown in the format %s", (format) => {
  it.each<[string, unknown, Booking]>([
    ["approve", decisions({ type: "approve" }), shown],
    ["approve with the call as it was shown", decisions({ type: "approve", edited_action: { name: "book", args: shown } }), shown],
    ["edit", edit({ hotel: "Bo", nights: 3, late: true }), { hotel: "Bo", nights: 3, late: true }],
    ["edit of a form, all texts", edit({ hotel: "Bo", nights: "3", late: "true" }), { hotel: "Bo", nights: 3, late: true }],
    [
      "edit as LangChain.js writes it",
      decisions({ type: "edit", editedAction: { name: "book", args: { hotel: "Bo", nights: 3 } } }),
      { hotel: "Bo", nights: 3, late: false },
    ],
    [
      "edit in both spellings, as LangChain's client sends it",
      decisions({
        type: "edit",
        edited_action: { name: "book", args: { hotel: "Bo", nights: 3 } },
        editedAction: { name: "book", args: { hotel: "Bo", nights: 3 } },
      }),
      { hotel: "Bo", nights: 3, late: false },
    ],
    ["accept of Agent Inbox", [{ type: "accept" }], shown],
    ["accept of Agent Inbox, without the list", { type: "accept" }, shown],
    [
      "edit of Agent Inbox",
      [{ type: "edit", args: { action: "book", args: { hotel: "Bo", nights: "3" } } }],
      { hotel: "Bo", nights: 3, late: false },
    ],
  ])("%s runs the call", async (_name, resume, expected) => {
    const { ask, answer, ran } = start({ format, interruptConfig: all });
    await ask();
    await answer(resume);
    expect(ran).toEqual([expected]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ["reject", decisions({ type: "reject" }), "error", /refused in review.*nothing was done\. Do not make the same call again/],
    ["reject with null", decisions({ type: "reject", message: null }), "error", /refused in review/],
    [
      "reject with a reason",
      decisions({ type: "reject", message: "Too dear." }),
      "error",
      /refused in review[\s\S]*Too dear\.[\s\S]*Do not/,
    ],
    ["respond", decisions({ type: "respond", message: "Ask for the dates." }), "success", /was not executed.*Ask for the dates\./],
    ["ignore of Agent Inbox", [{ type: "ignore", args: null }], "error", /refused in review/],
    ["response of Agent Inbox", [{ type: "response", args: "Ask for the dates." }], "success", /was not executed.*Ask for the dates\./],
  ])("%s runs nothing, and the model is told", async (_name, resume, status, words) => {
    const { ask, answer, ran } = start({ format, interruptConfig: all });
    await ask();
    const { messages } = await answer(resume);
    expect(ran).toEqual([]);
    expect(toolMessages(messages)).toMatchObject([{ status, content: expect.stringMatching(words), tool_call_id: "c1" }]);
  });

  it.each<[string, unknown, readonly (string | number)[]]>([
    ["no decision", decisions(), ["decisions"]],
    ["two decisions", decisions({ type: "approve" }, { type: "approve" }), ["decisions"]],
    ["no list", { decisions: { type: "approve" } }, ["decisions"]],
    ["null", decisions(null), ["decisions", 0, "type"]],
    ["no type", decisions({}), ["decisions", 0, "type"]],
    ["an unknown type", decisions({ type: "approved" }), ["decisions", 0, "type"]],
    ["a type of the other format", decisions({ type: "accept" }), ["decisions", 0, "type"]],
    ["a type of the prototype", decisions({ type: "constructor" }), ["decisions", 0, "type"]],
    ["a list of types", decisions({ type: ["approve"] }), ["decisions", 0, "type"]],
    ["a decision outside of the list", { type: "approve" }, ["type"]],
    ["both formats at once", { type: "accept", decisions: [{ type: "reject" }] }, []],
    ["an edit without an action", decisions({ type: "edit" }), ["decisions", 0, "edited_action"]],
    [
      "an edit without a name",
      decisions({ type: "edit", edited_action: { args: { hotel: "Bo", nights: 3 } } }),
      ["decisions", 0, "edited_action"],
    ],
    ["an edit of the tool's name", edit({ hotel: "Bo", nights: 3 }, "cancel"), ["decisions", 0, "edited_action", "name"]],
    ["an edit that lacks an argument", edit({ hotel: "Bo" }), ["decisions", 0, "edited_action", "args", "nights"]],
    ["an edit that the schema refuses", edit({ hotel: "B", nights: 3 }), ["decisions", 0, "edited_action", "args", "hotel"]],
    ["arguments in a list", edit([shown]), ["decisions", 0, "edited_action"]],
    [
      "an edit in two spellings that differ",
      decisions({
        type: "edit",
        edited_action: { name: "book", args: shown },
        editedAction: { name: "book", args: { hotel: "Bo", nights: 3 } },
      }),
      ["decisions", 0, "edited_action"],
    ],
    [
      "an approval that changes something",
      decisions({ type: "approve", edited_action: { name: "book", args: { ...shown, nights: 9 } } }),
      ["decisions", 0, "edited_action", "args"],
    ],
    [
      "an approval of another tool",
      decisions({ type: "approve", editedAction: { name: "cancel", args: shown } }),
      ["decisions", 0, "editedAction", "name"],
    ],
    ["a rejection whose message is no text", decisions({ type: "reject", message: ["no"] }), ["decisions", 0, "message"]],
    ["a response without a message", decisions({ type: "respond" }), ["decisions", 0, "message"]],
    ["true", true, format === "agent-chat" ? ["decisions"] : []],
    ["nothing known", { approve: true }, format === "agent-chat" ? ["decisions"] : ["type"]],
  ])("are refused where they are %s, and the call goes on waiting", async (_name, resume, path) => {
    const { ask, answer, ran, agent, config } = start({ format, interruptConfig: all });
    await ask();
    expect((await graphErrorOf(answer(resume))).code).toBe("INVALID_ANSWER");
    expect(ran).toEqual([]);
    const [waiting] = (await agent.getState(config)).interrupts;
    expect(waiting?.issues).toMatchObject([{ path }]);
    await answer(decisions({ type: "approve" }));
    expect(ran).toEqual([shown]);
  });

  it.each([
    ["approve", "allow_accept", {}],
    ["edit", "allow_edit", { edited_action: { name: "book", args: { hotel: "Bo", nights: 3 } } }],
    ["respond", "allow_respond", { message: "no" }],
    ["reject", "allow_ignore", { message: "no" }],
  ])("%s is refused where %s is not set", async (type, flag, more) => {
    const { ask, answer, ran } = start({ format, interruptConfig: { ...all, [flag]: false } });
    await ask();
    const error = await graphErrorOf(answer(decisions({ type, ...more })));
    expect(error.code).toBe("INVALID_ANSWER");
    expect(error.message).toContain(`"${type}" is not allowed`);
    expect(ran).toEqual([]);
  });
});

describe("the format", () => {
  const isChat = (value: unknown) => typeof value === "object" && value !== null && "action_requests" in value;

  it("is said for all gates of an agent, but those that have their own", async () => {
    expect(isChat((await start({}, "agent-chat").ask())?.value)).toBe(true);
    expect(isChat((await start({ format: "agent-inbox" }, "agent-chat").ask())?.value)).toBe(false);
    expect(isChat((await start({}).ask())?.value)).toBe(false);
  });

  it("is that of the gates that approvals make", async () => {
    const model = new ScriptedModel([calling({ name: "book", args: shown })]);
    const tools = [{ name: "book", schema, invoke: () => "booked" }];
    const agent = createReactAgent({
      model,
      tools,
      approvals: { book: { allow: ["accept", "ignore"] } },
      approvalFormat: "agent-chat",
      checkpointer: new MemorySaver(),
    });
    const { __interrupt__: [asked] = [] } = await agent.invoke(input, newThread());
    expect(asked?.value).toMatchObject({ review_configs: [{ action_name: "book", allowed_decisions: ["approve", "reject"] }] });
  });

  it("may change while a call waits", async () => {
    const saver = new MemorySaver();
    const config = newThread();
    const ran: unknown[] = [];
    const model = new ScriptedModel([calling({ name: "book", args: shown }), "Done."]);
    const make = (format: ApprovalFormat) =>
      createReactAgent({
        model,
        tools: [addHumanInTheLoop({ name: "book", schema, invoke: (args) => String(ran.push(args)) }, { format })],
        checkpointer: saver,
      });
    await make("agent-inbox").invoke(input, config);
    const resume: HITLResponse = { decisions: [{ type: "approve" }] };
    await make("agent-chat").invoke(new Command({ resume }), config);
    expect(ran).toEqual([shown]);
  });

  it.each(["agent-box", "constructor", "", 1])("is refused where it is %j", async (format) => {
    expect((await agentErrorOf((async () => start({ format: format as ApprovalFormat }))())).code).toBe("INVALID_OPTIONS");
    expect((await agentErrorOf((async () => start({}, format as ApprovalFormat))())).code).toBe("INVALID_OPTIONS");
  });
});
