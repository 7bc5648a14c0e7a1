/**
 * Where a `Command`, a `Send` and an `Overwrite` name their class, here and in LangGraph: so they are known by those of another copy of this
 * package, and of LangGraph.
 */
export const CLASS_NAME = "lg_name";

/** Tells whether a value is an instance of another copy's class of this name. */
export const isOther = (value: unknown, name: string): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && (value as { [CLASS_NAME]?: unknown })[CLASS_NAME] === name && isInstance(value);

/**
 * Tells whether a value was made by a class. Data never was, whatever its keys are and whatever `__proto__` it brought: that is what keeps an input
 * from outside from becoming a `Command`.
 */
export function isInstance(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The second: the `Object.prototype` of another realm, as plain objects have there.
  if (typeof prototype !== "object" || prototype === null || Object.getPrototypeOf(prototype) === null) return false;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof maker === "function" && maker.prototype === prototype;
}
