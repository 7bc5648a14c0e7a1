import type { Decision } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import type { Interrupt } from "../model/interrupt-types.js";
import { listInterrupts } from "../model/list-interrupts.js";

/** The error for an answer that came second. `details.recorded` holds the decisions that stand. */
export function alreadyDecided(recorded: readonly Decision[], pending: readonly Interrupt[]): GraphError {
  return new GraphError(
    "ALREADY_DECIDED",
    `Already decided: ${recorded.map(({ interruptId, at }) => `${interruptId} at ${at}`).join(", ")}. This answer was not recorded and nothing ran. ` +
      `The recorded decision is in error.details.recorded; to go on after a crash, run invoke(null, config). Pending: ${listInterrupts(pending)}.`,
    { details: { recorded, pending } },
  );
}
