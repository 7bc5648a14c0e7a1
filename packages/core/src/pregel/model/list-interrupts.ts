import type { Interrupt } from "./interrupt-types.js";

/** Interrupts as an error names them. Ids and places only: what was asked may be private. */
export const listInterrupts = (interrupts: readonly Interrupt[]): string =>
  interrupts.length === 0 ? "none" : interrupts.map(({ id, ns }) => `${id} (${ns.at(-1)?.split(":")[0] ?? "?"})`).join(", ");
