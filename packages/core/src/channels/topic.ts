import { BOOLEAN, readOptions } from "../read-options.js";
import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Collects the values of one step as a list (or of all steps, with `accumulate`); a written list is taken item by item. */
export class Topic<Value> implements Channel<Value[], Value | Value[]> {
  readonly kind = "topic";
  readonly ephemeral: boolean;

  /** @throws GraphError INVALID_OPTIONS */
  constructor(options?: { accumulate?: boolean }) {
    this.ephemeral = readOptions("new Topic()", options, { accumulate: BOOLEAN }).accumulate !== true;
  }

  initial(): Empty {
    return EMPTY;
  }

  update(current: Value[] | Empty, updates: readonly (Value | Value[])[]): Value[] {
    const kept = this.ephemeral || current === EMPTY ? [] : current;
    return kept.concat(...(updates as (Value | Value[])[]));
  }
}
