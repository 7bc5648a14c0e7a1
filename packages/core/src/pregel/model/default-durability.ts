import type { Durability } from "./graph-config.js";

/** The durability mode of a run whose config names none. In a file of its own, so that the tests can run with another one (CONTRIBUTING.md). */
export const DEFAULT_DURABILITY: Durability = "sync";
