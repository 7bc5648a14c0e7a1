import type { Decision } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import { interruptId } from "../context/interrupt.js";
import type { GraphRun } from "../context/run-context.js";
import { saveFork } from "../context/save-step.js";
import { Interrupt } from "../model/interrupt-types.js";
import { prepareTasks } from "../plan/prepare-tasks.js";
import type { SavedStep } from "../save/saved-tasks.js";
import type { Answer } from "./resolve-resume.js";

/** The older checkpoint that a run went back to. */
interface Forked {
  readonly checkpointId: string;
  readonly saved: SavedStep;
}

/** The step's tasks as they were at the older checkpoint. */
const pastTasks = ({ program, state, ns }: GraphRun, { checkpointId }: Forked) => prepareTasks(program, state, { checkpointId, ns });

/** What was asked at the older checkpoint, answered or not, under the ids that it had there. */
export function pastQuestions(run: GraphRun, forked: Forked): Interrupt[] {
  return pastTasks(run, forked).flatMap(({ id }) => forked.saved.tasks.get(id)?.interrupts ?? []);
}

/**
 * Sees to it that each answer can be moved to where its question will be asked again.
 * @throws GraphError NOTHING_TO_RESUME for questions of subgraphs and tasks, and for those with a key
 */
export function checkMovable(run: GraphRun, forked: Forked, answers: readonly Answer[]): void {
  const spaces = pastTasks(run, forked).map(({ ns }) => ns);
  for (const { interrupt } of answers) {
    if (spaces.some((ns) => indexOf(ns, interrupt.id) !== undefined)) continue;
    throw new GraphError(
      "NOTHING_TO_RESUME",
      `The interrupt ${interrupt.id} of this older checkpoint cannot be answered there: it has a key, or was asked within a subgraph or a task, which run anew and ask anew. ` +
        "Go back with invoke(null, config) first, and answer what is asked then. Nothing was changed.",
      { details: { pending: [] } },
    );
  }
}

/**
 * Makes the older checkpoint the thread's newest, and moves the answers to the ids that their questions have there. The answers before
 * them come along: a node that asked twice is answered again from its second question on.
 */
export async function moveToFork<Given extends Answer>(
  run: GraphRun,
  forked: Forked,
  answers: readonly Given[],
): Promise<{ answers: Given[]; carried: Decision[] }> {
  const before = pastTasks(run, forked);
  await saveFork(run);
  const { program, state, ns, persistence } = run;
  const after = prepareTasks(program, state, { checkpointId: persistence?.checkpointId ?? "", ns });
  const moved = new Map<string, Interrupt>();
  const carried: Decision[] = [];
  for (const [position, was] of before.entries()) {
    const now = after[position] as (typeof after)[number];
    for (const asked of forked.saved.tasks.get(was.id)?.interrupts ?? []) {
      const index = indexOf(was.ns, asked.id);
      if (index === undefined) continue;
      const id = interruptId(now.ns, index);
      moved.set(asked.id, new Interrupt({ ...asked, at: asked.at, ns: now.ns.split("|"), id }));
      // Going back to a question changes neither who may answer it nor until when.
      const terms = run.terms.get(asked.id) ?? asked.terms;
      if (terms !== undefined) run.terms.set(id, terms);
      carried.push(...answersBefore(forked, was.ns, now.ns, index));
    }
  }
  run.moved = new Map([...moved.values()].map((asked) => [asked.id, asked]));
  return { answers: answers.map((answer) => ({ ...answer, interrupt: moved.get(answer.interrupt.id) ?? answer.interrupt })), carried };
}

function answersBefore({ saved }: Forked, was: string, now: string, last: number): Decision[] {
  const at = new Date().toISOString();
  return Array.from({ length: last }, (_, index) => {
    const decision = saved.decisions.get(interruptId(was, index));
    return decision === undefined ? [] : [{ interruptId: interruptId(now, index), value: decision.value, at, revision: 0 }];
  }).flat();
}

/** Interrupts of one task that are looked through for an id. */
const MAX_INDEX = 1000;

function indexOf(ns: string, id: string): number | undefined {
  for (let index = 0; index < MAX_INDEX; index++) if (interruptId(ns, index) === id) return index;
  return undefined;
}
