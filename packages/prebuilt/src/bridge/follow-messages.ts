import type { FollowedTask, MessageFollower } from "@holdpoint/core";
import type { CallbackManager } from "@langchain/core/callbacks/manager";
import type { BaseMessage } from "@langchain/core/messages";
import { MESSAGE_STREAM, MessageStream } from "./message-stream.js";

/**
 * Starts to follow a task's messages. Its handler takes the place of the one of the task around: the reader of that one hears of these
 * messages through this one, or did not ask for them.
 */
export function followMessages(task: FollowedTask): MessageFollower {
  const stream = new MessageStream(task, handlersOf(task.callbacks).find(isMessageStream));
  return {
    callbacks: replaceStream(task.callbacks, stream),
    returned: (update) => stream.returned(update),
    pushed: (message) => stream.pushed(message as BaseMessage),
  };
}

function replaceStream(callbacks: unknown, stream: MessageStream): unknown {
  if (!isManager(callbacks)) return [...handlersOf(callbacks).filter((handler) => !isMessageStream(handler)), stream];
  const manager = callbacks.copy();
  for (const handler of [...manager.handlers]) if (isMessageStream(handler)) manager.removeHandler(handler);
  manager.addHandler(stream, true);
  return manager;
}

// By shape, so that the manager of a second copy of LangChain is one as well.
const isManager = (callbacks: unknown): callbacks is CallbackManager =>
  typeof (callbacks as { addHandler?: unknown } | undefined)?.addHandler === "function";

const handlersOf = (callbacks: unknown): readonly unknown[] =>
  Array.isArray(callbacks) ? callbacks : ((callbacks as { handlers?: readonly unknown[] } | undefined)?.handlers ?? []);

const isMessageStream = (handler: unknown): handler is MessageStream => (handler as { name?: unknown } | null)?.name === MESSAGE_STREAM;
