import { type ConcurrencyConformanceOptions, concurrencyConformance } from "./concurrency-conformance.js";
import { type ConformanceOptions, conformance, type RunnableCase } from "./conformance.js";
import { type CrashConformanceOptions, crashConformance } from "./crash-conformance.js";

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
export function describeConformance(api: TestApi, options: ConformanceOptions): void {
  describeCases(api, `${options.name}: conformance`, conformance(options));
}

/**
 * Declares the cases of {@link crashConformance} as tests. Each starts dozens of processes and takes seconds: give them a minute.
 *
 * @example
 * import { describeCrashConformance } from "@holdpoint/checkpoint/conformance";
 * import { describe, it } from "vitest";
 * const open = { module: new URL("../dist/index.js", import.meta.url), export: "MySaver.open" };
 * describeCrashConformance({ describe, it }, { name: "MySaver", open, create: () => ["/tmp/empty.db"] });
 */
export function describeCrashConformance(api: TestApi, options: CrashConformanceOptions): void {
  describeCases(api, `${options.name}: crashes`, crashConformance(options));
}

/**
 * Declares the cases of {@link concurrencyConformance} as tests. Each starts several processes and takes seconds: give them a minute.
 *
 * @example
 * import { describeConcurrencyConformance } from "@holdpoint/checkpoint/conformance";
 * import { describe, it } from "vitest";
 * const open = { module: new URL("../dist/index.js", import.meta.url), export: "MySaver.open" };
 * describeConcurrencyConformance({ describe, it }, { name: "MySaver", open, create: () => ["/tmp/empty.db"] });
 */
export function describeConcurrencyConformance(api: TestApi, options: ConcurrencyConformanceOptions): void {
  describeCases(api, `${options.name}: several processes`, concurrencyConformance(options));
}

function describeCases({ describe, it }: TestApi, title: string, cases: readonly RunnableCase[]): void {
  describe(title, () => {
    for (const { name, skipped, run } of cases) {
      if (skipped === undefined) it(name, run);
      else it.skip(`${name} (${skipped})`, run);
    }
  });
}
