import { LastValue } from "../channels/last-value.js";
import { GraphError } from "../errors.js";
import { Annotation, type AnnotationOptions, AnnotationRoot } from "../state/annotation.js";
import { isStandardSchema, type StandardSchema } from "../state/standard-schema.js";
import { isChannel, isState } from "../state/state-schema.js";
import type { StateGraphOptions } from "./options.js";

/** What `new StateGraph(…)` was given, whatever the form. */
export interface GivenForms {
  readonly state: unknown;
  readonly options: StateGraphOptions;
}

/**
 * Reads the forms in which LangGraph takes a graph's schemas: `(state)`, `(state, { input, output, context })`, `(state, context)`,
 * `({ state, input, output, context })` with `stateSchema` for `state`, and `({ channels: { key: null | { reducer, default } } })`.
 * @throws GraphError INVALID_GRAPH: what would be left unread is refused; what a context is checked by, above all, must not go unseen
 */
export function readForms(state: unknown, options: unknown): GivenForms {
  const { state: read, options: said } = readAll(state, readOptions(options));
  // Annotations say how a context is typed, and check nothing.
  const context = (said.context as unknown) instanceof AnnotationRoot ? undefined : said.context;
  return { state: read, options: { ...said, context } };
}

function readAll(state: unknown, own: StateGraphOptions): GivenForms {
  const whole = typeof state === "object" && state !== null && !isState(state) ? (state as Record<string, unknown>) : {};
  const named = isState(whole.state) ? whole.state : isState(whole.stateSchema) ? whole.stateSchema : undefined;
  if (named !== undefined) {
    const { state: _state, stateSchema: _older, ...more } = whole;
    return { state: named, options: { ...more, ...own } };
  }
  if (isRecord(whole.channels)) return { state: readChannels(whole.channels), options: own };
  return { state, options: own };
}

function readOptions(options: unknown): StateGraphOptions {
  if (options === undefined || options === null) return {};
  if (isStandardSchema(options) || options instanceof AnnotationRoot) return { context: options as StandardSchema };
  if (isState(options))
    throw new GraphError(
      "INVALID_GRAPH",
      "A StateSchema checks a state, not a context. Pass a Standard Schema: new StateGraph(state, { context: z.object({ … }) }).",
    );
  return options;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isChannel(value) && !isStandardSchema(value);

/** LangGraph's oldest form: null keeps the last value, options fold. */
const readChannels = (channels: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(channels).map(([key, one]) => [key, readChannel(key, one)]));

function readChannel(key: string, one: unknown): unknown {
  if (one === null) return new LastValue();
  if (isChannel(one) || isStandardSchema(one) || typeof one === "function") return one;
  const { reducer, value, default: initial } = (one ?? {}) as AnnotationOptions<unknown, unknown>;
  if (reducer !== undefined || value !== undefined || initial !== undefined) return Annotation(one as AnnotationOptions<unknown, unknown>);
  throw new GraphError("INVALID_GRAPH", `channels.${key} must be null, { reducer, default }, or an Annotation.`);
}
