import { isPlainArray, type PlainObject } from "./plain.js";

/** Containers that a fold has made: those may be changed in place by the patches that follow. */
export class MadeContainers {
  readonly #made = new Set<object>();
  /** Those of them that may stand in two places: changed no more. */
  readonly #shared = new Set<object>();
  /** Those of them that others may stand in. */
  readonly #outer = new Set<object>();

  /** The object itself if it was made here, else a copy of it. */
  object(before: PlainObject): PlainObject {
    if (this.#isOwn(before)) return before;
    return this.replace(before, copyObject(before));
  }

  list(before: unknown[]): unknown[] {
    if (this.#isOwn(before)) return before;
    return this.replace(before, before.slice());
  }

  /** Notes a container that was made in the place of another. */
  replace<T extends object>(before: object, made: T): T {
    this.#made.add(made);
    if (this.#outer.has(before)) this.#outer.add(made);
    return made;
  }

  /** Notes that a container which was made here gets others inside. */
  noteInside(container: object): void {
    this.#outer.add(container);
  }

  /** What may stand in two places from now on must not be changed in place any more. */
  shared(value: unknown): unknown {
    if (typeof value === "object" && value !== null && this.#isOwn(value)) {
      this.#shared.add(value);
      for (const part of Object.values(value) as unknown[]) this.shared(part);
    }
    return value;
  }

  /** A copy of the containers that were made here, which shares all others. */
  copyOf(value: unknown): unknown {
    return this.#copyOf(value, new Map());
  }

  #isOwn(container: object): boolean {
    return this.#made.has(container) && (this.#shared.size === 0 || !this.#shared.has(container));
  }

  /** @param copies by what they are copies of: what stands in two places is copied once */
  #copyOf(value: unknown, copies: Map<object, object>): unknown {
    if (typeof value !== "object" || value === null || !this.#made.has(value)) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const copy = isPlainArray(value) ? value.slice() : copyObject(value as PlainObject);
    copies.set(value, copy);
    if (this.#outer.has(value)) this.#copyInside(copy as PlainObject, copies);
    return copy;
  }

  #copyInside(container: PlainObject, copies: Map<object, object>): void {
    for (const key of Object.keys(container)) {
      const part = container[key];
      const copy = this.#copyOf(part, copies);
      if (copy !== part) container[key] = copy;
    }
  }
}

/** Spread defines properties one by one, an own `__proto__` included. */
function copyObject(before: PlainObject): PlainObject {
  const copy: PlainObject = { ...before };
  if (Object.getPrototypeOf(before) === null) Object.setPrototypeOf(copy, null);
  return copy;
}
