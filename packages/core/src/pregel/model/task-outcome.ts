import type { Command } from "../../control/command.js";
import type { Write } from "./graph-state.js";
import type { Interrupt } from "./interrupt-types.js";

/** What the writes of one node make of the state's values. */
export type OwnChanges = ReadonlyMap<string, unknown>;

/** How one task ended. */
export type TaskOutcome =
  | {
      readonly kind: "finished";
      readonly writes: readonly Write[];
      /** What these writes alone do to the values, where a conditional edge had to know. */
      readonly changes?: OwnChanges | undefined;
    }
  | { readonly kind: "interrupted"; readonly interrupts: readonly Interrupt[] }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "parent-command"; readonly command: Command };
