const GENERATORS = new Set(["GeneratorFunction", "AsyncGeneratorFunction"]);

/** Tells a function whose call gives no result, but an iterator that nothing would read. */
export const isGenerator = (run: object): boolean => GENERATORS.has((run as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "");
