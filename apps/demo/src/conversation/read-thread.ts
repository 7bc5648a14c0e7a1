import type { HumanInterrupt } from "@holdpoint/prebuilt";
import type { BaseMessage } from "@langchain/core/messages";
import type { DeskAgent } from "../agent.js";

/** A call that waits for a person. */
export interface PendingCall {
  /** The interrupt's id: an answer is for exactly this call. */
  readonly id: string;
  readonly request: HumanInterrupt;
}

/** A conversation as it stands in the file. */
export interface ThreadState {
  readonly pending: readonly PendingCall[];
  /** Work that was begun, and can go on without anybody's answer: after a crash, or a model that failed. */
  readonly unfinished: boolean;
  readonly messages: readonly BaseMessage[];
  /** When it was saved last, ISO 8601. */
  readonly savedAt: string | undefined;
}

export async function readThread(agent: DeskAgent, threadId: string): Promise<ThreadState> {
  const { values, next, tasks, createdAt } = await agent.getState({ configurable: { thread_id: threadId } });
  const pending = tasks.flatMap(({ interrupts }) => interrupts.map(({ id, value }) => ({ id, request: requestOf(value) })));
  return { pending, unfinished: pending.length === 0 && next.length > 0, messages: values.messages ?? [], savedAt: createdAt };
}

/** A gate asks with a list of one request (Agent Inbox's format). */
function requestOf(value: unknown): HumanInterrupt {
  const request: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof request !== "object" || request === null || !("action_request" in request))
    throw new Error("The thread waits for something that this desk did not ask. Open it with the program that wrote it.");
  return request as HumanInterrupt;
}
