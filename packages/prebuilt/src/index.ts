import "./bridge/register.js";

export type { AgentSchema } from "./agent/agent-state.js";
export { type AgentNode, createReactAgent, type Hook, type ReactAgent, type ReactAgentOptions } from "./agent/create-react-agent.js";
export type { Prompt } from "./agent/prompt.js";
export type { AgentModel, ModelLike } from "./agent/read-model.js";
export type { ResponseFormat } from "./agent/structured-response.js";
export { AgentError, type AgentErrorCode } from "./agent-error.js";
export { addHumanInTheLoop, type HumanInTheLoopOptions } from "./approval/add-human-in-the-loop.js";
export type { ApprovalFormat } from "./approval/approval-format.js";
export type { Approval, Approvals } from "./approval/approvals.js";
export type {
  EditedAction,
  HITLActionRequest,
  HITLDecision,
  HITLDecisionType,
  HITLRequest,
  HITLResponse,
  ReviewConfig,
} from "./approval/hitl-request.js";
export type { ActionRequest, HumanInterrupt, HumanInterruptConfig, HumanResponse } from "./approval/human-interrupt.js";
export { addMessages, type Messages, messagesStateReducer, REMOVE_ALL_MESSAGES } from "./messages/add-messages.js";
export { MessagesAnnotation, MessagesValue } from "./messages/messages-annotation.js";
export { MessagesZodMeta, MessagesZodState } from "./messages/messages-zod-state.js";
export { type PushMessageOptions, pushMessage } from "./messages/push-message.js";
export { repairTranscript } from "./messages/repair-transcript.js";
export { loadModel } from "./models/load-model.js";
export type {
  AgentTool,
  ClientTool,
  JsonSchema,
  LangChainTool,
  ServerTool,
  ToolDefinition,
  ToolFunction,
  ToolSchema,
} from "./tools/agent-tool.js";
export { defineTool } from "./tools/define-tool.js";
export type { HandleToolErrors } from "./tools/run-tool-call.js";
export { ToolNode, type ToolNodeInput, type ToolNodeOptions, type ToolNodeOutput } from "./tools/tool-node.js";
export { type ToolRuntime, toolRuntime } from "./tools/tool-runtime.js";
export { toolsCondition } from "./tools/tools-condition.js";
