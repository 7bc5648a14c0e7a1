import type { Control } from "../model/graph-state.js";
import { Task } from "../model/task.js";
import { currentTask, type GraphRun } from "./run-context.js";

/** A task of the step under way, as the others of the step see it. */
export interface StepTask {
  /** Its node. */
  readonly name: string;
  /** What it got: the state, or what a `Send` brought. */
  readonly input: unknown;
  /** Whether a `Send` made it, rather than an edge. */
  readonly sent: boolean;
  /** Whether a `Command({ goto })` from outside put it beside the tasks that were due. */
  readonly added: boolean;
}

/** The step whose task is running. */
export interface CurrentStep {
  readonly own: StepTask;
  /** All tasks of the step in the order in which they came to be due, which is the same in every run of the step; `own` is one of them. */
  tasks(): readonly StepTask[];
}

/** Gives the step whose task is running; undefined outside of a run, and inside of a `task()` call. */
export function currentStep(): CurrentStep | undefined {
  const context = currentTask();
  if (context === undefined || !(context.scope instanceof Task)) return undefined;
  const { run, scope } = context;
  const due = run.dueAtFirst?.checkpointId === run.persistence?.checkpointId ? run.dueAtFirst?.control : undefined;
  const own = describe(scope, due);
  const others = () => (run.step ?? [scope]).map((task) => (task === scope ? own : describe(task, due)));
  return { own, tasks: () => others().sort((a, b) => Number(a.added) - Number(b.added)) };
}

function describe({ name, input, path }: Task, due: Control | undefined): StepTask {
  const [kind, place] = path;
  const sent = kind === "__pregel_push";
  const added = due !== undefined && (sent ? place >= due.sends.length : !due.nodes.includes(name));
  return { name, input, sent, added };
}

/** Notes what is due at the run's checkpoint before a command from outside adds to it. */
export function noteDue(run: GraphRun): void {
  const checkpointId = run.persistence?.checkpointId;
  if (checkpointId !== undefined && run.dueAtFirst?.checkpointId !== checkpointId) {
    run.dueAtFirst = { checkpointId, control: run.state.control };
  }
}
