import { FUNCTION, type Kind, OBJECT, readOptions } from "../read-options.js";
import { isStandardSchema, type StandardSchema } from "./standard-schema.js";

/** How a graph keeps a key that a schema declares. */
export interface SchemaMeta<Value = unknown, Update = Value> {
  /** `fn` folds an update into the value and must not change its arguments; `schema` checks updates of the key that come with an input. */
  readonly reducer?:
    | { readonly fn: (value: Value, update: Update) => Value; readonly schema?: StandardSchema<unknown, Update> }
    | undefined;
  /** Makes the value before the first write. Default: what the schema makes of nothing. */
  readonly default?: (() => Value) | undefined;
  /** Notes for LangGraph's own platform; not read here. */
  readonly jsonSchemaExtra?: Readonly<Record<string, unknown>> | undefined;
}

/** Marks a schema whose key is written by `Update`s. */
export interface ReducedSchema<out Update> {
  /** Types only; never set. */
  readonly lg_reducer_schema: StandardSchema<unknown, Update>;
}

const META = Symbol.for("holdpoint.schemaMeta");
const SCHEMA: Kind = ["a Standard Schema, such as z.string()", isStandardSchema];

/**
 * Says how a graph keeps a key of an object schema: `z.object({ notes: withLangGraph(z.array(z.string()), { reducer: { fn } }) })`. In a `StateSchema` a
 * `ReducedValue` does the same.
 * @returns the schema itself, noted; a schema that is made of it (`.optional()`) is another one, without the note
 * @throws GraphError INVALID_OPTIONS
 */
export function withLangGraph<Schema extends StandardSchema<unknown, Value>, Value, Update>(
  schema: Schema,
  meta: SchemaMeta<Value, Update> & { readonly reducer?: undefined },
): Schema;
export function withLangGraph<Schema extends StandardSchema<unknown, Value>, Value, Update>(
  schema: Schema,
  meta: SchemaMeta<Value, Update>,
): Schema & ReducedSchema<Update>;
export function withLangGraph(schema: StandardSchema, given: SchemaMeta): StandardSchema {
  const meta = readOptions("withLangGraph()", given, { reducer: OBJECT, default: FUNCTION, jsonSchemaExtra: OBJECT });
  if (meta.reducer !== undefined) readOptions("the reducer of withLangGraph()", meta.reducer, { fn: FUNCTION, schema: SCHEMA });
  Object.defineProperty(schema, META, { value: meta, configurable: true });
  return schema;
}

/** What `withLangGraph` noted of a schema. */
export const schemaMeta = (schema: StandardSchema): SchemaMeta | undefined => (schema as { [META]?: SchemaMeta })[META];
