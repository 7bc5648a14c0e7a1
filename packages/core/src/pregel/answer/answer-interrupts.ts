import type { Decision, JournalDraft } from "@holdpoint/checkpoint";
import type { Command } from "../../control/command.js";
import { GraphError } from "../../errors.js";
import { isoTime } from "../../iso-time.js";
import { fingerprint } from "../context/replay-mismatch.js";
import { type GraphRun, questionOf, withTerms } from "../context/run-context.js";
import type { DueTouch } from "../model/decision-gate.js";
import type { Write } from "../model/graph-state.js";
import type { Interrupt } from "../model/interrupt-types.js";
import type { Task } from "../model/task.js";
import { prepareTasks } from "../plan/prepare-tasks.js";
import { alreadyDecided } from "../save/already-decided.js";
import { checkCode } from "./code-change.js";
import { findDecision } from "./find-decision.js";
import { answerDraft } from "./journal-drafts.js";
import { judgeAnswers } from "./judge-answers.js";
import { checkMovable, moveToFork, pastQuestions } from "./past-questions.js";
import { type Answer, resolveResume } from "./resolve-resume.js";
import { type ResumeTargets, sortTargets } from "./resume-targets.js";
import { findDue, type SignedAnswer } from "./settle-due.js";

/**
 * Records the answers of a `Command({ resume })`, with the writes that came with it, before any node runs; they count all or not at all. What
 * the decision gate answers itself, because it is due, is recorded with them.
 * @returns whether the command's writes count: not where the gate took every answer for a vote, or one for too late
 * @throws GraphError as resolveResume, NOT_AUTHORIZED, CODE_CHANGED; ALREADY_DECIDED where another process was first
 */
export async function answerInterrupts(run: GraphRun, command: Command, writes: readonly Write[]): Promise<boolean> {
  const { by, reason } = command;
  if (run.persistence === undefined) return false;
  const tasks = tasksDue(run);
  const targets = resumeTargets(run, tasks);
  const answers = await resolveOrExplain(run, command.resume, targets);
  if (run.forkedFrom !== undefined) checkMovable(run, run.forkedFrom, answers);
  const at = isoTime(Date.now());
  await checkCodeOf(run, tasks, answers);
  const due = await findDue(run, targets, "run", at);
  const late = due.filter((ruled) => answers.some(({ interrupt }) => interrupt.id === ruled.interrupt.id));
  run.tooLate.push(...late.map(({ refusal }) => refusal));
  // Answers count all or not at all: what came with one that is too late is not recorded either.
  const { counted, votes } = late.length > 0 ? { counted: [], votes: [] } : await judgeAnswers(run, answers, command, at);
  const signed = [...counted.map((answer) => ({ ...answer, by, reason })), ...due];
  await recordAnswers(run, { answers: signed, writes: counted.length > 0 ? writes : [], votes, at, pending: targets.pending });
  return counted.length > 0;
}

/**
 * Records what the decision gate answers itself of the questions that wait, without anybody's answer.
 * @returns whether one was answered, so that the graph goes on
 */
export async function answerDue(run: GraphRun, touch: DueTouch): Promise<boolean> {
  if (run.forkedFrom !== undefined) return false;
  const tasks = tasksDue(run);
  const targets = resumeTargets(run, tasks);
  const at = isoTime(Date.now());
  const answers = await findDue(run, targets, touch, at);
  await checkCodeOf(run, tasks, answers);
  await recordAnswers(run, { answers, writes: [], votes: [], at, pending: targets.pending });
  return answers.length > 0;
}

/** What waits for an answer, with the terms that it has by now. */
export const waitingQuestions = (run: GraphRun): Interrupt[] => resumeTargets(run).pending.map((asked) => withTerms(run, asked));

interface Recorded {
  readonly answers: readonly SignedAnswer[];
  /** Come with the first answer. */
  readonly writes: readonly Write[];
  readonly votes: readonly JournalDraft[];
  readonly at: string;
  readonly pending: readonly Interrupt[];
}

async function recordAnswers(run: GraphRun, { answers: given, writes, votes, at, pending }: Recorded): Promise<void> {
  const { persistence, decisions, gate } = run;
  if (persistence === undefined) return;
  if (given.length === 0) return persistence.appendJournal(votes);
  const { answers, carried } =
    run.forkedFrom === undefined ? { answers: given, carried: [] } : await moveToFork(run, run.forkedFrom, given);
  const recorded: Decision[] = answers.map(({ interrupt, value, revision, by, reason }, index) => ({
    interruptId: interrupt.id,
    value,
    at,
    revision,
    asked: fingerprint(interrupt.value),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(index === 0 && writes.length > 0 ? { writes: writes.map(([channel, written]) => [channel, written] as [string, unknown]) } : {}),
  }));
  const all = [...carried.filter(({ interruptId: id }) => !recorded.some((decision) => decision.interruptId === id)), ...recorded];
  await persistence.flush();
  const drafts =
    gate === undefined || gate.journal === false
      ? []
      : answers.map(({ interrupt, value, by, reason }) => answerDraft("decided", { ...questionOf(run, interrupt), value, by, reason, at }));
  await persistence.recordDecisions(all, pending, [...votes, ...drafts]);
  for (const decision of all) decisions.set(decision.interruptId, decision);
}

/** Compares the code of the nodes that are to go on with the code that asked, before anything is recorded. */
async function checkCodeOf(run: GraphRun, tasks: readonly Task[], answers: readonly Answer[]): Promise<void> {
  const { persistence } = run;
  if (persistence === undefined || run.forkedFrom !== undefined) return;
  const ids = new Set(answers.map(({ interrupt }) => interrupt.id));
  for (const task of tasks) {
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

/** The tasks of the thread's paused step. */
const tasksDue = ({ persistence, program, state, ns }: GraphRun): readonly Task[] =>
  persistence === undefined ? [] : prepareTasks(program, state, { checkpointId: persistence.checkpointId, ns });

/** What waits for an answer in the thread's paused step, and what may be answered anew. */
export function resumeTargets(run: GraphRun, tasks = tasksDue(run)): ResumeTargets {
  const { persistence, decisions } = run;
  if (persistence === undefined) return { pending: [], failed: [], decisions };
  if (run.forkedFrom !== undefined) return { pending: pastQuestions(run, run.forkedFrom), failed: [], decisions };
  return sortTargets(
    tasks.map(({ id }) => persistence.saved.tasks.get(id)),
    decisions,
  );
}
