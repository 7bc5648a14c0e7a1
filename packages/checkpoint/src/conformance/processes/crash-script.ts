import type { JournalDraft } from "../../journal/journal-types.js";
import type { Decision, PendingWrite } from "../../types.js";

// What the crash script writes follows from the number of the step alone, so that any process can tell what should be there.

/** In the order of a step; the last ones come where much is written, and the saver can do it. */
const WRITE_KINDS = [
  "put",
  "writes",
  "inner",
  "asked",
  "decided",
  "noted",
  "passing",
  "passing writes",
  "deleted",
  "copied",
  "copy dropped",
  "imported",
  "import dropped",
  "filled",
  "pruned",
] as const;
export type WriteKind = (typeof WRITE_KINDS)[number];
/** Those of many parts, which may be cut in two. */
export const COMPOUND_KINDS: readonly WriteKind[] = [
  "put",
  "writes",
  "asked",
  "decided",
  "noted",
  "passing writes",
  "deleted",
  "copied",
  "imported",
  "pruned",
];

export const THREAD = "crash";
/** Namespace of a graph inside. */
export const INNER = "work:1";
/** Every so many steps come from an older one: a fork. */
const FORK_EVERY = 9;
/** Every so many steps write much, so that a kill falls in the middle of it. */
const LARGE_EVERY = 5;

/** The step that a step follows; -1 for the first. */
export function parentOf(step: number): number {
  return step % FORK_EVERY === FORK_EVERY - 1 ? step - 4 : step - 1;
}

export const isLarge = (step: number): boolean => step % LARGE_EVERY === 1;

/** Channels that a step writes. */
export function changesOf(step: number): Record<string, unknown> {
  return {
    step,
    notes: { [`note-${step % 4}`]: { from: step, list: [step, `x${step}`] } },
    ...(isLarge(step) ? { document: `${step} ${"lorem ipsum ".repeat(20_000)}` } : {}),
  };
}

const states: Record<string, unknown>[] = [];

/** The whole state after a step. */
export function stateAt(step: number): Record<string, unknown> {
  if (step < 0) return {};
  for (let next = states.length; next <= step; next++) states.push(nextState(states[parentOf(next)] ?? {}, next));
  return states[step]!;
}

/** The state after a step, from the one before it: a list that grows, a map that is edited, values that are replaced. */
export function nextState(before: Record<string, unknown>, step: number): Record<string, unknown> {
  const changes = changesOf(step);
  const log = (before.log ?? []) as unknown[];
  const notes = { ...(before.notes as object | undefined), ...(changes.notes as object) };
  return { ...before, ...changes, notes, log: [...log, { step, text: "y".repeat(step % 97) }] };
}

export const taskOf = (step: number): string => `task-${step}`;
export const askingTaskOf = (step: number): string => `asking-${step}`;
export const passingThread = (step: number): string => `passing-${step}`;
export const copyThreadId = (step: number): string => `copy-${step}`;
export const importedThread = (step: number): string => `imported-${step}`;
export const prunedThread = (step: number): string => `pruned-${step}`;
/** Checkpoints of a thread that is pruned. */
export const PRUNED_LENGTH = 6;

/** Writes of the step's task: a handful, or many. */
export function writesOf(step: number): PendingWrite[] {
  const count = isLarge(step) ? 300 : 3;
  return Array.from({ length: count }, (_, index): PendingWrite => ["log", { step, index }]);
}

export function questionsOf(step: number): Record<string, unknown>[] {
  return [...decidedIds(step), `open-${step}`].map((id) => ({ id, value: step, ns: [], terms: { assignees: [`p${step % 3}`] } }));
}

/** Ids of the questions that the step's decisions answer together. */
export function decidedIds(step: number): string[] {
  return Array.from({ length: isLarge(step) ? 150 : 2 }, (_, index) => `decided-${step}-${index}`);
}

export function decisionsOf(step: number): Decision[] {
  return decidedIds(step).map((interruptId, index) => ({
    interruptId,
    value: { step, index },
    at: "2026-01-01T00:00:00.000Z",
    revision: 0,
  }));
}

/** Entries that come with the step's decisions. */
export function draftsOf(step: number): JournalDraft[] {
  return decidedIds(step).map((id) => ({ at: "2026-01-01T00:00:00.000Z", kind: "decided", data: { step, id } }));
}

/** Entries that the step appends by themselves. */
export function notesOf(step: number): JournalDraft[] {
  return [0, 1, 2].map((part) => ({ at: "2026-01-01T00:00:00.000Z", kind: "note", data: { step, part } }));
}
