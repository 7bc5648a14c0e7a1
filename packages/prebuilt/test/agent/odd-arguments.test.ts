// Plain JavaScript may bring anything. What cannot be meant is an error with a code, and a misspelt option is one that was not given.
import { rawFailures } from "@holdpoint/checkpoint/testing";
import { MemorySaver } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AgentError,
  addHumanInTheLoop,
  addMessages,
  createReactAgent,
  loadModel,
  repairTranscript,
  ToolNode,
  toolRuntime,
  toolsCondition,
} from "../../src/index.js";
import { toLangGraphSaver } from "../../src/langgraph/index.js";
import { newThread } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const echo = { name: "echo", schema: z.object({}), invoke: () => "echo" };
const script = () => new ScriptedModel([calling({ name: "echo", args: {} }), "ok"]);
const agentWith = (options: object) => createReactAgent({ model: script(), tools: [echo], ...options });

const AGENT_OPTIONS = [
  "model",
  "tools",
  "approvals",
  "approvalFormat",
  "approvalPolicy",
  "authorize",
  "onNewMessage",
  "prompt",
  "checkpointer",
].concat(
  ["checkpointSaver", "stateSchema", "contextSchema", "responseFormat", "preModelHook", "postModelHook", "interruptBefore"],
  ["interruptAfter", "store", "name", "description", "version", "handleToolErrors"],
);

it("nothing fails inside", async () => {
  const agent = () => agentWith({ checkpointer: new MemorySaver() });
  const calls: Record<string, (odd: never) => unknown> = {
    "createReactAgent(x)": (odd) => createReactAgent(odd),
    "createReactAgent({ tools: [x] })": (odd) => createReactAgent({ model: script(), tools: [odd] }),
    "createReactAgent({ approvals: { echo: x } })": (odd) => agentWith({ approvals: { echo: odd } }),
    "agent.invoke(x)": (odd) => agent().invoke(odd, newThread()),
    "agent.invoke({ messages: x })": (odd) => agent().invoke({ messages: odd }, newThread()),
    "agent.invoke({ messages: [x] })": (odd) => agent().invoke({ messages: [odd] }, newThread()),
    "agent.invoke(x), refusing": (odd) => agentWith({ onNewMessage: "refuse", checkpointer: new MemorySaver() }).invoke(odd, newThread()),
    "agent.stream(x), refusing": (odd) => agentWith({ onNewMessage: "refuse", checkpointer: new MemorySaver() }).stream(odd, newThread()),
    "agent.invoke(input, x)": (odd) => agent().invoke({ messages: "hi" }, odd),
    "new ToolNode(x)": (odd) => new ToolNode(odd),
    "new ToolNode([x])": (odd) => new ToolNode([odd]),
    "new ToolNode(tools, x)": (odd) => new ToolNode([echo], odd),
    "toolNode.invoke(x)": (odd) => new ToolNode([echo]).invoke(odd),
    "toolNode.invoke([x])": (odd) => new ToolNode([echo]).invoke([odd]),
    "toolNode.invoke(messages, x)": (odd) => new ToolNode([echo]).invoke([calling({ name: "echo", args: {} })], odd),
    "addHumanInTheLoop(x)": (odd) => addHumanInTheLoop(odd),
    "addHumanInTheLoop(tool, x)": (odd) => addHumanInTheLoop(echo, odd),
    "toolRuntime(x)": (odd) => toolRuntime(odd),
    "toolsCondition(x)": (odd) => toolsCondition(odd),
    "toolsCondition([x])": (odd) => toolsCondition([odd]),
    "addMessages([], x)": (odd) => addMessages([], odd),
    "addMessages([], [x])": (odd) => addMessages([], [odd]),
    "addMessages(x, [])": (odd) => addMessages(odd, []),
    "repairTranscript(x)": (odd) => repairTranscript(odd),
    "repairTranscript([x])": (odd) => repairTranscript([odd]),
    "loadModel(x)": (odd) => loadModel(odd),
    "toLangGraphSaver(x)": (odd) => toLangGraphSaver(odd),
    "AgentError.is(x)": (odd) => AgentError.is(odd),
  };
  for (const key of AGENT_OPTIONS) {
    calls[`createReactAgent({ ${key}: x })`] = (odd) => agentWith({ [key]: odd });
    // These ask the model for what no script says.
    if (key !== "model" && key !== "responseFormat")
      calls[`a run of createReactAgent({ ${key}: x })`] = (odd) => agentWith({ [key]: odd }).invoke({ messages: "hi" }, newThread());
  }
  for (const key of ["interruptConfig", "format", "description", "when"])
    calls[`addHumanInTheLoop(tool, { ${key}: x })`] = (odd) => addHumanInTheLoop(echo, { [key]: odd });
  for (const key of ["allow", "description", "when"])
    calls[`createReactAgent({ approvals: { echo: { ${key}: x } } })`] = (odd) => agentWith({ approvals: { echo: { [key]: odd } } });
  for (const key of ["name", "description", "schema", "invoke", "func", "returnDirect", "responseFormat"])
    calls[`a tool's ${key} x`] = (odd) => new ToolNode([{ ...echo, [key]: odd }]);
  expect(await rawFailures(calls)).toEqual([]);
});

describe.each([
  ["createReactAgent", agentWith, { approval: { echo: true } }, "did you mean approvals?"],
  ["createReactAgent", agentWith, { interruptbefore: ["tools"] }, "did you mean interruptBefore?"],
  ["createReactAgent", agentWith, { authorise: () => true }, "did you mean authorize?"],
  ["createReactAgent", agentWith, { stateModifier: "Be kind." }, "it is called prompt"],
  ["createReactAgent", agentWith, { includeAgentName: "inline" }, "in the prompt"],
  ["createReactAgent", agentWith, { middleware: [] }, "approvals"],
  ["ToolNode", (options: object) => new ToolNode([echo], options), { handleToolError: false }, "did you mean handleToolErrors?"],
  ["ToolNode", (options: object) => new ToolNode([echo], options), { tags: ["a"] }, "invoke(input, { tags })"],
  ["addHumanInTheLoop", (options: object) => addHumanInTheLoop(echo, options), { interrupt_config: {} }, "it is called interruptConfig"],
  ["addHumanInTheLoop", (options: object) => addHumanInTheLoop(echo, options), { allow_edit: true }, "interruptConfig: { allow_edit }"],
  ["addHumanInTheLoop", (options: object) => addHumanInTheLoop(echo, options), { wen: () => true }, "did you mean when?"],
  [
    "a gate's interruptConfig",
    (interruptConfig: object) => addHumanInTheLoop(echo, { interruptConfig }),
    { allow_accpet: true },
    "allow_accpet",
  ],
  ["an approval", (echo: object) => agentWith({ approvals: { echo } }), { alow: ["accept"] }, "alow"],
] as const)("%s(%j)", (_, make, options, told) => {
  it(`is refused, and told: ${told}`, () => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringContaining(told) }));
  });
});

it("a tool whose function has another name is refused, and not handed to the model's provider", () => {
  const { invoke, ...rest } = echo;
  for (const tool of [
    { ...rest, execute: invoke },
    { ...rest, invok: invoke },
  ])
    expect(() => new ToolNode([tool as never])).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
  new ToolNode([{ type: "web_search_20250305", name: "web_search", max_uses: 3 }]);
});

it("handleToolErrors beside a ToolNode, which would go unread, is refused", () => {
  const tools = new ToolNode([echo]);
  expect(() => agentWith({ tools, handleToolErrors: false })).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
});

it("an agent has the description that it was made with", () => {
  expect(agentWith({ description: "Echoes." }).description).toBe("Echoes.");
  expect(agentWith({ description: "Echoes.", onNewMessage: "refuse" }).description).toBe("Echoes.");
});
