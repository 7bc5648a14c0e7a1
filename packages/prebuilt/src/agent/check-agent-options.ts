import { readOptions } from "../read-options.js";

/** All of `ReactAgentOptions`. */
export const AGENT_OPTIONS = [
  "model",
  "llm",
  "tools",
  "approvals",
  "approvalFormat",
  "approvalPolicy",
  "authorize",
  "onNewMessage",
  "prompt",
  "checkpointer",
  "checkpointSaver",
  "stateSchema",
  "contextSchema",
  "responseFormat",
  "preModelHook",
  "postModelHook",
  "interruptBefore",
  "interruptAfter",
  "store",
  "name",
  "description",
  "version",
  "handleToolErrors",
] as const;

const ELSEWHERE = {
  messageModifier: "it is called prompt",
  stateModifier: "it is called prompt",
  includeAgentName: "messages have the name; a model that does not show names is told in the prompt",
  middleware: "use preModelHook and postModelHook, and approvals",
  systemPrompt: "it is called prompt",
};

/** @throws AgentError INVALID_OPTIONS */
export const checkAgentOptions = <Options extends object>(given: Options): Options =>
  readOptions("createReactAgent()", given, AGENT_OPTIONS, ELSEWHERE);
