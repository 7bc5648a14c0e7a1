import type { BaseMessage } from "@langchain/core/messages";
import { sideNotes } from "../side-notes.js";

type List = readonly BaseMessage[];

/**
 * A list of which it is known that every item is a message with an id, and what goes with it: where each id stands, and what the last update made
 * of it. The places are worked out once and then handed on to the list that grows out of this one, so that a conversation of any length is
 * hashed once. A list that grows in two ways works them out a second time.
 */
export class KnownList {
  static readonly #notes = sideNotes<List, KnownList>();

  readonly messages: List;
  #places: Map<string, number> | undefined;
  #update: unknown;
  #result: BaseMessage[] | undefined;

  private constructor(messages: List, places?: Map<string, number>) {
    this.messages = messages;
    this.#places = places;
    KnownList.#notes.set(messages, this);
  }

  static find(list: readonly unknown[]): KnownList | undefined {
    return KnownList.#notes.get(list as List);
  }

  /** @param places where each id stands, of whoever has worked it out */
  static of(messages: List, places?: Map<string, number>): KnownList {
    return KnownList.#notes.get(messages) ?? new KnownList(messages, places);
  }

  /** Gives the places to whoever changes them, and hands them on to the list that they describe then. Taken, not shared. */
  takePlaces(): Map<string, number> {
    const places = this.#places ?? new Map(this.messages.map(({ id }, at) => [id as string, at]));
    this.#places = undefined;
    return places;
  }

  /** What this update made of the list, if it was the last one: a node's edges and the step itself must see the same ids. */
  resultOf(update: unknown): BaseMessage[] | undefined {
    return this.#update === update ? this.#result : undefined;
  }

  remember(update: unknown, result: BaseMessage[]): void {
    this.#update = update;
    this.#result = result;
  }
}
