import type { Decision } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import { describeIssues } from "../../state/standard-schema.js";
import type { Interrupt } from "../model/interrupt-types.js";
import { listInterrupts } from "../model/list-interrupts.js";
import { alreadyDecided } from "../save/already-decided.js";
import type { ResumeTargets } from "./resume-targets.js";

/** One answer and the interrupt that it is for. */
export interface Answer {
  readonly interrupt: Interrupt;
  readonly value: unknown;
  readonly revision: number;
}

const INTERRUPT_ID = /^[0-9a-f]{32}$/;

/**
 * Decides which interrupt an answer is for (seed: "Resume using the Command primitive", "Resume multiple interrupts with one invocation").
 *
 * A plain object whose keys all look like interrupt ids is a map of answers; anything else answers the one interrupt that waits.
 * @throws GraphError NOTHING_TO_RESUME, AMBIGUOUS_RESUME, UNKNOWN_INTERRUPT, ALREADY_DECIDED; `details.pending` lists what waits
 */
export function resolveResume(resume: unknown, targets: ResumeTargets): Answer[] {
  const map = asMap(resume);
  if (map !== undefined) return Object.entries(map).map(([id, value]) => answerById(id, value, targets));
  const candidates = targets.pending.length > 0 ? targets.pending : targets.failed;
  const [interrupt] = candidates;
  if (interrupt === undefined) throw nothingToResume(targets);
  if (candidates.length > 1) {
    throw new GraphError(
      "AMBIGUOUS_RESUME",
      `${candidates.length} interrupts wait for an answer, and a bare resume would not say which it is for. ` +
        `Pass a map of ids: new Command({ resume: { "${interrupt.id}": … } }). Pending: ${listInterrupts(candidates)}.`,
      { details: { pending: candidates } },
    );
  }
  return [{ interrupt, value: resume, revision: nextRevision(interrupt.id, targets) }];
}

/** The ids that an answer names; undefined for a bare answer. */
export function interruptIds(resume: unknown): string[] | undefined {
  const map = asMap(resume);
  return map === undefined ? undefined : Object.keys(map);
}

function asMap(resume: unknown): Record<string, unknown> | undefined {
  if (typeof resume !== "object" || resume === null || Array.isArray(resume)) return undefined;
  const keys = Object.keys(resume);
  return keys.length > 0 && keys.every((key) => INTERRUPT_ID.test(key)) ? (resume as Record<string, unknown>) : undefined;
}

function answerById(id: string, value: unknown, targets: ResumeTargets): Answer {
  const interrupt = [...targets.pending, ...targets.failed].find((candidate) => candidate.id === id);
  if (interrupt !== undefined) return { interrupt, value, revision: nextRevision(id, targets) };
  const recorded = targets.decisions.get(id);
  if (recorded !== undefined && recorded.refused === undefined) throw alreadyDecided([recorded], targets.pending);
  throw new GraphError(
    "UNKNOWN_INTERRUPT",
    `No interrupt "${id}" waits in this thread: the id is wrong, or from a pause that is over. Nothing was recorded. Pending: ${listInterrupts(targets.pending)}.`,
    { details: { pending: targets.pending } },
  );
}

const nextRevision = (id: string, { decisions }: ResumeTargets): number => {
  const recorded = decisions.get(id);
  return recorded === undefined ? 0 : recorded.revision + 1;
};

/** The error of a run whose answers did not fit: those interrupts wait again. `details.issues` says why, by interrupt id. */
export function invalidAnswer(
  refusals: readonly { decision: Decision; issues: NonNullable<Decision["refused"]> }[],
  pending: readonly Interrupt[],
): GraphError {
  const issues = Object.fromEntries(refusals.map((refusal) => [refusal.decision.interruptId, refusal.issues]));
  const said = refusals.map((refusal) => `${refusal.decision.interruptId}: ${describeIssues(refusal.issues)}`).join("; ");
  return new GraphError(
    "INVALID_ANSWER",
    `The answer does not fit the question's schema (${said}). It was not accepted, and the interrupt still waits: answer it again. Pending: ${listInterrupts(pending)}.`,
    {
      details: { issues, pending },
    },
  );
}

function nothingToResume(targets: ResumeTargets): GraphError {
  const decided = [...targets.decisions.values()].filter(({ refused }) => refused === undefined);
  if (decided.length > 0) return alreadyDecided(decided, targets.pending);
  return new GraphError(
    "NOTHING_TO_RESUME",
    "Command({ resume }) was given, but no interrupt of this thread waits for an answer. " +
      "To go on from a breakpoint, an update of the state or a crash, run invoke(null, config); to start anew, pass an input.",
    { details: { pending: [] } },
  );
}
