// Promise 6: at every saved state each tool call has its message before the next human or AI turn.

import { type CheckpointSaver, Command, interrupt, MemorySaver } from "@holdpoint/core";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { answersById, errorOf, newThread, toolMessages, transcriptFault } from "../support/run.js";
import { calling, ScriptedModel, type Turn } from "../support/scripted-model.js";

const input = (content: string) => ({ messages: [{ role: "user", content }] });
const book = (ran: string[]) =>
  addHumanInTheLoop({
    name: "book",
    schema: z.object({ hotel: z.string() }),
    invoke: ({ hotel }) => {
      ran.push(hotel);
      return `booked ${hotel}`;
    },
  });
const hotels = (...names: string[]) => calling(...names.map((hotel) => ({ name: "book", args: { hotel }, id: hotel })));

describe.each(eachSaver)("a new user message while calls wait, on $name", ({ open }) => {
  it("cancels those that wait, and keeps what was done", async () => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const model = new ScriptedModel([hotels("Ada", "Bo"), "As you like."]);
    const agent = (checkpointer: CheckpointSaver) => createReactAgent({ model, tools: [book(ran)], checkpointer });
    const config = newThread();
    const { __interrupt__: [first] = [] } = await agent(saver).invoke(input("book Ada and Bo"), config);
    await agent(reopen()).invoke(new Command({ resume: { [first?.id as string]: [{ type: "accept" }] } }), config);
    const { messages, __interrupt__ } = await agent(reopen()).invoke(input("never mind"), config);
    expect(__interrupt__).toBeUndefined();
    expect(ran).toEqual(["Ada"]);
    expect(messages.map((message) => message.getType())).toEqual(["human", "ai", "tool", "tool", "human", "ai"]);
    expect(answersById(messages)).toEqual({ Ada: "booked Ada", Bo: expect.stringContaining("cancelled") });
    expect(toolMessages(messages)[1]?.status).toBe("error");
    expect(transcriptFault(model.seen[1]?.messages ?? [])).toBeUndefined();
    expect((await agent(saver).getState(config)).interrupts).toEqual([]);
  });
});

describe.each(eachSaver)("messages that come beside calls that wait, on $name", ({ open }) => {
  it.each([
    ["v2", "whose place a late result takes", "booked Ada", ["Ada", "Bo"]],
    // One task runs all calls that the transcript shows as open.
    ["v1", "which stays", expect.stringContaining("cancelled"), []],
  ] as const)("come behind the cancellation (%s), %s", async (version, _what, answer, expected) => {
    const { saver, reopen } = open();
    const ran: string[] = [];
    const model = new ScriptedModel([hotels("Ada", "Bo"), "Both booked."]);
    const agent = (checkpointer: CheckpointSaver) => createReactAgent({ model, version, tools: [book(ran)], checkpointer });
    const config = newThread();
    await agent(saver).invoke(input("book Ada and Bo"), config);
    await agent(reopen()).invoke(new Command({ update: { messages: [new HumanMessage("and hurry")] } }), config);
    const { values, interrupts } = await agent(reopen()).getState(config);
    expect(answersById(values.messages)).toEqual({ Ada: expect.stringContaining("cancelled"), Bo: expect.stringContaining("cancelled") });
    expect(transcriptFault(values.messages)).toBeUndefined();
    const resume = Object.fromEntries(interrupts.map(({ id }) => [id, [{ type: "accept" }]]));
    const more = new HumanMessage("please");
    const { messages } = await agent(reopen()).invoke(new Command({ resume, update: { messages: [more] } }), config);
    expect(answersById(messages).Ada).toEqual(answer);
    expect(ran.sort()).toEqual(expected);
    expect(messages.map((message) => message.getType())).toEqual(["human", "ai", "tool", "tool", "human", "human", "ai"]);
    for await (const state of agent(saver).getStateHistory(config)) expect(transcriptFault(state.values.messages)).toBeUndefined();
  });
});

it("puts a result that comes behind a message of its step where it belongs", async () => {
  const schema = z.object({});
  const said = new Command({
    update: { messages: [new ToolMessage({ content: "done", tool_call_id: "a" }), new HumanMessage("by the way")] },
  });
  const tools = [
    { name: "says", schema, invoke: () => said },
    { name: "does", schema, invoke: () => "did" },
  ];
  const model = new ScriptedModel([calling({ name: "says", args: {}, id: "a" }, { name: "does", args: {}, id: "b" }), "ok"]);
  const { messages } = await createReactAgent({ model, tools }).invoke(input("go"));
  expect(transcriptFault(messages)).toBeUndefined();
  expect(answersById(messages)).toEqual({ a: "done", b: "did" });
});

it("repairs a conversation that was broken before the agent got it", async () => {
  const model = new ScriptedModel(["ok"]);
  const agent = createReactAgent({ model, tools: [] });
  const { messages } = await agent.invoke({ messages: [new HumanMessage("a"), hotels("Ada"), new HumanMessage("b")] });
  expect(messages.map((message) => message.getType())).toEqual(["human", "ai", "tool", "human", "ai"]);
  expect(transcriptFault(model.seen[0]?.messages ?? [])).toBeUndefined();
});

it("shows the model no call without its message, whatever a hook or a prompt makes of the conversation", async () => {
  const model = new ScriptedModel(["ok"]);
  const agent = createReactAgent({
    model,
    tools: [],
    preModelHook: () => ({ llmInputMessages: [hotels("Ada")] }),
    prompt: ({ messages }) => [...messages, new HumanMessage("x")],
  });
  await agent.invoke(input("a"));
  expect(transcriptFault(model.seen[0]?.messages ?? [])).toBeUndefined();
});

describe("every saved state of a random agent", () => {
  const answers = [
    { type: "accept" },
    { type: "response", args: "no" },
    { type: "ignore" },
    { type: "edit", args: { args: { hotel: "Zed" } } },
    { type: "nonsense" },
    { decisions: [{ type: "reject", message: "no" }] },
    { decisions: [{ type: "edit", edited_action: { name: "book", args: { hotel: "Zed" } } }] },
    { decisions: [{ type: "approve" }, { type: "approve" }] },
  ];
  type Step = { kind: "answer"; pick: number; answer: number } | { kind: "say" } | { kind: "beside" } | { kind: "go on" };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick: fc.nat(3), answer: fc.nat(answers.length - 1) }) },
    { weight: 1, arbitrary: fc.constant({ kind: "say" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "beside" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "go on" as const }) },
  );
  const tools = ["book", "look", "ask", "fail", "none"];
  const turn = fc.array(fc.constantFrom(...tools), { minLength: 0, maxLength: 3 });

  it("is one that model providers accept, and nothing runs that was not approved", async () => {
    let paused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(turn, { maxLength: 5 }),
        fc.array(step, { maxLength: 8 }),
        fc.constantFrom("v1" as const, "v2" as const),
        async (script, steps, version) => {
          const ran: string[] = [];
          const approved = new Set<string>();
          const turns: Turn[] = [
            ...script.map(
              (names, at): Turn =>
                names.length === 0
                  ? `turn ${at}`
                  : calling(...names.map((name, i) => ({ name, args: { hotel: `h${at}-${i}` }, id: `c${at}-${i}` }))),
            ),
            ...Array.from({ length: 20 }, () => "done"),
          ];
          const model = new ScriptedModel(turns);
          const schema = z.object({ hotel: z.string() });
          const gated = addHumanInTheLoop(
            { name: "book", schema, invoke: ({ hotel }) => String(ran.push(hotel)) },
            { interruptConfig: { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true } },
          );
          const agent = createReactAgent({
            model,
            version,
            checkpointer: new MemorySaver(),
            tools: [
              gated,
              { name: "look", schema, invoke: () => "seen" },
              { name: "ask", schema, invoke: () => String(interrupt("?")) },
              { name: "fail", schema, invoke: () => Promise.reject(new Error("bad")) },
            ],
          });
          const config = newThread();
          const check = async () => {
            for await (const { values } of agent.getStateHistory(config)) {
              const messages = (values.messages ?? []) as BaseMessage[];
              expect(transcriptFault(messages)).toBeUndefined();
            }
            for (const { messages } of model.seen) expect(transcriptFault([...messages, new AIMessage("next")])).toBeUndefined();
            expect(ran.filter((hotel) => hotel !== "Zed" && !approved.has(hotel))).toEqual([]);
            expect(new Set(ran.filter((hotel) => hotel !== "Zed")).size).toBe(ran.filter((hotel) => hotel !== "Zed").length);
          };
          await agent.invoke(input("start"), config);
          await check();
          for (const one of steps) {
            const { interrupts } = await agent.getState(config);
            if (one.kind === "say") await agent.invoke(input("something else"), config);
            else if (one.kind === "beside") {
              await agent.invoke(new Command({ update: { messages: [new HumanMessage("beside")] } }), config).catch(() => undefined);
            } else if (one.kind === "go on") await agent.invoke(null, config).catch(() => undefined);
            else if (interrupts.length > 0) {
              paused++;
              const target = interrupts[one.pick % interrupts.length];
              const answer = answers[one.answer] as { type?: string };
              if (answer.type === "accept" && Array.isArray(target?.value))
                approved.add((target.value[0] as { action_request: { args: { hotel: string } } }).action_request.args.hotel);
              await agent
                .invoke(new Command({ resume: { [target?.id as string]: "type" in answer ? [answer] : answer } }), config)
                .catch(() => undefined);
            }
            await check();
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(paused).toBeGreaterThan(50);
  }, 60_000);
});

it("is refused where a removed message leaves an answer behind only in the model's input", async () => {
  const { RemoveMessage } = await import("@langchain/core/messages");
  const model = new ScriptedModel([hotels("Ada"), "done", "ok"]);
  const agent = createReactAgent({
    model,
    tools: [{ name: "book", schema: z.object({ hotel: z.string() }), invoke: () => "booked" }],
    checkpointer: new MemorySaver(),
  });
  const config = newThread();
  const { messages } = await agent.invoke(input("a"), config);
  await agent.updateState(config, { messages: [new RemoveMessage({ id: messages[1]?.id as string })] });
  await agent.invoke(input("b"), config);
  expect(transcriptFault(model.seen[2]?.messages ?? [])).toBeUndefined();
  await expect(errorOf(agent.updateState(config, { messages: [new RemoveMessage({ id: "nobody" })] }))).resolves.toMatchObject({
    code: "UNKNOWN_MESSAGE",
  });
});
