import { type Decision, hash128, isBranded } from "@holdpoint/checkpoint";
import { NAMESPACE_SEPARATOR } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { isoTime } from "../../iso-time.js";
import { FUNCTION, type Kind, OBJECT, readOptions, TEXT } from "../../read-options.js";
import { recogniseBy } from "../../recognise-by.js";
import { isStandardSchema, type StandardIssue, type StandardSchema } from "../../state/standard-schema.js";
import { GraphBubbleUp } from "../model/graph-bubble-up.js";
import { Interrupt, type InterruptFields, type InterruptOptions } from "../model/interrupt-types.js";
import { isSameQuestion, noteMismatch } from "./replay-mismatch.js";
import { currentTask, type GraphRun, questionOf, type Refusal, type TaskContext } from "./run-context.js";

const SIGNAL = Symbol.for("holdpoint.InterruptSignal");

/** Leaves the code of a paused task. Not an error: let it pass through `catch` (`isGraphInterrupt` tells it apart). */
export class InterruptSignal extends GraphBubbleUp {
  readonly interrupts: readonly Interrupt[];

  constructor(interrupts: readonly Interrupt[]) {
    super(
      "The task waits for an answer. This signal is how the runtime leaves it; code that catches it should throw it again. To ask, call interrupt().",
    );
    this.interrupts = interrupts;
  }
}
Object.defineProperty(InterruptSignal.prototype, "name", { value: "GraphInterrupt", writable: true, configurable: true });
Object.defineProperty(InterruptSignal.prototype, SIGNAL, { value: true });

/** Makes a signal without a stack: that would cost more than the rest of a pause, and tells of no mistake. */
function signal(interrupts: readonly Interrupt[]): InterruptSignal {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new InterruptSignal(interrupts);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Tells a pause on its way out of a node from an error: `catch (e) { if (isGraphInterrupt(e)) throw e; … }`. */
export const isGraphInterrupt = (value: unknown): value is InterruptSignal => isBranded(value, SIGNAL);

recogniseBy(InterruptSignal, isGraphInterrupt);

/**
 * Pauses the run here and shows `value` to a person; returns the answer once there is one (seed: "Pause using interrupt").
 *
 * The run is saved and ends, with the question in `__interrupt__`. On `new Command({ resume: answer })` the node runs again from its
 * beginning, and this call returns the answer: put side effects after it, or into `task()`. Several calls in one node are matched by
 * their order, or by `key`. Works in nodes, tools, tasks and subgraphs; nothing that the node catches or returns can undo the pause.
 * @param value what to show: any value that can be saved
 * @param options `schema` checks the answer before it counts, `key` names the call
 * @returns the answer as it was given, or as the schema parsed it
 * @throws GraphError OUTSIDE_RUN outside of a graph's run, MISSING_CHECKPOINTER without a checkpointer, INVALID_OPTIONS
 * @example
 * ```ts
 * import { interrupt } from "@holdpoint/core";
 * import { z } from "zod";
 * const humanNode = (state: { some_text: string }) => ({ some_text: interrupt<string>({ text_to_revise: state.some_text }) });
 * const ageNode = () => ({ age: interrupt("What is your age?", { schema: z.coerce.number().int().nonnegative() }) });
 * ```
 */
export function interrupt<Answer = unknown>(value: unknown, options?: InterruptOptions<Answer>): Answer;
export function interrupt<Value, Answer>(value: Value, options?: InterruptOptions<Answer>): Answer;
export function interrupt<Answer>(value: unknown, options?: InterruptOptions<Answer>): Answer {
  const context = currentTask();
  if (context === undefined) {
    throw new GraphError(
      "OUTSIDE_RUN",
      "interrupt() was called outside of a graph's run. Call it in a node, tool or task; where the async context is lost, use the node's second argument: runtime.interrupt(value).",
    );
  }
  return interruptIn(context, value, options);
}

const SCHEMA: Kind = ["a Standard Schema, such as z.string()", isStandardSchema];
const OPTIONS = { schema: SCHEMA, responseSchema: SCHEMA, key: TEXT, terms: OBJECT, unchanged: FUNCTION } as const satisfies Record<
  keyof InterruptOptions,
  Kind
>;

/** As `interrupt`, for a task that is known. */
export function interruptIn<Answer = unknown>(context: TaskContext, value: unknown, given?: InterruptOptions<Answer>): Answer {
  const { run, scope } = context;
  const options: InterruptOptions<Answer> = given === undefined ? {} : readOptions("interrupt()", given, OPTIONS);
  if (run.saver === undefined) {
    throw new GraphError(
      "MISSING_CHECKPOINTER",
      `Node "${scope.name}" called interrupt(), but the graph was compiled without a checkpointer. Pass one: compile({ checkpointer }).`,
    );
  }
  leaveIfPaused(context);
  const id = interruptId(scope.ns, options.key === undefined ? context.interrupts++ : claimKey(context, options.key));
  const schema = options.schema ?? options.responseSchema;
  const ns = scope.ns.split(NAMESPACE_SEPARATOR);
  const decision = run.decisions.get(id);
  if (decision === undefined || decision.refused !== undefined) {
    throw raise(context, askAgain(context, { value, ns, id, schema: jsonSchema(schema), terms: options.terms, issues: decision?.refused }));
  }
  if (options.unchanged !== undefined)
    refuseOtherQuestion(context, { value, ns, id, schema: jsonSchema(schema) }, options.unchanged, decision);
  noteMismatch(scope.name, value, decision);
  if (schema === undefined) return decision.value as Answer;
  return parseAnswer(context, { value, ns, id, schema: jsonSchema(schema), terms: options.terms }, schema, decision);
}

/** Takes a key for one question: under one key, one answer would count for two. */
function claimKey(context: TaskContext, key: string): string {
  context.keys ??= new Set();
  if (context.keys.has(key)) {
    throw new GraphError(
      "INVALID_CONFIG",
      `Node "${context.scope.name}" called interrupt() twice with the key "${key}". Give each question of a node a key of its own.`,
    );
  }
  context.keys.add(key);
  return `key:${key}`;
}

/** Follows from the call's place alone, so that it is the same in each attempt and in any process. */
export const interruptId = (ns: string, place: number | string): string => hash128(`${ns}#${place}`);

/** The question as it was first asked, where it was: its time and its terms stay what they were. */
function askAgain({ run }: TaskContext, fields: InterruptFields): Interrupt {
  const newest = run.terms.get(fields.id);
  const before = savedQuestion(run, fields.id);
  if (before !== undefined) return new Interrupt({ ...fields, terms: newest ?? before.terms, at: before.at });
  const asked = new Interrupt({ ...fields, ...(newest === undefined ? {} : { terms: newest }), at: isoTime(Date.now()) });
  if (newest !== undefined) return asked;
  const terms = run.gate?.terms?.(questionOf(run, asked));
  return terms === undefined ? asked : new Interrupt({ ...fields, terms, at: asked.at });
}

function raise(context: TaskContext, asked: Interrupt): InterruptSignal {
  context.pause([asked]);
  return signal(context.raised);
}

/** An answer counts for what was shown: where the call says that it is about something else by now, it is asked anew. */
function refuseOtherQuestion(
  context: TaskContext,
  asked: InterruptFields,
  unchanged: (shown: unknown) => boolean,
  decision: Decision,
): void {
  const shown = savedQuestion(context.run, asked.id) ?? context.run.moved?.get(asked.id);
  // The node may have asked something else since: then what was shown is not saved any more, and the answer tells whether it was just this.
  const isSame = shown === undefined ? isSameQuestion(asked.value, decision) : unchanged(shown.value);
  if (!isSame) throw refuse(context, asked, decision, [{ message: OTHER_QUESTION }]);
}

const OTHER_QUESTION = "What is asked has changed since it was shown. Look at the question as it is now, and answer that one.";

/** The question as it was asked last, where that is saved. */
function savedQuestion({ persistence }: GraphRun, id: string): Interrupt | undefined {
  for (const { interrupts } of persistence?.saved.tasks.values() ?? []) {
    const before = interrupts?.find((one) => one.id === id);
    if (before !== undefined) return before;
  }
  return undefined;
}

/** Gives the answer as the schema makes it, or asks again and notes why. */
function parseAnswer<Answer>(
  context: TaskContext,
  asked: InterruptFields,
  schema: StandardSchema<unknown, Answer>,
  decision: Decision,
): Answer {
  const { parsed } = context.run;
  const result = parsed.get(asked.id) ?? schema["~standard"].validate(decision.value);
  if (result instanceof Promise) {
    // The call cannot wait: the runtime does, and runs the node again with what came out.
    context.parsing ??= [];
    context.parsing.push(result.then((settled) => void parsed.set(asked.id, settled)));
    throw raise(context, askAgain(context, asked));
  }
  if (result.issues === undefined) return result.value as Answer;
  throw refuse(context, asked, decision, plainIssues(result.issues));
}

/** Notes that an answer does not count, and why, and asks again. */
function refuse(context: TaskContext, asked: InterruptFields, decision: Decision, issues: Refusal["issues"]): InterruptSignal {
  context.refused ??= [];
  context.refused.push({ decision, issues });
  return raise(context, askAgain(context, { ...asked, issues }));
}

/** Stops code that went on although its task is paused: whatever it does next was not approved. */
export function leaveIfPaused(context: TaskContext): void {
  if (context.paused) throw signal(context.raised);
}

/** Issues as they are saved: plain data. */
const plainIssues = (issues: readonly StandardIssue[]) =>
  issues.map(({ message, path = [] }) => ({
    message,
    path: path.map((part) => (typeof part === "object" ? part.key : part)).map((key) => (typeof key === "number" ? key : String(key))),
  }));

/** The schema's own account of itself (Standard JSON Schema), where it gives one. */
function jsonSchema(schema: StandardSchema | undefined): unknown {
  const { jsonSchema: converter } = (schema?.["~standard"] ?? {}) as { jsonSchema?: { input?: (options: { target: string }) => unknown } };
  try {
    return converter?.input?.({ target: "draft-2020-12" });
  } catch {
    // A schema that JSON Schema cannot express still checks the answer.
    return undefined;
  }
}
