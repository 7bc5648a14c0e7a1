import { type GraphRun, questionOf } from "../context/run-context.js";
import type { Write } from "../model/graph-state.js";
import type { Task } from "../model/task.js";
import type { TaskOutcome } from "../model/task-outcome.js";
import { outputUpdate } from "../plan/map-output.js";
import { askedDraft, outcomeDraft } from "./journal-drafts.js";

/** Journals what a task of the outermost graph asked for the first time, or did with the answers that it got. */
export async function journalOutcome(run: GraphRun, task: Task, outcome: TaskOutcome): Promise<void> {
  const { persistence } = run;
  if (persistence === undefined || run.caller !== undefined) return;
  const before = new Set(persistence.saved.tasks.get(task.id)?.interrupts?.map(({ id }) => id));
  const at = new Date().toISOString();
  if (outcome.kind === "interrupted") {
    const asked = outcome.interrupts.filter(({ id }) => !before.has(id));
    // Nothing is told of that is not saved: in "async" and "exit" nobody has waited for it yet.
    if (asked.length > 0) await persistence.flush();
    await persistence.appendJournal(asked.map((interrupt) => askedDraft(questionOf(run, interrupt), interrupt.at ?? at)));
  } else if (before.size > 0 && outcome.kind !== "parent-command") {
    const done =
      outcome.kind === "finished" ? { result: outputUpdate(run.program.outputKeys, outcome.writes as Write[]) } : { error: outcome.error };
    await persistence.appendJournal([outcomeDraft([...before], task.name, done, at)]);
  }
}
