import type { Decision } from "@holdpoint/checkpoint";
import type { Command } from "../control/command.js";
import { GraphError } from "../errors.js";
import { checkCode } from "./code-change.js";
import { findDecision } from "./find-decision.js";
import type { Write } from "./graph-state.js";
import { interruptId } from "./interrupt.js";
import { Interrupt } from "./interrupt-types.js";
import { answerDraft } from "./journal-drafts.js";
import { judgeAnswers } from "./judge-answers.js";
import { prepareTasks } from "./prepare-tasks.js";
import { fingerprint } from "./replay-mismatch.js";
import { type Answer, alreadyDecided, resolveResume } from "./resolve-resume.js";
import { type ResumeTargets, sortTargets } from "./resume-targets.js";
import { type GraphRun, questionOf } from "./run-context.js";
import type { SavedStep } from "./saved-tasks.js";

/**
 * Records the answers of a `Command({ resume })`, with the writes that came with it, before any node runs; they count all or not at all.
 * @returns false where the decision gate took every answer for a vote only
 * @throws GraphError as resolveResume, NOT_AUTHORIZED, CODE_CHANGED; ALREADY_DECIDED where another process was first
 */
export async function answerInterrupts(run: GraphRun, command: Command, writes: readonly Write[]): Promise<boolean> {
  const { persistence, decisions, gate } = run;
  const { resume, by, reason } = command;
  if (persistence === undefined) return false;
  const carried = run.forkedFrom === undefined ? [] : carriedAnswers(run, run.forkedFrom);
  const targets = resumeTargets(run);
  const answers = await resolveOrExplain(run, resume, targets);
  const at = new Date().toISOString();
  await checkCodeOf(run, answers);
  const { counted, votes } = await judgeAnswers(run, answers, command, at);
  const recorded: Decision[] = counted.map(({ interrupt, value, revision }, index) => ({
    interruptId: interrupt.id,
    value,
    at,
    revision,
    asked: fingerprint(interrupt.value),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(index === 0 && writes.length > 0 ? { writes: writes.map(([channel, written]) => [channel, written] as [string, unknown]) } : {}),
  }));
  if (recorded.length === 0) {
    await persistence.appendJournal(votes);
    return false;
  }
  const all = [...carried.filter(({ interruptId: id }) => !recorded.some((decision) => decision.interruptId === id)), ...recorded];
  await persistence.flush();
  const drafts =
    gate === undefined || gate.journal === false
      ? []
      : counted.map(({ interrupt, value }) => answerDraft("decided", { ...questionOf(run, interrupt), value, by, reason, at }));
  await persistence.recordDecisions(all, targets.pending, [...votes, ...drafts]);
  for (const decision of all) decisions.set(decision.interruptId, decision);
  return true;
}

/** Compares the code of the nodes that are to go on with the code that asked, before anything is recorded. */
async function checkCodeOf(run: GraphRun, answers: readonly Answer[]): Promise<void> {
  const { persistence, program, state, ns } = run;
  if (persistence === undefined || run.forkedFrom !== undefined) return;
  const ids = new Set(answers.map(({ interrupt }) => interrupt.id));
  for (const task of prepareTasks(program, state, { checkpointId: persistence.checkpointId, ns })) {
    const saved = persistence.saved.tasks.get(task.id);
    if (saved?.interrupts?.some(({ id }) => ids.has(id)) === true) await checkCode(run, task, saved);
  }
}

/** An answer that comes after its question was settled is told what was decided. */
async function resolveOrExplain({ saver, threadId = "" }: GraphRun, resume: unknown, targets: ResumeTargets): Promise<Answer[]> {
  try {
    return resolveResume(resume, targets);
  } catch (error) {
    const late = GraphError.is(error, "UNKNOWN_INTERRUPT") || GraphError.is(error, "NOTHING_TO_RESUME");
    const recorded = late && saver !== undefined ? await findDecision(saver, threadId, resume) : undefined;
    throw recorded === undefined ? error : alreadyDecided([recorded], targets.pending);
  }
}

/** What waits for an answer in the thread's paused step, and what may be answered anew. */
export function resumeTargets(run: GraphRun): ResumeTargets {
  const { persistence, program, state, ns, decisions } = run;
  if (persistence === undefined) return { pending: [], failed: [], decisions };
  const tasks = prepareTasks(program, state, { checkpointId: persistence.checkpointId, ns });
  if (run.forkedFrom !== undefined) return { pending: forkedInterrupts(run, run.forkedFrom), failed: [], decisions };
  return sortTargets(
    tasks.map(({ id }) => persistence.saved.tasks.get(id)),
    decisions,
  );
}

interface Forked {
  readonly checkpointId: string;
  readonly saved: SavedStep;
}

/** Pairs each task of the fork with what was saved of the same task at the checkpoint that was forked. */
function forkedTasks(run: GraphRun, { checkpointId, saved }: Forked) {
  const { program, state, ns, persistence } = run;
  const before = prepareTasks(program, state, { checkpointId, ns });
  return prepareTasks(program, state, { checkpointId: persistence?.checkpointId ?? "", ns }).map((task, index) => {
    const was = before[index] as (typeof before)[number];
    return { task, was, saved: saved.tasks.get(was.id) };
  });
}

/** The questions of the forked checkpoint, under the ids that they will have in the fork. Those of subgraphs are asked anew. */
function forkedInterrupts(run: GraphRun, forked: Forked): Interrupt[] {
  return forkedTasks(run, forked).flatMap(({ task, was, saved }) =>
    (saved?.interrupts ?? []).flatMap(({ id, value }) => {
      const index = indexOf(was.ns, id);
      return index === undefined ? [] : [new Interrupt({ value, ns: task.ns.split("|"), id: interruptId(task.ns, index) })];
    }),
  );
}

/** Earlier answers of the same tasks: a node that asked twice is answered again from its second question on. */
function carriedAnswers(run: GraphRun, forked: Forked): Decision[] {
  const at = new Date().toISOString();
  return forkedTasks(run, forked).flatMap(({ task, was, saved }) => {
    const carried: Decision[] = [];
    const last = Math.max(-1, ...(saved?.interrupts ?? []).map(({ id }) => indexOf(was.ns, id) ?? -1));
    for (let index = 0; index < last; index++) {
      const decision = forked.saved.decisions.get(interruptId(was.ns, index));
      if (decision !== undefined) carried.push({ interruptId: interruptId(task.ns, index), value: decision.value, at, revision: 0 });
    }
    return carried;
  });
}

/** Interrupts of one task that are looked through for an id; a task that asks more often is asked anew in a fork. */
const MAX_INDEX = 1000;

function indexOf(ns: string, id: string): number | undefined {
  for (let index = 0; index < MAX_INDEX; index++) if (interruptId(ns, index) === id) return index;
  return undefined;
}
