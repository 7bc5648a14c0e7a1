import type { Channel } from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
import { closeOpenCalls } from "../messages/open-calls.js";

type List = readonly BaseMessage[];

/**
 * Makes a channel of messages keep the transcript valid: tool calls that a new human or AI message leaves behind are answered as
 * cancelled, right after the calls. The time depends on what is new, apart from one pass over the references.
 */
export function closeNewCalls(channel: Channel): Channel {
  // A list that lacks answers is closed once: the edges of a node and the step itself must see the same one.
  const closed = new WeakMap<List, List>();
  const close = (before: unknown, after: unknown): unknown => {
    if (!Array.isArray(after)) return after;
    const known = closed.get(after);
    if (known !== undefined) return known;
    const result = closeOpenCalls(after as List, Array.isArray(before) ? samePrefix(before as List, after as List) : 0);
    if (result !== after) closed.set(after, result);
    return result;
  };
  const { overwrite } = channel;
  return {
    kind: channel.kind,
    saved: channel.saved,
    ephemeral: channel.ephemeral,
    initial: () => channel.initial(),
    update: (current, updates, name) => close(current, channel.update(current, updates, name)) as never,
    ...(overwrite === undefined ? {} : { overwrite: (value: unknown) => close(undefined, overwrite.call(channel, value)) }),
  };
}

/** Length of what stayed in place: what stands there was closed before. */
function samePrefix(before: List, after: List): number {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at++;
  return at;
}
