import { KEYED_RETURN, RETURN } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { sleep } from "../context/abort.js";
import { currentBridge } from "../context/bridge.js";
import { createRuntime } from "../context/create-runtime.js";
import { emitCallEnd, emitCallStart } from "../context/debug-events.js";
import { InterruptSignal, leaveIfPaused } from "../context/interrupt.js";
import { currentTask, emit, runInTask, TaskContext, type TaskScopeInfo } from "../context/run-context.js";
import type { RetryPolicy } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";
import { nestedNamespace, taskId } from "../model/task.js";
import { retryDelay, shouldRetry } from "../plan/retry.js";
import { settleAttempt } from "./settle-attempt.js";
import { withinTime } from "./within-time.js";

/** One call of a durable function inside a task. */
export interface TaskCall<Result> {
  readonly name: string;
  /** Tells this call from others of the same name; default: its number among the calls of the task around it. */
  readonly key?: string | undefined;
  readonly retry?: RetryPolicy | undefined;
  /** Milliseconds that each attempt may take. */
  readonly timeout?: number | undefined;
  /** Leaves the call out of streams. */
  readonly hidden?: boolean | undefined;
  /** Its arguments, for those who look on. */
  readonly input: readonly unknown[];
  readonly run: (runtime: Runtime) => Result | Promise<Result>;
}

/**
 * Runs a function once for the task around it: its result is saved before it is returned, and returned again, without another run, each
 * time the task runs again after a pause, a failure or a crash. What the function itself asks with `interrupt` is matched within the call.
 * @throws GraphError OUTSIDE_RUN outside of a graph's run
 */
export function callTask<Result>(call: TaskCall<Result>): Promise<Result> {
  const caller = currentTask();
  if (caller === undefined) {
    return Promise.reject(
      new GraphError(
        "OUTSIDE_RUN",
        `task "${call.name}" was called outside of a graph's run. Call it in a node, a tool, an entrypoint or another task.`,
      ),
    );
  }
  // Numbered before anything is awaited: calls made in the same order have the same ids.
  const place = call.key ?? caller.calls++;
  const scope = scopeOf(caller.scope, ["call", typeof place === "number" ? place : `key:${place}`], call.name);
  const { id } = scope;
  const underWay = caller.calling?.get(id);
  if (underWay !== undefined) return underWay as Promise<Result>;
  const result = caller.adopt(runOnce(caller, call, scope));
  caller.calling ??= new Map();
  caller.calling.set(id, result);
  return result;
}

/** The call's place, and where its result is: another one where the task's is. */
function scopeOf(
  { id: around, ns, resultId: kept = around, resultNs = ns }: TaskScopeInfo,
  path: (string | number)[],
  name: string,
): TaskScopeInfo {
  const id = taskId({ checkpointId: around, ns }, path, name);
  const scope = { name, id, ns: nestedNamespace(ns, name, id) };
  if (kept === around) return scope;
  const resultId = taskId({ checkpointId: kept, ns: resultNs }, path, name);
  return { ...scope, resultId, resultNs: nestedNamespace(resultNs, name, resultId) };
}

async function runOnce<Result>(caller: TaskContext, call: TaskCall<Result>, scope: TaskScopeInfo): Promise<Result> {
  leaveIfPaused(caller);
  const { run } = caller;
  const { resultId: id = scope.id } = scope;
  const known = knownResult(caller, id);
  if (known !== undefined) {
    if (call.hidden !== true) emit(run, "updates", { [call.name]: known.value, __metadata__: { cached: true } });
    return known.value as Result;
  }
  const value = await attempt(caller, call, scope);
  await run.persistence?.saveTask(id, [[call.key === undefined ? RETURN : KEYED_RETURN, value]]);
  run.results.set(id, value);
  if (call.hidden !== true) emit(run, "updates", { [call.name]: value });
  return value;
}

function knownResult({ run }: TaskContext, id: string): { readonly value: unknown } | undefined {
  if (run.results.has(id)) return { value: run.results.get(id) };
  const saved = run.persistence?.saved.tasks.get(id)?.writes?.find(([channel]) => channel === RETURN || channel === KEYED_RETURN);
  return saved === undefined ? undefined : { value: saved[1] };
}

async function attempt<Result>(caller: TaskContext, call: TaskCall<Result>, scope: TaskScopeInfo): Promise<Result> {
  const { run } = caller;
  const { name, retry, timeout } = call;
  if (call.hidden !== true) emitCallStart(run, scope, call.input);
  for (let attempts = 1; ; ) {
    const asking = run.fence.makeSure();
    if (asking !== undefined) await asking;
    const context = new TaskContext(run, scope, caller.input);
    const enter = (signal: AbortSignal | undefined) => {
      const runtime = createRuntime(run, context, signal, caller.runtime?.callbacks ?? run.callbacks);
      const { runInContext } = currentBridge();
      const body = () => call.run(runtime);
      return runInTask(context, runInContext === undefined ? body : () => runInContext(runtime, body));
    };
    let outcome: { readonly value: Result } | { readonly error: unknown };
    try {
      const pending = timeout === undefined ? enter(run.signal) : withinTime({ what: "Task", name, timeout, around: run.signal }, enter);
      outcome = { value: await pending };
    } catch (error) {
      outcome = { error };
    }
    if (await settleAttempt(context)) continue;
    const again = !context.paused && "error" in outcome && retry !== undefined && shouldRetry(retry, attempts, outcome.error);
    if (!again && call.hidden !== true) emitCallEnd(run, scope, context, outcome);
    if (context.paused) {
      caller.pause(context.raised);
      throw new InterruptSignal(caller.raised);
    }
    if ("value" in outcome) return outcome.value;
    if (!again) throw outcome.error;
    await sleep(retryDelay(retry, attempts++, Math.random()), run.signal);
  }
}
