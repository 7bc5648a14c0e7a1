import type { GraphConfig } from "../model/graph-config.js";

/** Signals that stop a run besides the `signal` of its config. Not joined by `AbortSignal.any`, which leaves something behind in them: see `follow`. */
const FURTHER_SIGNALS = Symbol("furtherSignals");

/** All signals that a config names. */
export function signalsOf(config: GraphConfig | undefined): readonly AbortSignal[] {
  const { signal, [FURTHER_SIGNALS]: further = [] } = (config ?? {}) as WithSignals;
  return signal === undefined || signal === null ? further : [signal, ...further];
}

interface WithSignals extends GraphConfig {
  readonly [FURTHER_SIGNALS]?: readonly AbortSignal[];
}

/**
 * Puts a config under the one of a call, as LangChain's `mergeConfigs` does: what the call says counts, key by key in `configurable` and `metadata`;
 * tags and callbacks of both count; either signal, and the shorter timeout, stops the run.
 */
export function mergeConfigs<Config extends GraphConfig>(under: GraphConfig, given: Config | undefined): Config {
  if (given === undefined) return under as Config;
  const merged: Record<PropertyKey, unknown> = { ...under };
  // With symbols: a runtime that is handed on says by one where it comes from.
  for (const key of Reflect.ownKeys(given)) {
    const value = (given as Record<PropertyKey, unknown>)[key];
    if (value !== undefined && value !== null)
      merged[key] = (merged[key] ?? undefined) === undefined ? value : mergeValue(key, merged[key], value);
  }
  const further = [...signalsOf(under), ...signalsOf(given).slice(1)].filter((signal) => signal !== merged.signal);
  if (further.length > 0) merged[FURTHER_SIGNALS] = [...new Set(further)];
  return merged as Config;
}

/** What remains of a config for a graph that runs within a task: what the graph around says comes before it, and so does the thread that it runs in. */
export function underTask(own: GraphConfig, around: GraphConfig): GraphConfig {
  const { thread_id: _thread, checkpoint_id: _id, checkpoint_ns: _ns, ...configurable } = own.configurable ?? {};
  const { tags, metadata, context, recursionLimit, maxConcurrency, durability } = around;
  const said = { configurable: around.configurable, tags, metadata, context, recursionLimit, maxConcurrency, durability };
  return mergeConfigs({ ...own, configurable }, said as GraphConfig);
}

function mergeValue(key: PropertyKey, under: unknown, given: unknown): unknown {
  if (key === "configurable" || key === "metadata") return { ...(under as object), ...(given as object) };
  if (key === "tags") return [...new Set([...(under as readonly string[]), ...(given as readonly string[])])];
  if (key === "callbacks") return mergeCallbacks(under, given);
  if (key === "timeout") return Math.min(under as number, given as number);
  return given;
}

/** A manager of callbacks, as LangChain makes one within a run. */
interface Manager {
  readonly handlers: readonly unknown[];
  copy(): Manager;
  addHandler(handler: unknown, inherit?: boolean): void;
}

function mergeCallbacks(under: unknown, given: unknown): unknown {
  if (isManager(given)) return withHandlers(given, handlersOf(under));
  return isManager(under) ? withHandlers(under, handlersOf(given)) : [...handlersOf(under), ...handlersOf(given)];
}

function withHandlers(manager: Manager, handlers: readonly unknown[]): Manager {
  const copy = manager.copy();
  for (const handler of handlers) copy.addHandler(handler, true);
  return copy;
}

const isManager = (callbacks: unknown): callbacks is Manager =>
  typeof (callbacks as Partial<Manager> | null)?.addHandler === "function" && typeof (callbacks as Partial<Manager>).copy === "function";

const handlersOf = (callbacks: unknown): readonly unknown[] =>
  Array.isArray(callbacks) ? callbacks : ((callbacks as Partial<Manager> | null)?.handlers ?? []);
