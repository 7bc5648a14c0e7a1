import { type Channel, EMPTY, type Empty } from "./channel.js";

/** Gathers the names of finished nodes for a fan-in edge; the runtime runs the node behind it once all are there. */
export class Barrier implements Channel<string[], string> {
  readonly kind = "barrier";
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }

  initial(): Empty {
    return EMPTY;
  }

  update(current: string[] | Empty, updates: readonly string[]): string[] {
    const seen = new Set(current === EMPTY ? [] : current);
    for (const name of updates) seen.add(name);
    return [...seen].sort();
  }

  isComplete(current: unknown): boolean {
    return Array.isArray(current) && current.length === this.names.length;
  }
}
