import type { BaseMessage } from "@langchain/core/messages";

type List = readonly BaseMessage[];

/**
 * Finds messages by id. An index is built once for a list and then handed on to the list that grows out of it, so that a conversation
 * of any length is hashed once. A list that grows in two ways builds a second index.
 */
export class MessageIndex {
  static readonly #byList = new WeakMap<List, MessageIndex>();

  readonly #list: List;
  #places: Map<string, number> | undefined;

  private constructor(list: List) {
    this.#list = list;
  }

  static of(list: List): MessageIndex {
    const kept = MessageIndex.#byList.get(list);
    // Taken, not shared: whoever adds to it moves it to the new list.
    MessageIndex.#byList.delete(list);
    return kept ?? new MessageIndex(list);
  }

  /** Place of the message with this id in the list and what was added to it. */
  find(id: string, list: List, added: List): number | undefined {
    const at = this.#built().get(id);
    if (at === undefined) return undefined;
    return (at < list.length ? list[at] : added[at - list.length])?.id === id ? at : undefined;
  }

  add(id: string, at: number): void {
    this.#built().set(id, at);
  }

  /** Hands the index on to the list that it now describes. */
  moveTo(list: List): void {
    const moved = new MessageIndex(list);
    moved.#places = this.#places;
    MessageIndex.#byList.set(list, moved);
  }

  #built(): Map<string, number> {
    this.#places ??= new Map(this.#list.map(({ id }, at) => [id as string, at]));
    return this.#places;
  }
}
