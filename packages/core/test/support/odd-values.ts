/** Values that nobody expects to be thrown, and that throw or loop when they are looked at. Each call makes them anew. */
export function oddValues(): readonly (readonly [name: string, value: unknown])[] {
  const cyclic: Record<string, unknown> = { text: "round" };
  cyclic.self = cyclic;
  const cyclicError = new Error("round", { cause: cyclic });
  (cyclicError as Error & { self?: unknown }).self = cyclicError;
  const fail = () => {
    throw new Error("a trap was touched");
  };
  const traps = new Proxy(Object.create(null), { get: (_, name) => (name === "get" ? undefined : fail) });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  return [
    ["undefined", undefined],
    ["null", null],
    ["a text", "just a text"],
    ["an empty text", ""],
    ["a symbol", Symbol("odd")],
    ["a bigint", 12n],
    ["NaN", Number.NaN],
    ["a function", () => "thrown"],
    ["an object without a prototype", Object.assign(Object.create(null), { code: 7 })],
    ["a cyclic object", cyclic],
    ["a proxy whose every trap throws", new Proxy({}, traps)],
    ["a proxy of an error whose every property throws", new Proxy(new Error("hidden"), { get: fail })],
    ["a revoked proxy", revoked.proxy],
    ["an object that claims to be all there is", new Proxy({}, { has: () => true, get: () => undefined })],
    ["an error whose message throws", Object.defineProperty(new Error("hidden"), "message", { get: fail })],
    ["an error whose name throws", Object.defineProperty(new Error("named"), "name", { get: fail })],
    ["an error whose message is a symbol", Object.assign(new Error("x"), { message: Symbol("m") })],
    ["an error whose message is an object", Object.assign(new Error("x"), { message: { toString: fail } })],
    ["a frozen error", Object.freeze(new Error("frozen"))],
    ["an error with a cyclic cause", cyclicError],
    ["an error with a long message", new Error("long ".repeat(2_000_000))],
    ["an error with half a character", new Error("\ud83d")],
    ["an object whose toString throws", { toString: fail, toJSON: fail }],
    // biome-ignore lint/suspicious/noThenProperty: it is thrown, and must not be waited for
    ["a thenable", { then: fail }],
  ];
}
