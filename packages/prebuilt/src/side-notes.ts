/** Hands on the object that it is made with, so that a class which extends it puts its private fields on that. */
class Returning {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is the whole point
    return object;
  }
}

/** What is known beside objects of one sort, without changing anything that others can see of them. */
export interface SideNotes<Key extends object, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
}

/**
 * Makes notes on objects that live as long as the objects, as a WeakMap's entries do, frozen objects included. A note stands in a private field of
 * the object itself: what a WeakMap holds survives every quick collection of the engine, with all that hangs on it, which made tool calls of an
 * agent a tenth slower.
 */
export function sideNotes<Key extends object, Value>(): SideNotes<Key, Value> {
  class Note extends Returning {
    #value: Value;

    constructor(key: Key, value: Value) {
      super(key);
      this.#value = value;
    }

    static get(key: Key): Value | undefined {
      return #value in key ? (key as unknown as Note).#value : undefined;
    }

    static set(key: Key, value: Value): void {
      if (#value in key) (key as unknown as Note).#value = value;
      else new Note(key, value);
    }
  }
  return Note;
}
