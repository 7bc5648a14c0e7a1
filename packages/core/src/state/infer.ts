import type { AnnotationRoot, StateDefinition, StateOf, UpdateOf } from "./annotation.js";
import type { SchemaInput, SchemaOutput, StandardSchema } from "./standard-schema.js";
import type { FieldsState, FieldsUpdate, StateSchema } from "./state-schema.js";

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

/** The update that a node returns, of any form in which a state is declared. */
export type InferUpdate<Input> =
  Input extends AnnotationRoot<infer Definition>
    ? UpdateOf<Definition>
    : Input extends StateSchema<infer Fields>
      ? FieldsUpdate<Fields>
      : Input extends StandardSchema
        ? Partial<SchemaInput<Input>>
        : Input extends StateDefinition
          ? UpdateOf<Input>
          : never;
