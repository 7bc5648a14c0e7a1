import { Annotation, type Interrupt, StateGraph, withLangGraph } from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import type { AGENT_OPTIONS } from "../../src/agent/check-agent-options.js";
import {
  addHumanInTheLoop,
  addMessages,
  createReactAgent,
  defineTool,
  type HITLRequest,
  type HITLResponse,
  type HumanInterrupt,
  type HumanResponse,
  MessagesAnnotation,
  MessagesZodMeta,
  MessagesZodState,
  pushMessage,
  type ReactAgentOptions,
  type ToolRuntime,
} from "../../src/index.js";

const model = "anthropic:claude-sonnet-4-5";

// The state has messages, and the pause.
const agent = createReactAgent({ model, tools: [] });
const result = await agent.invoke({ messages: [{ role: "user", content: "hi" }] });
expectTypeOf(result.messages).toEqualTypeOf<BaseMessage[]>();
expectTypeOf(result.__interrupt__).toEqualTypeOf<Interrupt[] | undefined>();
new StateGraph(MessagesAnnotation).addNode("agent", agent);
// @ts-expect-error a state key that there is not
await agent.invoke({ massages: [] });
// @ts-expect-error no such node
createReactAgent({ model, tools: [], interruptBefore: ["tool"] });

// A schema's keys reach state, input, hooks and prompt; the response format types the response.
const State = Annotation.Root({ ...MessagesAnnotation.spec, user: Annotation<string>() });
const own = createReactAgent({
  model,
  tools: [],
  stateSchema: State,
  responseFormat: z.object({ sum: z.number() }),
  prompt: (state) => {
    expectTypeOf(state.user).toEqualTypeOf<string>();
    return state.messages;
  },
  preModelHook: (state) => {
    expectTypeOf(state.messages).toEqualTypeOf<BaseMessage[]>();
    return { user: state.user, llmInputMessages: state.messages };
  },
});
const answer = await own.invoke({ messages: "hi", user: "ada" });
expectTypeOf(answer.user).toEqualTypeOf<string>();
expectTypeOf(answer.structuredResponse).toEqualTypeOf<{ sum: number }>();
const zod = createReactAgent({ model, tools: [], stateSchema: z.object({ messages: z.array(z.any()), count: z.number() }) });
expectTypeOf((await zod.invoke({ messages: "hi", count: 1 })).count).toEqualTypeOf<number>();
expectTypeOf((await zod.invoke({ messages: "hi", count: 1 })).messages).toEqualTypeOf<BaseMessage[]>();

// The context is the schema's.
const withContext = createReactAgent({
  model: (_state, { context }) => {
    expectTypeOf(context).toEqualTypeOf<{ user: string }>();
    return model;
  },
  tools: [],
  contextSchema: z.object({ user: z.string() }),
});
await withContext.invoke({ messages: "hi" }, { context: { user: "ada" } });
// @ts-expect-error the context does not fit
await withContext.invoke({ messages: "hi" }, { context: { user: 1 } });

// A tool's arguments are its schema's.
const schema = z.object({ nights: z.number(), late: z.boolean().default(false) });
defineTool({
  name: "book",
  schema,
  invoke: (args, runtime) => {
    expectTypeOf(args).toEqualTypeOf<{ nights: number; late: boolean }>();
    expectTypeOf(runtime).toEqualTypeOf<ToolRuntime>();
    expectTypeOf(runtime.idempotencyKey).toEqualTypeOf<string>();
  },
});
addHumanInTheLoop({ name: "book", schema, invoke: ({ nights }) => nights }, { when: ({ nights }) => nights > 5 });
// @ts-expect-error no such argument
addHumanInTheLoop({ name: "book", schema, invoke: ({ night }) => night });

// Agent Inbox's wire format.
const shown: HumanInterrupt = {
  action_request: { action: "book", args: { nights: 1 } },
  config: { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: false },
};
const decided: HumanResponse[] = [
  { type: "accept" },
  { type: "edit", args: { args: { nights: 2 } } },
  { type: "response", args: "no" },
  { type: "ignore", args: null },
];
// @ts-expect-error no such decision
const unknown: HumanResponse = { type: "approve" };
expectTypeOf([shown, decided, unknown]).toBeArray();

// Agent Chat UI's.
const asked: HITLRequest = {
  action_requests: [{ name: "book", args: { nights: 1 } }],
  review_configs: [{ action_name: "book", allowed_decisions: ["approve", "reject"] }],
};
const answered: HITLResponse[] = [
  { decisions: [{ type: "approve" }] },
  { decisions: [{ type: "edit", edited_action: { name: "book", args: { nights: 2 } } }] },
  { decisions: [{ type: "reject", message: "no" }] },
];
// @ts-expect-error a decision of the other format
const foreign: HITLResponse = { decisions: [{ type: "accept" }] };
// @ts-expect-error no such format
addHumanInTheLoop({ name: "book", schema, invoke: () => "" }, { format: "agent-box" });
// @ts-expect-error no such way
createReactAgent({ model, tools: [], onNewMessage: "ignore" });
createReactAgent({ model, tools: [], approvalFormat: "agent-chat", onNewMessage: "refuse" });
expectTypeOf([asked, answered, foreign]).toBeArray();

// Messages in a graph of one's own.
expectTypeOf(addMessages([], "hi")).toEqualTypeOf<BaseMessage[]>();
new StateGraph(MessagesAnnotation).addNode("echo", ({ messages }) => {
  expectTypeOf(messages).toEqualTypeOf<BaseMessage[]>();
  return { messages: [{ role: "assistant", content: "hi" }] };
});

// With this package, messages in streams are LangChain's.
for await (const [message, metadata] of await agent.stream(null, { streamMode: "messages" })) {
  expectTypeOf(message).toEqualTypeOf<BaseMessage>();
  expectTypeOf(metadata.langgraph_node).toEqualTypeOf<string>();
  expectTypeOf(metadata.ls_model_type).toBeUnknown();
}
for await (const chunk of await agent.stream(null, { streamMode: ["messages", "updates"], subgraphs: true })) {
  if (chunk[1] === "messages") expectTypeOf(chunk[2][0]).toEqualTypeOf<BaseMessage>();
}

// A config of its own, and many inputs.
const bound = agent.withConfig({ configurable: { thread_id: "1" } });
expectTypeOf(bound).toEqualTypeOf(agent);
const [first] = await bound.batch([{ messages: [] }]);
expectTypeOf(first!.messages).toEqualTypeOf<BaseMessage[]>();
const [orError] = await bound.batch([{ messages: [] }], {}, { returnExceptions: true });
expectTypeOf<Extract<typeof orError, Error>>().toEqualTypeOf<Error>();
// @ts-expect-error a state key that there is not
await bound.batch([{ massages: [] }]);

// What the agent checks for misspelt options is all that it takes.
expectTypeOf<(typeof AGENT_OPTIONS)[number]>().toEqualTypeOf<keyof ReactAgentOptions>();

// Messages in an object schema, of zod 3 and of zod 4.
const ZodState = z.object({ messages: withLangGraph(z.custom<BaseMessage[]>(), MessagesZodMeta), calls: z.number() });
for (const chat of [
  new StateGraph(MessagesZodState).addNode("a", () => ({})),
  new StateGraph(ZodState).addNode("a", () => ({})),
] as const) {
  const { messages } = await chat.compile().invoke({ messages: "hello" });
  expectTypeOf(messages).toEqualTypeOf<BaseMessage[]>();
}
new StateGraph(MessagesZodState)
  .addNode("reply", ({ messages }) => ({ messages: { role: "assistant", content: messages.at(-1)?.text ?? "" } }))
  // @ts-expect-error a number is no message
  .addNode("wrong", () => ({ messages: 7 }));
// Pushed messages: with the node's second argument, a key, or neither.
new StateGraph(MessagesAnnotation).addNode("push", (_, runtime) => {
  expectTypeOf(pushMessage({ role: "assistant", id: "1", content: "" }, runtime)).toEqualTypeOf<BaseMessage>();
  pushMessage(["assistant", "text"], { ...runtime, stateKey: null });
  // @ts-expect-error a key is a text
  pushMessage("text", { stateKey: 5 });
});
