/** What the runtime and LangChain hand to a tool beside its arguments, as far as the key goes. */
interface CallContext {
  readonly idempotencyKey?: unknown;
  readonly toolCall?: { readonly id?: unknown };
}

/**
 * The key under which a tool call's effect counts once, in any process and however often it is run again.
 * @throws Error where there is none: without one, a crash could book twice
 */
export function callKey(context: unknown): string {
  const { idempotencyKey, toolCall } = (context ?? {}) as CallContext;
  const key = idempotencyKey ?? toolCall?.id;
  if (typeof key !== "string" || key === "")
    throw new Error("The tool was called without an idempotency key. Call it through the agent, which gives each call its own.");
  return key;
}
