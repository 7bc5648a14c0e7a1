import { pushUpdate, type Runtime } from "@holdpoint/core";
import type { BaseMessage, BaseMessageLike } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import { toMessage } from "./to-message.js";

/** Where a pushed message goes; the node's second argument may stand beside it, as in `{ ...runtime, stateKey: null }`. */
export interface PushMessageOptions {
  /** The state key that it is added to; null: it is only shown. Default "messages". */
  readonly stateKey?: string | null | undefined;
}

/**
 * Shows a message in the stream mode `messages` before the node has finished, and adds it to the state with the node's result, before what that adds.
 *
 * An attempt that pauses or fails adds nothing: the node's next one pushes again, and the state holds the message once. Readers of the stream see it each time,
 * under the same id.
 * @param message a message, or what describes one, with an id
 * @param options `stateKey`; or the node's second argument, which is needed only where the async context is lost
 * @returns the message, as it was shown
 * @throws AgentError INVALID_MESSAGES without an id; GraphError OUTSIDE_RUN; INVALID_CONFIG in a `task()`, unless `stateKey` is null
 * @example
 * ```ts
 * import { MessagesAnnotation, pushMessage } from "@holdpoint/prebuilt";
 * import { START, StateGraph } from "@holdpoint/core";
 * const graph = new StateGraph(MessagesAnnotation)
 *   .addNode("work", () => {
 *     pushMessage({ id: "progress", role: "assistant", content: "On it…" });
 *     return { messages: { id: "answer", role: "assistant", content: "Done." } };
 *   })
 *   .addEdge(START, "work")
 *   .compile();
 * const { messages } = await graph.invoke({ messages: [] });
 * console.log(messages.map(({ id }) => id)); // [ "progress", "answer" ]
 * ```
 */
export function pushMessage(message: BaseMessageLike, options: PushMessageOptions | Runtime = {}): BaseMessage {
  const valid = toMessage(message);
  if (!valid.id)
    throw new AgentError(
      "INVALID_MESSAGES",
      "A pushed message has no id, by which it is known again when the node is run again. Give it one.",
    );
  const { stateKey = "messages" } = options as PushMessageOptions;
  pushUpdate(valid, stateKey, options);
  return valid;
}
