import { Command } from "../../control/command.js";
import { type GraphRun, questionOf, withTerms } from "../context/run-context.js";
import type { DueTouch, Ruling } from "../model/decision-gate.js";
import { termsDraft } from "./journal-drafts.js";
import type { Answer } from "./resolve-resume.js";
import type { ResumeTargets } from "./resume-targets.js";

/** An answer with who gives it. */
export interface SignedAnswer extends Answer {
  readonly by: unknown;
  readonly reason: string | undefined;
}

/** An answer that the decision gate gives itself, with the error for whoever comes later. */
export interface DueAnswer extends SignedAnswer {
  readonly refusal: Error;
}

/** What `settleDue` runs a graph with. */
export const SETTLE_DUE = new Command({});

/**
 * Asks the decision gate what is due of the questions that wait. New terms are journaled and saved at once; answers are handed back, to be
 * recorded with what else counts.
 */
export async function findDue(run: GraphRun, targets: ResumeTargets, touch: DueTouch, at: string): Promise<DueAnswer[]> {
  const { gate } = run;
  const due: DueAnswer[] = [];
  if (gate?.due === undefined) return due;
  for (const pending of targets.pending) {
    const interrupt = withTerms(run, pending);
    const ruling = await gate.due(questionOf(run, interrupt), touch);
    if (ruling?.kind === "terms") await changeTerms(run, interrupt.id, ruling, at, targets);
    else if (ruling !== undefined) {
      const revision = (targets.decisions.get(interrupt.id)?.revision ?? -1) + 1;
      due.push({ interrupt, revision, value: ruling.value, by: ruling.by, reason: ruling.reason, refusal: ruling.refusal });
    }
  }
  return due;
}

async function changeTerms(
  run: GraphRun,
  id: string,
  { terms, note }: Extract<Ruling, { kind: "terms" }>,
  at: string,
  { pending }: ResumeTargets,
): Promise<void> {
  const { persistence, gate } = run;
  const asked = pending.find((interrupt) => interrupt.id === id);
  if (persistence === undefined || asked === undefined) return;
  // The journal first: a crash between the two journals the change twice, and never makes one that is in no journal.
  if (gate?.journal !== false) await persistence.appendJournal([termsDraft(questionOf(run, asked), terms, note, at)]);
  run.terms.set(id, terms);
  // What is saved of an older checkpoint stays as it was.
  if (run.forkedFrom !== undefined) return;
  for (const [taskId, { interrupts, code }] of persistence.saved.tasks) {
    if (interrupts?.some((interrupt) => interrupt.id === id) !== true) continue;
    await persistence.saveTerms(
      taskId,
      interrupts.map((interrupt) => withTerms(run, interrupt)),
      code,
    );
  }
}
