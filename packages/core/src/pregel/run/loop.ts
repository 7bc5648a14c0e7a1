import type { Command } from "../../control/command.js";
import { GraphError } from "../../errors.js";
import { isPromise } from "../../is-promise.js";
import { waitingQuestions } from "../answer/answer-interrupts.js";
import { leaveIfAborted } from "../context/abort.js";
import { emitPause, emitValues } from "../context/debug-events.js";
import type { GraphRun } from "../context/run-context.js";
import { followsStep, saveStep, savesUnderWay } from "../context/save-step.js";
import type { Interrupt } from "../model/interrupt-types.js";
import { applyWrites, commitChanges, type TaskWrites, valuesSoFar } from "../plan/apply-writes.js";
import { touchesOutput } from "../plan/map-output.js";
import { prepareTasks } from "../plan/prepare-tasks.js";
import { shouldInterrupt } from "../plan/should-interrupt.js";
import type { HeldThread } from "../thread/thread-guard.js";
import { type Beginning, begin } from "./begin.js";
import { type PausedStep, runSuperstep } from "./superstep.js";

/** How a run ended: it came to its end, it stopped for somebody, or it hands a command to the graph around it. */
export type RunOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted"; readonly interrupts: readonly Interrupt[]; readonly finished?: readonly TaskWrites[] }
  | { readonly kind: "parent-command"; readonly command: Command };

/** Runs a graph from its input, or from where it stopped, to its end or its next stop. Everything is saved when it resolves. */
export async function runLoop(run: GraphRun, input: unknown, held?: HeldThread): Promise<RunOutcome> {
  // A run that is stopped before it starts changes nothing: no input taken, no answer recorded.
  leaveIfAborted(run.signal);
  try {
    const beginning = await begin(run, input);
    held?.begun();
    const outcome: RunOutcome =
      beginning === "idle" ? { kind: "interrupted", interrupts: waitingQuestions(run) } : await runSteps(run, beginning);
    const saving = run.persistence?.flush();
    // Given back behind the last save, in the same transaction where the saver keeps the order.
    if (run.saver?.ordered === true && run.persistence?.durability !== "exit" && run.late.size === 0)
      held?.release().catch(() => undefined);
    if (saving !== undefined) await saving;
    return outcome;
  } catch (error) {
    // What can be saved is; the error of the run is the one that counts.
    await run.persistence?.flush().catch(() => undefined);
    throw error;
  }
}

async function runSteps(run: GraphRun, beginning: Beginning): Promise<RunOutcome> {
  const { program, state, config } = run;
  const stopBefore = config.interruptBefore ?? program.interruptBefore;
  const stopAfter = config.interruptAfter ?? program.interruptAfter;
  const limit = config.recursionLimit ?? 25;
  // Whoever goes on from a stop has seen it.
  let passing = beginning === "continued";
  for (let steps = 0; ; steps++) {
    leaveIfAborted(run.signal);
    const tasks = prepareTasks(program, state, { checkpointId: run.persistence?.checkpointId ?? `${run.ns}@${steps}`, ns: run.ns });
    if (tasks.length === 0) return { kind: "done" };
    if (steps >= limit)
      throw recursionLimit(
        limit,
        tasks.map(({ name }) => name),
      );
    run.stepsLeft = limit - steps - 1;
    run.step = tasks;
    if (!passing && shouldInterrupt(stopBefore, tasks)) return stopAtBreakpoint(run);
    passing = false;

    if (!tasks.every(({ node }) => node.isGraph)) {
      const saves = savesUnderWay(run);
      if (saves !== undefined) await saves;
    }
    const running = runSuperstep(run, tasks);
    const step = isPromise(running) ? await running : running;
    if (step.kind === "failed") throw step.error;
    if (step.kind === "interrupted") showPause(run, step);
    if (step.kind !== "finished") return step;

    const changes = applyWrites(program, state, step.tasks);
    commitChanges(state, changes);
    if (run.persistence !== undefined) for (const key of changes.values.keys()) run.dirty.add(key);
    const saving = saveStep(run, "loop", followsStep(run));
    // Also where nobody waits for the save: one that failed must be seen before the next step.
    if (run.persistence !== undefined) {
      try {
        await saving;
      } catch (error) {
        await run.persistence.saveAgain(error, saving);
      }
    }
    if (run.outlets.length > 0) {
      if (touchesOutput(run.shown, changes.values.keys())) emitValues(run);
      // Whoever reads gets a turn after each step, even where nothing in it had to be waited for.
      for (const { sink } of run.outlets) await sink.drained();
    }
    if (shouldInterrupt(stopAfter, tasks) && hasNext(run)) return stopAtBreakpoint(run);
  }
}

/** Shows the questions, then what the tasks beside them have written. */
function showPause(run: GraphRun, { interrupts, finished }: PausedStep): void {
  if (run.outlets.length === 0) return;
  emitPause(run, interrupts, false);
  const written = finished.flatMap(({ writes }) => writes.map(([channel]) => channel));
  if (touchesOutput(run.shown, written)) emitValues(run, valuesSoFar(run.program, run.state.values, finished));
}

function stopAtBreakpoint(run: GraphRun): RunOutcome {
  // Shown by the outermost graph, at which the run stops.
  if (run.caller === undefined) emitPause(run, [], true);
  return { kind: "interrupted", interrupts: [] };
}

const hasNext = ({ state: { control } }: GraphRun): boolean => control.nodes.length > 0 || control.sends.length > 0;

const recursionLimit = (limit: number, next: readonly string[]): GraphError =>
  new GraphError(
    "GRAPH_RECURSION_LIMIT",
    `The run took its recursionLimit of ${limit} super-steps and has more to do (next: ${next.join(", ")}). ` +
      "Raise it with { recursionLimit } if the graph needs so many, or look for a loop without an end. What was done is saved.",
  );
