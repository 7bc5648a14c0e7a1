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

/** Values that plain JavaScript, or a parsed request, may bring where something else belongs. Each call makes them anew. */
export function oddArguments(): readonly (readonly [name: string, value: unknown])[] {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  return [
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["a text", "text"],
    ["0", 0],
    ["-1", -1],
    ["1.5", 1.5],
    ["NaN", Number.NaN],
    ["true", true],
    ["false", false],
    ["a bigint", 7n],
    ["a symbol", Symbol("odd")],
    ["a function", () => "odd"],
    ["an empty list", []],
    ["a list of null", [null]],
    ["a list of lists", [[]]],
    ["a list of a number", [7]],
    ["an empty object", {}],
    ["an object without a prototype", Object.create(null)],
    ["a frozen object", Object.freeze({ odd: true })],
    ["a cyclic object", cyclic],
    ["an object of nulls", { configurable: null, options: null, metadata: null, id: null, name: null }],
    ["an object with a name of every object", { constructor: null, toString: null, hasOwnProperty: null }],
    ["a Map", new Map([["thread_id", "1"]])],
    ["a broken date", new Date(Number.NaN)],
    ["a promise", Promise.resolve({})],
    ["an error", new Error("odd")],
  ];
}

/**
 * Calls everything with every odd argument, and waits for what comes of it.
 * @returns the failures that are none of ours: an error with a code says what was wrong, a raw one comes from inside
 */
export async function rawFailures(calls: Readonly<Record<string, (odd: never) => unknown>>): Promise<string[]> {
  const failures: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    for (const [of, odd] of oddArguments()) {
      try {
        await settled((call as (odd: unknown) => unknown)(odd));
      } catch (error) {
        if (!isCoded(error))
          failures.push(`${name} of ${of}: ${error instanceof Error ? error.stack?.split("\n").slice(0, 3).join(" ") : typeof error}`);
      }
    }
  }
  return failures;
}

async function settled(given: unknown): Promise<void> {
  const value = await given;
  const iterator = (value as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator]?.();
  if (iterator === undefined) return;
  for (let read = 0; read < 10; read++) if ((await iterator.next()).done === true) return;
  await iterator.return?.();
}

// By class: the name of an error may be the one that another runtime has for it.
const isCoded = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Graph|Checkpoint|Agent|Approval|Cli)Error$/.test(error.constructor.name) &&
  typeof (error as { code?: unknown }).code === "string";
