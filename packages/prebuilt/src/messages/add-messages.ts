import { type BaseMessage, type BaseMessageLike, isBaseMessage, RemoveMessage } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import { takeId } from "./announced-id.js";
import { KnownList } from "./known-list.js";
import { toMessage } from "./to-message.js";
import { withFields } from "./with-fields.js";

/** Id of a `RemoveMessage` that removes everything before it. */
export const REMOVE_ALL_MESSAGES = "__remove_all__";

type List = readonly BaseMessage[];

/** What a state key of messages takes: messages, or anything that describes one. */
export type Messages = BaseMessageLike | readonly BaseMessageLike[];

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
  const known = toKnown(current);
  const before = known.resultOf(update);
  if (before !== undefined) return before;
  const result = merge(known, toUpdate(update));
  known.remember(update, result);
  return result;
}

function toKnown(value: Messages): KnownList {
  const list = Array.isArray(value) ? (value as readonly BaseMessageLike[]) : [value as BaseMessageLike];
  const known = KnownList.find(list);
  if (known !== undefined) return known;
  const isReady = list.every((item) => isBaseMessage(item) && item.id !== undefined);
  return KnownList.of(isReady ? (list as readonly BaseMessage[]) : list.map(identified));
}

function toUpdate(value: Messages): readonly BaseMessage[] {
  const messages = acceptMessages(value);
  const cut = messages.findLastIndex((message) => message.id === REMOVE_ALL_MESSAGES && RemoveMessage.isInstance(message));
  return cut < 0 ? messages : messages.slice(cut);
}

function identified(value: BaseMessageLike): BaseMessage {
  const message = toMessage(value);
  return message.id === undefined || message.id === null ? withFields(message, { id: takeId(message) }) : message;
}

function merge(known: KnownList, update: readonly BaseMessage[]): BaseMessage[] {
  if (update[0]?.id === REMOVE_ALL_MESSAGES) return merge(KnownList.of([]), update.slice(1));
  const { messages: current } = known;
  const places = known.takePlaces();
  const added: BaseMessage[] = [];
  let kept: BaseMessage[] | undefined;
  let removed: Set<string> | undefined;
  for (const message of update) {
    const id = message.id as string;
    const at = placeOf(id, places, current, added);
    if (RemoveMessage.isInstance(message)) {
      if (at === undefined) throw unknownMessage(id);
      removed ??= new Set();
      removed.add(id);
    } else if (at === undefined) {
      places.set(id, current.length + added.length);
      added.push(message);
    } else {
      removed?.delete(id);
      if (at >= current.length) added[at - current.length] = message;
      else {
        kept ??= current.slice();
        kept[at] = message;
      }
    }
  }
  // One copy of the references, made at its final size.
  const result = (kept ?? current).concat(added);
  if (removed === undefined || removed.size === 0) {
    KnownList.of(result, places);
    return result;
  }
  const gone = removed;
  const left = result.filter(({ id }) => !gone.has(id as string));
  KnownList.of(left);
  return left;
}

/** Place of the message with this id in the list and what was added to it. */
function placeOf(id: string, places: ReadonlyMap<string, number>, list: List, added: List): number | undefined {
  const at = places.get(id);
  if (at === undefined) return undefined;
  return (at < list.length ? list[at] : added[at - list.length])?.id === id ? at : undefined;
}

const unknownMessage = (id: string): AgentError =>
  new AgentError(
    "UNKNOWN_MESSAGE",
    `A RemoveMessage names the id "${id}", which no message of the list has. Nothing was changed. Take the id from the state's messages.`,
  );

/** As `addMessages`: the name that LangGraph's state reducers go by. */
export const messagesStateReducer: typeof addMessages = addMessages;
