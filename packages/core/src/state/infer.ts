import type { Overwrite } from "../control/overwrite.js";
import type { AnnotationRoot, StateDefinition, StateOf, UpdateOf } from "./annotation.js";
import type { SchemaInput, SchemaOutput, StandardSchema } from "./standard-schema.js";
import type { FieldsState, FieldsUpdate, StateSchema } from "./state-schema.js";
import type { ReducedSchema } from "./with-langgraph.js";

/** The state that a node reads, of any form in which a state is declared. */
export type InferState<Input> =
  Input extends AnnotationRoot<infer Definition>
    ? StateOf<Definition>
    : Input extends StateSchema<infer Fields>
      ? FieldsState<Fields>
      : Input extends StandardSchema
        ? SchemaOutput<Input>
        : Input extends StateDefinition
          ? StateOf<Input>
          : never;

/** Keys that `withLangGraph` gave a reducer are written by its updates. */
type SchemaUpdate<Input extends StandardSchema> = Input extends { readonly shape: infer Shape }
  ? {
      [Key in keyof SchemaInput<Input>]?: Key extends keyof Shape
        ? Shape[Key] extends ReducedSchema<infer Update>
          ? Update | (Shape[Key] extends StandardSchema ? Overwrite<SchemaOutput<Shape[Key]>> : never)
          : SchemaInput<Input>[Key]
        : SchemaInput<Input>[Key];
    }
  : Partial<SchemaInput<Input>>;

/** The update that a node returns, of any form in which a state is declared. */
export type InferUpdate<Input> =
  Input extends AnnotationRoot<infer Definition>
    ? UpdateOf<Definition>
    : Input extends StateSchema<infer Fields>
      ? FieldsUpdate<Fields>
      : Input extends StandardSchema
        ? SchemaUpdate<Input>
        : Input extends StateDefinition
          ? UpdateOf<Input>
          : never;
