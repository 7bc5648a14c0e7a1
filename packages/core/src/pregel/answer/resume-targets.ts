import type { Decision } from "@holdpoint/checkpoint";
import { isAnswered } from "../model/decisions.js";
import type { Interrupt } from "../model/interrupt-types.js";
import type { SavedTask } from "../save/saved-tasks.js";

/** What a resume can be for. */
export interface ResumeTargets {
  /** Asked and not decided. */
  readonly pending: readonly Interrupt[];
  /** Asked and decided, but the task failed after the answer: it can be answered anew. */
  readonly failed: readonly Interrupt[];
  readonly decisions: ReadonlyMap<string, Decision>;
}

/** Sorts what unfinished tasks asked into what waits and what was answered in vain. */
export function sortTargets(tasks: readonly (SavedTask | undefined)[], decisions: ReadonlyMap<string, Decision>): ResumeTargets {
  const pending: Interrupt[] = [];
  const failed: Interrupt[] = [];
  for (const task of tasks) {
    if (task?.interrupts === undefined || task.writes !== undefined) continue;
    for (const interrupt of task.interrupts) {
      if (!isAnswered(decisions, interrupt.id)) pending.push(interrupt);
      else if (task.error !== undefined) failed.push(interrupt);
    }
  }
  return { pending, failed, decisions };
}
