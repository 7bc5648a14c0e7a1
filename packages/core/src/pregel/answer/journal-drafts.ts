import { describeThrown, type InterruptTerms, type JournalDraft } from "@holdpoint/checkpoint";
import type { AskedQuestion, ProposedAnswer } from "../model/decision-gate.js";

/** What the engine journals: a question, new terms for it, a vote on it, its decision, a refusal, and what ran on it. */
export type JournalKind = "asked" | "terms" | "voted" | "decided" | "refused" | "ran" | "failed";

const place = ({ interrupt, graph, node }: AskedQuestion) => ({ interruptId: interrupt.id, graph, node });

export const askedDraft = (question: AskedQuestion, at: string): JournalDraft => {
  const { value, terms } = question.interrupt;
  return { at, kind: "asked" satisfies JournalKind, data: { ...place(question), value, ...(terms === undefined ? {} : { terms }) } };
};

export const termsDraft = (question: AskedQuestion, terms: InterruptTerms, note: unknown, at: string): JournalDraft => ({
  at,
  kind: "terms" satisfies JournalKind,
  data: { ...place(question), terms, ...(note === undefined ? {} : { note }) },
});

export function answerDraft(kind: "voted" | "decided", answer: Omit<ProposedAnswer, "journal">, note?: unknown): JournalDraft {
  const { value, by, reason, at, interrupt } = answer;
  return {
    at,
    kind: kind satisfies JournalKind,
    data: {
      ...place(answer),
      shown: interrupt.value,
      value,
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      ...(note === undefined ? {} : { note }),
    },
  };
}

export const refusedDraft = (interruptId: string, issues: unknown, at: string): JournalDraft => ({
  at,
  kind: "refused" satisfies JournalKind,
  data: { interruptId, issues },
});

/** What a task did with the answers that it got. */
export function outcomeDraft(
  interruptIds: readonly string[],
  node: string,
  outcome: { result: unknown } | { error: unknown },
  at: string,
): JournalDraft {
  if ("result" in outcome) return { at, kind: "ran" satisfies JournalKind, data: { interruptIds, node, result: outcome.result } };
  const { name, message } = describeThrown(outcome.error);
  return {
    at,
    kind: "failed" satisfies JournalKind,
    data: { interruptIds, node, error: `${name}: ${message}` },
  };
}
