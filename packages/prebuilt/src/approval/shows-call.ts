import { isDeepStrictEqual } from "node:util";

/** Tells whether what was shown, in either format, is this call of the tool: the answer to it counts for nothing else. */
export function showsCall(shown: unknown, tool: string, args: unknown): boolean {
  const action = Array.isArray(shown) ? (shown[0] as Shown)?.action_request : (shown as Shown)?.action_requests?.[0];
  return (action?.action ?? action?.name) === tool && isSameData(action?.args, args);
}

type Shown = { readonly action_request?: Action; readonly action_requests?: readonly Action[] } | null | undefined;
type Action = { readonly action?: unknown; readonly name?: unknown; readonly args?: unknown };

/** What was shown may have been saved as JSON, by a saver of others. */
function isSameData(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other) || isSameJson(one, other);
}

function isSameJson(one: unknown, other: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
  } catch {
    return false;
  }
}
