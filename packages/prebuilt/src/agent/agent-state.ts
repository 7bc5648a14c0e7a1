import {
  Annotation,
  AnnotationRoot,
  type Channel,
  EphemeralValue,
  type StandardSchema,
  type StateDefinition,
  StateSchema,
} from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import type { Messages } from "../messages/add-messages.js";
import { messagesChannel } from "../messages/messages-annotation.js";
import { closeNewCalls } from "./close-new-calls.js";
import { refuseInputs } from "./refusing-agent.js";

/** How an agent's state may be declared: as a StateGraph's, with a key `messages`. */
// biome-ignore lint/suspicious/noExplicitAny: a bound for inference
export type AgentSchema = AnnotationRoot<any> | StateSchema<any> | StandardSchema<any, any>;

type Shape = Record<string, unknown>;

/** State of an agent without a schema of its own. */
export interface DefaultState {
  messages: BaseMessage[];
}
export interface DefaultUpdate {
  messages?: Messages;
}

/** What nodes and results of an agent show. */
export type StateOfAgent<Schema, Response> = StateOfSchema<Schema> & { structuredResponse: Response };
export type UpdateOfAgent<Schema> = UpdateOfSchema<Schema> & { structuredResponse?: unknown };

type StateOfSchema<Schema> = Schema extends { readonly State: infer State }
  ? State
  : Schema extends StandardSchema
    ? Omit<NonNullable<Schema["~standard"]["types"]>["output"], "messages"> & DefaultState
    : DefaultState;
type UpdateOfSchema<Schema> = Schema extends { readonly Update: infer Update }
  ? Update
  : Schema extends StandardSchema
    ? Partial<Omit<NonNullable<Schema["~standard"]["types"]>["input"], "messages">> & DefaultUpdate
    : DefaultUpdate;

/** The state of the agent's graph, and that of the node which calls the model. */
export interface AgentStates {
  readonly graph: AnnotationRoot<StateDefinition> | StateSchema<never>;
  /** With `llmInputMessages`, which a preModelHook writes for one step. */
  readonly modelNode: AnnotationRoot<StateDefinition> | StateSchema<never>;
}

/**
 * Makes the agent's state of the schema given: its `messages` keep the transcript valid, whatever reducer adds to them.
 * @throws AgentError INVALID_STATE without a key `messages`
 */
export function agentStates(schema: AgentSchema | undefined, onNewMessage: "cancel" | "refuse"): AgentStates {
  const fields = schema === undefined ? { messages: messagesChannel() } : fieldsOf(schema);
  if (!("messages" in fields)) {
    throw new AgentError(
      "INVALID_STATE",
      `The stateSchema has no key "messages" (it has: ${Object.keys(fields).join(", ") || "none"}). Start from it: Annotation.Root({ ...MessagesAnnotation.spec, … }).`,
    );
  }
  const given = isChannel(fields.messages) ? fields.messages : (messagesChannel() as Channel);
  const messages = closeNewCalls(onNewMessage === "refuse" ? refuseInputs(given) : given);
  const shape: Shape = { ...fields, messages, structuredResponse: fields.structuredResponse ?? Annotation() };
  return { graph: toSchema(shape), modelNode: toSchema({ ...shape, llmInputMessages: new EphemeralValue() }) };
}

const isChannel = (value: unknown): value is Channel =>
  typeof value === "object" && value !== null && "kind" in value && "initial" in value && "update" in value;

const toSchema = (shape: Shape): StateSchema<never> => new StateSchema(shape as never);

function fieldsOf(schema: AgentSchema): Shape {
  if (schema instanceof AnnotationRoot) return schema.spec as Shape;
  if (schema instanceof StateSchema) return schema.fields as Shape;
  const { shape, entries } = schema as { shape?: unknown; entries?: unknown };
  const fields = typeof shape === "function" ? (shape as () => unknown)() : (shape ?? entries);
  if (typeof fields === "object" && fields !== null) return fields as Shape;
  throw new AgentError(
    "INVALID_STATE",
    "The stateSchema is of no known form. Pass Annotation.Root({ … }), new StateSchema({ … }), or an object schema (z.object, v.object).",
  );
}
