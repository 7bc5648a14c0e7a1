import type { WriteKind } from "./crash-script.js";
import type { CrashJob, Mark } from "./job.js";

/** What processes began, and what was acknowledged to them. */
export class Marks {
  readonly #acknowledged: ReadonlySet<string>;
  readonly #begun: ReadonlySet<string>;

  constructor({ acknowledged, begun }: Pick<CrashJob, "acknowledged" | "begun">) {
    this.#acknowledged = new Set(acknowledged.map(keyOf));
    this.#begun = new Set(begun.map(keyOf));
  }

  /** Must be there. */
  isAcknowledged(op: WriteKind, step: number): boolean {
    return this.#acknowledged.has(keyOf({ op, step }));
  }

  /** May be there. */
  isBegun(op: WriteKind, step: number): boolean {
    return this.#begun.has(keyOf({ op, step }));
  }
}

const keyOf = ({ op, step }: Pick<Mark, "op" | "step">): string => `${op} ${step}`;
