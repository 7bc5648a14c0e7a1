import type { InterruptTerms } from "@holdpoint/checkpoint";
import { INTERRUPT } from "../../constants.js";
import type { StandardIssue, StandardSchema } from "../../state/standard-schema.js";

/** A question that waits for a person, as the seed prints it. */
export class Interrupt<Value = unknown> {
  readonly value: Value;
  /** Always true: every interrupt can be answered with `Command({ resume })`. */
  readonly resumable = true;
  /** Where it was asked: `node:task-id` from the outermost graph inwards. */
  readonly ns: readonly string[];
  readonly when = "during";
  /** Unique per call and index (or key): 32 hexadecimal digits. */
  readonly id: string;
  /** JSON Schema of the answers that fit, where the question has a schema that can tell. */
  declare readonly schema?: unknown;
  /** Who is asked and until when, as the call and the graph's decision gate say. */
  declare readonly terms?: InterruptTerms;
  /** Why the last answer was refused. */
  declare readonly issues?: readonly StandardIssue[];

  readonly #at: string | undefined;

  constructor(fields: InterruptFields<Value>) {
    this.value = fields.value;
    this.ns = fields.ns;
    this.id = fields.id;
    if (fields.schema !== undefined) this.schema = fields.schema;
    if (fields.terms !== undefined) this.terms = fields.terms;
    this.#at = fields.at;
    if (fields.issues !== undefined) this.issues = fields.issues;
  }

  /** When it was first asked, ISO 8601. */
  get at(): string | undefined {
    return this.#at;
  }

  /** The `id` under the name that older LangGraph documents use. */
  get interrupt_id(): string {
    return this.id;
  }
}

/** What an interrupt is made of, and saved as. */
export interface InterruptFields<Value = unknown> {
  readonly value: Value;
  readonly ns: readonly string[];
  readonly id: string;
  readonly schema?: unknown;
  readonly terms?: InterruptTerms | undefined;
  readonly issues?: readonly StandardIssue[] | undefined;
  readonly at?: string | undefined;
}

/** How a question is asked. */
export interface InterruptOptions<Answer = unknown> {
  /**
   * Any Standard Schema. The answer is parsed by it before it counts: `interrupt` returns what the schema makes of it. An answer that does not
   * fit leaves the interrupt waiting, and the run that brought it fails with INVALID_ANSWER. Its JSON Schema travels with the interrupt, where
   * the schema has one (`~standard.jsonSchema`, as in zod 4.2+).
   */
  readonly schema?: StandardSchema<unknown, Answer>;
  /** The same as `schema`. */
  readonly responseSchema?: StandardSchema<unknown, Answer>;
  /** Matches the answer by this name instead of by the call's number, so that calls may be skipped or change places. Unique within the node. */
  readonly key?: string;
  /** Handed to the graph's decision gate, and kept with the question: `expiresAt` and `assignees` are what inboxes look for. */
  readonly terms?: InterruptTerms;
  /**
   * Tells whether the call still asks what was shown to whoever answered: `(shown) => isDeepStrictEqual(shown, request)`. Where it does not, the
   * answer does not count: the question is asked anew as it is now, and the run that brought the answer fails with INVALID_ANSWER. What was shown is not
   * known any more once the node has asked something else: then the question itself must be the same. Default: the answer counts, and a warning
   * REPLAY_MISMATCH tells of it.
   */
  readonly unchanged?: (shown: unknown) => boolean;
}

/** `interrupt<Answer>(value)`, or `interrupt<Value, Answer>(value)` in LangGraph's order. */
export interface InterruptFunction {
  <Answer = unknown>(value: unknown, options?: InterruptOptions<Answer>): Answer;
  <Value, Answer>(value: Value, options?: InterruptOptions<Answer>): Answer;
}

/** Tells whether a run's result says that it paused: then `result.__interrupt__` lists what waits (nothing at a breakpoint). */
export const isInterrupted = (result: unknown): result is { [INTERRUPT]: Interrupt[] } =>
  typeof result === "object" && result !== null && Array.isArray((result as Record<string, unknown>)[INTERRUPT]);
