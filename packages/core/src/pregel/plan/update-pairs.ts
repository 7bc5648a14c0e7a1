import { GraphError } from "../../errors.js";
import { kindOf } from "../../read-options.js";

/**
 * The update of a command as pairs of key and value, whichever of its forms it has; none where there is no update.
 * @throws GraphError INVALID_UPDATE
 */
export function updatePairs(update: unknown): readonly (readonly [key: string, value: unknown])[] {
  if (update === undefined || update === null) return [];
  if (Array.isArray(update)) return readPairs(update);
  if (typeof update === "object") return Object.entries(update);
  throw invalidUpdate(`it is ${kindOf(update)}`);
}

function readPairs(update: readonly unknown[]): readonly (readonly [string, unknown])[] {
  const wrong = update.findIndex((pair) => !Array.isArray(pair) || typeof pair[0] !== "string");
  if (wrong === -1) return update as readonly (readonly [string, unknown])[];
  throw invalidUpdate(`its list holds ${kindOf(update[wrong])} at ${wrong}`);
}

const invalidUpdate = (fact: string): GraphError =>
  new GraphError("INVALID_UPDATE", `The update of a Command must be an object with state keys, or a list of [key, value], but ${fact}.`);
