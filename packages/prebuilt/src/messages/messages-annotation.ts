import { Annotation } from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
import { addMessages, type Messages } from "./add-messages.js";

/** Declares a state key of messages: `messages: messagesChannel()`. */
export const messagesChannel = () => Annotation<BaseMessage[], Messages>({ reducer: addMessages, default: () => [] });

/**
 * The state of a conversation: one key `messages`, to which nodes add (`addMessages`).
 * @example
 * ```ts
 * import { MessagesAnnotation } from "@holdpoint/prebuilt";
 * import { END, START, StateGraph } from "@holdpoint/core";
 * const echo = new StateGraph(MessagesAnnotation)
 *   .addNode("echo", ({ messages }) => ({ messages: { role: "assistant", content: `You said ${messages.at(-1)?.text}` } }))
 *   .addEdge(START, "echo")
 *   .addEdge("echo", END)
 *   .compile();
 * const { messages } = await echo.invoke({ messages: [{ role: "user", content: "hello" }] });
 * console.log(messages.length); // 2
 * ```
 */
export const MessagesAnnotation = Annotation.Root({ messages: messagesChannel() });

/**
 * A state key of messages for a `StateSchema`, to which nodes add (`addMessages`).
 * @example
 * ```ts
 * import { MessagesValue } from "@holdpoint/prebuilt";
 * import { StateSchema } from "@holdpoint/core";
 * import { z } from "zod";
 * const State = new StateSchema({ messages: MessagesValue, calls: z.number().default(0) });
 * ```
 */
export const MessagesValue = messagesChannel();
