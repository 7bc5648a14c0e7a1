import { isPlainObject } from "../patch/plain.js";
import type { InboxItem } from "./inbox-types.js";

/** Channel under which a task saves what it asks. */
export const QUESTION_CHANNEL = "__interrupt__";

/** A question of an `__interrupt__` write, as an inbox needs it. */
export interface Question {
  readonly id: string;
  /** Milliseconds since 1970; undefined if it does not say. */
  readonly at: number | undefined;
  readonly expiresAt: number | undefined;
  readonly graph: string | undefined;
  /** Nobody in particular if there are none. */
  readonly assignees: readonly string[];
  readonly shown: ShownQuestion;
}

/** The part that is kept for the reader alone. */
export type ShownQuestion = Pick<InboxItem, "value" | "ns" | "schema" | "issues" | "terms">;

/** Reads the value of an `__interrupt__` write: a list of questions, or one. What has no id, such as another runtime's record, is left out. */
export function readQuestions(value: unknown): Question[] {
  const questions = new Map<string, Question>();
  for (const record of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const question = isPlainObject(record) ? readQuestion(record) : undefined;
    if (question !== undefined) questions.set(question.id, question);
  }
  return [...questions.values()];
}

function readQuestion(record: Readonly<Record<string, unknown>>): Question | undefined {
  const { id, graph, at } = record;
  if (typeof id !== "string" || id === "") return undefined;
  const terms = isPlainObject(record.terms) ? record.terms : {};
  return {
    id,
    at: readTime(at),
    expiresAt: readTime(terms.expiresAt),
    graph: typeof graph === "string" ? graph : undefined,
    assignees: textsOf(terms.assignees),
    shown: shownPart(record),
  };
}

function shownPart(record: Readonly<Record<string, unknown>>): ShownQuestion {
  const { value, ns, schema, issues, terms } = record;
  return {
    value,
    ns: typeof ns === "string" ? [ns] : textsOf(ns),
    ...(schema === undefined ? undefined : { schema }),
    ...(issues === undefined ? undefined : { issues: issues as ShownQuestion["issues"] }),
    ...(terms === undefined ? undefined : { terms: terms as ShownQuestion["terms"] }),
  };
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? (list as unknown[]).filter((item) => typeof item === "string") : [];
}

/** Reads a time of ISO 8601; undefined if it is none. */
export function readTime(text: unknown): number | undefined {
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
