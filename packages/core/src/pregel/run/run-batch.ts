import { GraphError } from "../../errors.js";
import { ANYTHING, BOOLEAN, type Kind, kindOf, readOptions } from "../../read-options.js";
import type { GraphConfig } from "../model/graph-config.js";
import { checkLimit } from "./check-config.js";

/** How `batch` goes about its inputs. */
export interface BatchOptions<Returned extends boolean = boolean> {
  /** Runs under way at the same time; the call's `maxConcurrency` comes first. Default: all. */
  readonly maxConcurrency?: number | undefined;
  /** Gives an error in its input's place, instead of rejecting with it. */
  readonly returnExceptions?: Returned;
}

const BATCH = { maxConcurrency: ANYTHING, returnExceptions: BOOLEAN } as const satisfies Record<keyof BatchOptions, Kind>;

/**
 * Runs each input, so many at a time. After a failure no further one begins.
 * @throws what the first run that failed did, once those under way have ended; GraphError INVALID_CONFIG
 */
export async function runBatch<Result>(
  inputs: readonly unknown[],
  options: GraphConfig | readonly GraphConfig[] | null | undefined,
  batchOptions: BatchOptions | null | undefined,
  run: (index: number, config: GraphConfig) => Promise<Result>,
): Promise<(Result | Error)[]> {
  const { maxConcurrency, returnExceptions = false } = readOptions("batch()", batchOptions, BATCH);
  if (!Array.isArray(inputs)) throw new GraphError("INVALID_INPUT", `batch() takes a list of inputs, not ${kindOf(inputs)}.`);
  const configs = configsFor(inputs.length, options);
  if (inputs.length === 0) return [];
  const limit = configs[0]?.maxConcurrency ?? maxConcurrency ?? inputs.length;
  checkLimit("maxConcurrency", limit);
  const results: (Result | Error)[] = [];
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  const work = async () => {
    while (next < inputs.length && failure === undefined) {
      const index = next++;
      try {
        results[index] = await run(index, configs[index] as GraphConfig);
      } catch (error) {
        if (returnExceptions) results[index] = error as Error;
        else failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, work));
  if (failure !== undefined) throw failure.error;
  return results;
}

/** One config for each input. An id of a run given for all of them is the first one's: ids are unique. */
function configsFor(count: number, given: GraphConfig | readonly GraphConfig[] | null | undefined): readonly GraphConfig[] {
  const options = given ?? {};
  if (!Array.isArray(options)) {
    const { runId: _runId, ...rest } = options as GraphConfig;
    return Array.from({ length: count }, (_, index) => (index === 0 ? (options as GraphConfig) : rest));
  }
  if (options.length === count) return options;
  throw new GraphError(
    "INVALID_CONFIG",
    `batch() got ${options.length} configs for ${count} inputs. Pass one for each input, or one that is for all of them.`,
  );
}
