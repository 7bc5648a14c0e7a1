/** Hands on the object that it is made with, so that a class which extends it puts its private fields on that. */
class Returning {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is the whole point
    return object;
  }
}

/** False in engines that put no private field on a frozen object (a proposal: "non-extensible applies to private"). */
const takesFields = (() => {
  class Field extends Returning {
    readonly #field = true;
    static has = (object: object) => #field in object;
  }
  const frozen = Object.freeze({});
  try {
    new Field(frozen);
  } catch {
    return false;
  }
  return Field.has(frozen);
})();

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
  /** Notes on frozen objects, in engines that let nothing be put on those. */
  const apart = new WeakMap<Key, Value>();
  class Note extends Returning {
    #value: Value;

    constructor(key: Key, value: Value) {
      super(key);
      this.#value = value;
    }

    static get(key: Key): Value | undefined {
      return #value in key ? (key as unknown as Note).#value : apart.get(key);
    }

    static set(key: Key, value: Value): void {
      if (#value in key) (key as unknown as Note).#value = value;
      else if (takesFields || Object.isExtensible(key)) new Note(key, value);
      else apart.set(key, value);
    }
  }
  return Note;
}
