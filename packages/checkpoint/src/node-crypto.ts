let crypto: typeof import("node:crypto") | undefined;

/** Loads Node's `crypto` when it is first needed: it takes longer than all else that an import of this package does but for compiling it (decision 0033). */
export function nodeCrypto(): typeof import("node:crypto") {
  crypto ??= process.getBuiltinModule("node:crypto");
  return crypto;
}
