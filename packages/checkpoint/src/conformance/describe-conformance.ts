import { type ConformanceOptions, conformance } from "./conformance.js";

/** The part of vitest (or jest, mocha, `node:test`) that the kit uses. */
export interface TestApi {
  describe(name: string, body: () => void): unknown;
  it: ((name: string, run: () => Promise<void>) => unknown) & { skip(name: string, run: () => Promise<void>): unknown };
}

/**
 * Declares the conformance cases of a saver as tests.
 *
 * @example
 * import { describeConformance } from "@holdpoint/checkpoint/conformance";
 * import { describe, it } from "vitest";
 * describeConformance({ describe, it }, { name: "MySaver", create: () => new MySaver() });
 */
export function describeConformance({ describe, it }: TestApi, options: ConformanceOptions): void {
  describe(`${options.name}: conformance`, () => {
    for (const { name, skipped, run } of conformance(options)) {
      if (skipped === undefined) it(name, run);
      else it.skip(`${name} (${skipped})`, run);
    }
  });
}
