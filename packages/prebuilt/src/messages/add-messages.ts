import { randomUUID } from "node:crypto";
import { type BaseMessage, type BaseMessageLike, isBaseMessage, RemoveMessage } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import { MessageIndex } from "./message-index.js";
import { toMessage } from "./to-message.js";
import { withFields } from "./with-fields.js";

/** Id of a `RemoveMessage` that removes everything before it. */
export const REMOVE_ALL_MESSAGES = "__remove_all__";

/** What a state key of messages takes: messages, or anything that describes one. */
export type Messages = BaseMessageLike | readonly BaseMessageLike[];

/** Lists that this module made: every message in them is one and has an id. */
const wellFormed = new WeakSet<readonly BaseMessage[]>();

/** The last result for a list: a node's edges and the step itself reduce the same update, and must see the same ids. */
const latest = new WeakMap<readonly BaseMessage[], { readonly update: unknown; readonly result: BaseMessage[] }>();

/**
 * Adds messages to a list: new ones at the end, those with a known id in the place of the old one; `RemoveMessage` takes one out, or all
 * (id `REMOVE_ALL_MESSAGES`). Messages without an id get one. Neither list is changed; messages that stay are the same objects.
 *
 * The time depends on the update, apart from one copy of the list's references.
 * @throws AgentError UNKNOWN_MESSAGE for the removal of a message that is not there, INVALID_MESSAGES
 */
export const addMessages = Object.assign(reduceMessages, { accept: acceptMessages });

/** Makes messages with ids of what an input brings, so that they are the same ones whenever the input is applied. */
function acceptMessages(update: Messages): BaseMessage[] {
  return (Array.isArray(update) ? (update as readonly BaseMessageLike[]) : [update as BaseMessageLike]).map(identified);
}

function reduceMessages(current: Messages, update: Messages): BaseMessage[] {
  const list = toList(current);
  const known = latest.get(list);
  if (known !== undefined && known.update === update) return known.result;
  const result = merge(list, toUpdate(update));
  wellFormed.add(result);
  latest.set(list, { update, result });
  return result;
}

function toList(value: Messages): readonly BaseMessage[] {
  const list = Array.isArray(value) ? (value as readonly BaseMessageLike[]) : [value as BaseMessageLike];
  if (wellFormed.has(list as readonly BaseMessage[])) return list as readonly BaseMessage[];
  const ready = list.every((item) => isBaseMessage(item) && item.id !== undefined)
    ? (list as readonly BaseMessage[])
    : list.map(identified);
  wellFormed.add(ready);
  return ready;
}

function toUpdate(value: Messages): readonly BaseMessage[] {
  const messages = acceptMessages(value);
  const cut = messages.findLastIndex((message) => message.id === REMOVE_ALL_MESSAGES && RemoveMessage.isInstance(message));
  return cut < 0 ? messages : messages.slice(cut);
}

function identified(value: BaseMessageLike): BaseMessage {
  const message = toMessage(value);
  return message.id === undefined || message.id === null ? withFields(message, { id: randomUUID() }) : message;
}

function merge(current: readonly BaseMessage[], update: readonly BaseMessage[]): BaseMessage[] {
  const [first] = update;
  if (first !== undefined && first.id === REMOVE_ALL_MESSAGES) return merge([], update.slice(1));
  const index = MessageIndex.of(current);
  const added: BaseMessage[] = [];
  let kept: BaseMessage[] | undefined;
  const removed = new Set<string>();
  for (const message of update) {
    const id = message.id as string;
    const at = index.find(id, current, added);
    if (RemoveMessage.isInstance(message)) {
      if (at === undefined) throw unknownMessage(id);
      removed.add(id);
    } else if (at === undefined) {
      index.add(id, current.length + added.length);
      added.push(message);
    } else {
      removed.delete(id);
      if (at >= current.length) added[at - current.length] = message;
      else {
        kept ??= current.slice();
        kept[at] = message;
      }
    }
  }
  // One copy of the references, made at its final size.
  const result = (kept ?? current).concat(added);
  if (removed.size > 0) return result.filter(({ id }) => !removed.has(id as string));
  index.moveTo(result);
  return result;
}

const unknownMessage = (id: string): AgentError =>
  new AgentError(
    "UNKNOWN_MESSAGE",
    `A RemoveMessage names the id "${id}", which no message of the list has. Nothing was changed. Take the id from the state's messages.`,
  );

/** As `addMessages`: the name that LangGraph's state reducers go by. */
export const messagesStateReducer: typeof addMessages = addMessages;
