// An error is saved as data: the built-in class it extends, its name, message, stack, cause and own enumerable properties.
// Its own class is not looked up when it is read: saved data constructs nothing but built-in errors.

const CLASSES: ReadonlyMap<string, new (message: string) => Error> = new Map<string, new (message: string) => Error>([
  ["Error", Error],
  ["TypeError", TypeError],
  ["RangeError", RangeError],
  ["SyntaxError", SyntaxError],
  ["ReferenceError", ReferenceError],
  ["EvalError", EvalError],
  ["URIError", URIError],
]);

interface SavedError {
  readonly class: string;
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
  /** Of an AggregateError. */
  readonly errors?: readonly unknown[];
  readonly props?: Record<string, unknown>;
}

export function encodeError(error: Error): SavedError {
  const className = builtInClass(error);
  const name = typeof error.name === "string" ? error.name : className;
  return {
    class: className,
    ...(name !== className && !Object.prototype.propertyIsEnumerable.call(error, "name") ? { name } : undefined),
    message: typeof error.message === "string" ? error.message : String(error.message),
    ...(typeof error.stack === "string" ? { stack: error.stack } : undefined),
    ...(Object.hasOwn(error, "cause") ? { cause: error.cause } : undefined),
    ...(error instanceof AggregateError ? { errors: [...error.errors] } : undefined),
    ...ownProperties(error),
  };
}

function builtInClass(error: Error): string {
  if (error instanceof AggregateError) return "AggregateError";
  for (
    let proto: unknown = Object.getPrototypeOf(error);
    typeof proto === "object" && proto !== null;
    proto = Object.getPrototypeOf(proto)
  ) {
    const name: unknown = (proto as { constructor?: { name?: unknown } }).constructor?.name;
    if (typeof name === "string" && CLASSES.has(name)) return name;
  }
  return "Error";
}

const STANDARD_KEYS = new Set(["message", "stack", "cause", "errors"]);

function ownProperties(error: Error): { props: Record<string, unknown> } | undefined {
  const keys = Object.keys(error).filter((key) => !STANDARD_KEYS.has(key));
  if (keys.length === 0) return undefined;
  return { props: Object.fromEntries(keys.map((key) => [key, (error as unknown as Record<string, unknown>)[key]])) };
}

export function decodeError(payload: unknown): Error | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const saved = payload as { readonly [Key in keyof SavedError]?: unknown };
  if (typeof saved.message !== "string" || typeof saved.class !== "string") return undefined;
  const error = construct(saved.class, saved.message, saved.errors);
  if (error === undefined) return undefined;
  define(error, "stack", typeof saved.stack === "string" ? saved.stack : undefined);
  if (typeof saved.name === "string") define(error, "name", saved.name);
  if (Object.hasOwn(saved, "cause")) define(error, "cause", saved.cause);
  if (typeof saved.props === "object" && saved.props !== null) {
    for (const [key, value] of Object.entries(saved.props)) define(error, key, value, true);
  }
  return error;
}

function construct(className: string, message: string, errors: unknown): Error | undefined {
  if (className === "AggregateError") return Array.isArray(errors) ? new AggregateError(errors, message) : undefined;
  const BuiltIn = CLASSES.get(className);
  return BuiltIn === undefined ? undefined : new BuiltIn(message);
}

function define(error: Error, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}
