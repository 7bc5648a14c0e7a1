/** Thrown by the collections that `deepFreeze` has frozen. */
export const FROZEN_COLLECTION = "Cannot change a frozen collection";

// What V8 says; it names the property that could not be changed, and not the object. "Sealed" is what some versions say of shift and splice.
const CHANGED = /^Cannot (?:assign to read only property|delete property|redefine property:?) '?(.+?)'?(?: of (?:object )?'?(.+?)'?)?$/;
const ADDED = /^Cannot (?:add|define) property (.+), object is not extensible$/;
const OTHER = /^(?:Cannot add\/remove sealed array elements|#<Object> is not extensible)$/;

/** Tells whether an error is what JavaScript throws for a change of something frozen. */
export function isMutationError(error: unknown): error is TypeError {
  try {
    if (!(error instanceof TypeError)) return false;
    const { message } = error;
    return CHANGED.test(message) || ADDED.test(message) || OTHER.test(message) || message === FROZEN_COLLECTION;
  } catch {
    // Anything may be thrown, also what cannot be looked at.
    return false;
  }
}

/** Finds the state key whose value was to be changed; undefined where it could be several. */
export function mutatedKey(state: unknown, { message }: TypeError): string | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  const keys = Object.keys(state);
  const [, changed] = CHANGED.exec(message) ?? [];
  const isOfState = changed !== undefined && !message.includes("[object Array]") && keys.includes(changed);
  const couldBe = containersOf(message);
  const found = keys.filter(
    (key) => (isOfState && key === changed) || contains((state as Record<string, unknown>)[key], couldBe, new Set()),
  );
  return found.length === 1 ? found[0] : undefined;
}

type CouldBe = (container: object) => boolean;

/** Which containers a message could be about. */
function containersOf(message: string): CouldBe {
  const [, changed, holder] = CHANGED.exec(message) ?? [];
  if (changed !== undefined) {
    const isList = holder === "[object Array]";
    return (container) => Object.hasOwn(container, changed) && (holder === undefined || Array.isArray(container) === isList);
  }
  const [, added] = ADDED.exec(message) ?? [];
  // What is pushed to a list gets its length as the name.
  if (added !== undefined) return (container) => Array.isArray(container) && String(container.length) === added;
  if (message === FROZEN_COLLECTION) return (container) => container instanceof Map || container instanceof Set;
  return () => true;
}

function contains(value: unknown, couldBe: CouldBe, seen: Set<object>): boolean {
  if (typeof value !== "object" || value === null || seen.has(value) || !Object.isFrozen(value)) return false;
  seen.add(value);
  if (couldBe(value)) return true;
  const parts = value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);
  return parts.some((part) => contains(part, couldBe, seen));
}
