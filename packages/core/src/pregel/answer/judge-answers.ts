import type { JournalDraft } from "@holdpoint/checkpoint";
import type { Command } from "../../control/command.js";
import { GraphError } from "../../errors.js";
import { type GraphRun, nodeOf, questionOf, withTerms } from "../context/run-context.js";
import type { ProposedAnswer } from "../model/decision-gate.js";
import { answerDraft } from "./journal-drafts.js";
import type { Answer } from "./resolve-resume.js";

/** Answers that count now, and votes that only go on record. */
export interface Judged {
  readonly counted: readonly Answer[];
  readonly votes: readonly JournalDraft[];
}

/**
 * Asks the graph's `authorize` hook and its decision gate about each answer. All are asked before any is recorded.
 * @throws GraphError NOT_AUTHORIZED, or whatever the hook or the gate throws
 */
export async function judgeAnswers(run: GraphRun, answers: readonly Answer[], { by, reason }: Command, at: string): Promise<Judged> {
  const { authorize, gate } = run;
  if (authorize === undefined && gate?.judge === undefined) return { counted: answers, votes: [] };
  const counted: Answer[] = [];
  const votes: JournalDraft[] = [];
  for (const answer of answers) {
    const proposed: ProposedAnswer = {
      ...questionOf(run, withTerms(run, answer.interrupt)),
      value: answer.value,
      by,
      reason,
      at,
      journal: journalOf(run),
    };
    if ((await authorize?.(proposed)) === false) throw notAuthorized(answer.interrupt.id, nodeOf(answer.interrupt));
    const verdict = (await gate?.judge?.(proposed)) ?? { kind: "accept" };
    if (verdict.kind === "accept") counted.push(answer);
    else votes.push(answerDraft("voted", proposed, verdict.note));
  }
  return { counted, votes };
}

function journalOf({ saver, threadId, gate }: GraphRun): ProposedAnswer["journal"] {
  if (saver?.readJournal === undefined || saver.appendJournal === undefined || gate?.journal === false) return undefined;
  return () => (saver.readJournal as NonNullable<typeof saver.readJournal>)({ threadId });
}

const notAuthorized = (id: string, node: string): GraphError =>
  new GraphError(
    "NOT_AUTHORIZED",
    `The answer to ${id} (${node}) was refused by the authorize hook. Nothing was recorded, and the question goes on waiting.`,
  );
