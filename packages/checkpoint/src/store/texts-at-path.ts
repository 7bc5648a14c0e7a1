import { CheckpointError } from "../checkpoint-error.js";
import { createSerializer } from "../serde/create-serializer.js";

/** A field, a place in a list (from its end if negative), or every place. */
type Step = string | number | typeof EVERY;

const EVERY = Symbol("every");
const WHOLE = "$";
const PATH = /^[^.[\]]+(\[(\*|-?\d+)\])*(\.[^.[\]]+(\[(\*|-?\d+)\])*)*$/;
const STEP = /([^.[\]]+)|\[(\*|-?\d+)\]/g;

/**
 * Reads a path such as "$", "title", "chapters[*].text" or "tags[-1]".
 * @returns what finds the texts at it: strings, numbers and booleans as they are written, lists and objects as JSON
 * @throws CheckpointError INVALID_ARGUMENT if it is none
 */
export function textsAtPath(path: string): (value: object) => string[] {
  const { dumps } = createSerializer();
  if (path === WHOLE) return (value) => [dumps(value)];
  if (!PATH.test(path)) {
    throw new CheckpointError(
      "INVALID_ARGUMENT",
      `A path of an index is none. It looks like "$", "title", "chapters[*].text" or "tags[-1]".`,
    );
  }
  const steps = [...path.matchAll(STEP)].map(([, field, place]): Step => field ?? (place === "*" ? EVERY : Number(place)));
  const textOf = (value: unknown): string[] => {
    if (value === undefined || value === null) return [];
    return [typeof value === "object" ? dumps(value) : String(value)];
  };
  return (value) => steps.reduce<unknown[]>((found, step) => found.flatMap((one) => take(one, step)), [value]).flatMap(textOf);
}

function take(value: unknown, step: Step): unknown[] {
  if (step === EVERY) return Array.isArray(value) ? value : [];
  if (typeof step === "number") return Array.isArray(value) ? [value.at(step)] : [];
  return typeof value === "object" && value !== null && Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}
