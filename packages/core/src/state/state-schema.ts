import type { Channel } from "../channels/channel.js";
import { LastValue } from "../channels/last-value.js";
import { Reducer } from "../channels/reducer.js";
import type { Overwrite } from "../control/overwrite.js";
import { GraphError } from "../errors.js";
import { FUNCTION, type Kind, kindOf, readOptions } from "../read-options.js";
import { Annotation, AnnotationRoot, type StateChannel, type StateDefinition } from "./annotation.js";
import { isStandardSchema, type SchemaInput, type SchemaOutput, type StandardSchema } from "./standard-schema.js";
import { type ReducedSchema, schemaMeta } from "./with-langgraph.js";

const SCHEMA: Kind = ["a Standard Schema, such as z.array(z.string())", isStandardSchema];

/** What a graph keeps and checks: its channels, and the schemas that validate its input. */
export interface StateShape {
  readonly channels: Readonly<Record<string, Channel>>;
  /** What an update must fit, by key; only keys that have one. */
  readonly schemas: Readonly<Record<string, StandardSchema>>;
  /** What the whole value must fit that takes the place of another, by key. */
  readonly valueSchemas: Readonly<Record<string, StandardSchema>>;
}

/**
 * Declares a state key of a Standard Schema with a reducer: nodes write `Update`s, the key holds `Value`s.
 * @example
 * ```ts
 * import { ReducedValue, StateSchema } from "@holdpoint/core";
 * import { z } from "zod";
 * const State = new StateSchema({
 *   topic: z.string(),
 *   notes: new ReducedValue(z.array(z.string()).default([]), { reducer: (all: string[], more: string[]) => all.concat(more) }),
 * });
 * ```
 */
export class ReducedValue<Value = unknown, Update = Value> {
  readonly schema: StandardSchema<unknown, Value>;
  readonly inputSchema: StandardSchema<unknown, Update> | undefined;
  readonly reducer: (value: Value, update: Update) => Value;

  constructor(
    schema: StandardSchema<unknown, Value>,
    given: { reducer: (value: Value, update: Update) => Value; inputSchema?: StandardSchema<unknown, Update> },
  ) {
    const options = readOptions("new ReducedValue()", given, { reducer: FUNCTION, inputSchema: SCHEMA });
    if (!isStandardSchema(schema))
      throw new GraphError("INVALID_OPTIONS", `The schema of a ReducedValue must be ${SCHEMA[0]}, not ${kindOf(schema)}.`);
    this.schema = schema;
    this.inputSchema = options.inputSchema;
    this.reducer = options.reducer;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a bound for inference
export type StateFields = Record<string, StandardSchema | ReducedValue<any, any> | StateChannel<any, any>>;

export type FieldsState<Fields extends StateFields> = {
  [Key in keyof Fields]: Fields[Key] extends ReducedValue<infer Value, infer _Update>
    ? Value
    : Fields[Key] extends StandardSchema
      ? SchemaOutput<Fields[Key]>
      : Fields[Key] extends StateChannel<infer Value, infer _Update>
        ? Value
        : never;
};
export type FieldsUpdate<Fields extends StateFields> = {
  [Key in keyof Fields]?: Fields[Key] extends ReducedValue<infer _Value, infer Update>
    ? Update
    : Fields[Key] extends StandardSchema
      ? Fields[Key] extends ReducedSchema<infer Update>
        ? Update | Overwrite<SchemaOutput<Fields[Key]>>
        : SchemaInput<Fields[Key]>
      : Fields[Key] extends StateChannel<infer _Value, infer Update>
        ? Update
        : never;
};

/** The shape of a graph's state, key by key: Standard Schemas, `ReducedValue`s and channels, mixed as you like. */
export class StateSchema<Fields extends StateFields> {
  readonly fields: Fields;
  declare readonly State: FieldsState<Fields>;
  declare readonly Update: FieldsUpdate<Fields>;

  constructor(fields: Fields) {
    this.fields = fields;
  }
}

/** What a `StateGraph` takes as its state. */
// biome-ignore lint/suspicious/noExplicitAny: a bound for inference
export type StateInput = AnnotationRoot<any> | StateSchema<any> | StandardSchema<any, any> | StateDefinition;

/** Tells a whole state, or a schema of one, from an object that may hold anything. */
export const isState = (value: unknown): boolean =>
  value instanceof AnnotationRoot || value instanceof StateSchema || isStandardSchema(value);

export const isChannel = (value: unknown): value is Channel =>
  typeof value === "object" && value !== null && "kind" in value && "initial" in value && "update" in value;

/** Finds the schemas of an object schema's fields: `shape` in zod, `entries` in valibot. */
function fieldSchemas(schema: StandardSchema): Record<string, unknown> | undefined {
  const { shape, entries } = schema as { shape?: unknown; entries?: unknown };
  const fields = typeof shape === "function" ? shape() : (shape ?? entries);
  return typeof fields === "object" && fields !== null ? (fields as Record<string, unknown>) : undefined;
}

/** A field's default, where its schema turns "nothing" into a value. Asked anew each time, so that no thread shares it. */
function defaultOf(schema: StandardSchema): (() => unknown) | undefined {
  const ask = () => schema["~standard"].validate(undefined);
  const first = ask();
  if (first instanceof Promise) {
    first.catch(() => undefined);
    return undefined;
  }
  if (first.issues !== undefined || first.value === undefined) return undefined;
  return () => (ask() as { value: unknown }).value;
}

/**
 * Reads any accepted form of state into channels and schemas.
 * @throws GraphError INVALID_GRAPH where the form is none that is known
 */
export function readStateShape(input: unknown): StateShape {
  if (input instanceof AnnotationRoot) return { channels: input.spec as Record<string, Channel>, schemas: {}, valueSchemas: {} };
  const fields = input instanceof StateSchema ? input.fields : isStandardSchema(input) ? fieldSchemas(input) : input;
  if (typeof fields !== "object" || fields === null) {
    throw new GraphError(
      "INVALID_GRAPH",
      "The state is of no known form. Pass Annotation.Root({ … }), new StateSchema({ … }), or an object schema (z.object, v.object).",
    );
  }
  const channels: Record<string, Channel> = {};
  const schemas: Record<string, StandardSchema> = {};
  const valueSchemas: Record<string, StandardSchema> = {};
  for (const [key, field] of Object.entries(fields as Record<string, unknown>)) {
    if (field instanceof ReducedValue) {
      channels[key] = new Reducer(field.reducer, { default: defaultOf(field.schema) });
      schemas[key] = field.inputSchema ?? field.schema;
      valueSchemas[key] = field.schema;
    } else if (isStandardSchema(field)) {
      const { reducer, default: initial = defaultOf(field) } = schemaMeta(field) ?? {};
      channels[key] = reducer === undefined ? new LastValue({ default: initial }) : new Reducer(reducer.fn, { default: initial });
      schemas[key] = reducer?.schema ?? field;
      valueSchemas[key] = field;
    } else if (field === Annotation) {
      channels[key] = new LastValue();
    } else if (isChannel(field)) {
      channels[key] = field;
    } else {
      throw new GraphError("INVALID_GRAPH", `State key "${key}" is neither a Standard Schema, nor a ReducedValue, nor an Annotation.`);
    }
  }
  return { channels, schemas, valueSchemas };
}
