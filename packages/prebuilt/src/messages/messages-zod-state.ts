import { type SchemaMeta, withLangGraph } from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
// LangChain loads both of zod's versions; LangGraph's schema is of this one.
import { z } from "zod/v3";
import { addMessages, type Messages } from "./add-messages.js";

/** How a graph keeps messages, for a schema of your own: `messages: withLangGraph(z.custom<BaseMessage[]>(), MessagesZodMeta)`, with zod 3 or 4. */
export const MessagesZodMeta: SchemaMeta<BaseMessage[], Messages> = {
  reducer: { fn: addMessages },
  jsonSchemaExtra: { langgraph_type: "messages" },
  default: () => [],
};

/**
 * The state of a conversation as a schema of zod 3, as in LangGraph: one key `messages`, to which nodes add (`addMessages`). With zod 4 start from
 * `MessagesZodMeta`, or from `MessagesValue` in a `StateSchema`.
 * @example
 * ```ts
 * import { MessagesZodState } from "@holdpoint/prebuilt";
 * import { START, StateGraph } from "@holdpoint/core";
 * import { z } from "zod/v3";
 * const State = MessagesZodState.extend({ calls: z.number().default(0) });
 * const graph = new StateGraph(State)
 *   .addNode("echo", ({ messages, calls }) => ({ messages: { role: "assistant", content: `You said ${messages.at(-1)?.text}` }, calls: calls + 1 }))
 *   .addEdge(START, "echo")
 *   .compile();
 * ```
 */
export const MessagesZodState = z.object({ messages: withLangGraph(z.custom<BaseMessage[]>(), MessagesZodMeta) });
