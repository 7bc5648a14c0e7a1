import { GraphError } from "../errors.js";
import { applyWrites, commitChanges } from "./apply-writes.js";
import { destinationWrites, exitWrites } from "./collect-writes.js";
import type { Write } from "./graph-state.js";
import { readState } from "./prepare-tasks.js";
import type { Branch, Exits, Program } from "./program.js";
import type { GraphRun } from "./run-context.js";
import type { Runtime } from "./runtime.js";

/**
 * Adds to a node's writes where it leads: its edges, then what its conditional edges choose.
 * @returns undefined where there was nothing to wait for
 */
export function addExitWrites(run: GraphRun, exits: Exits, name: string, writes: Write[], runtime: Runtime): Promise<void> | undefined {
  if (exits.branches.length > 0) return addChosenWrites(run, exits, name, writes, runtime);
  writes.push(...exitWrites(exits, name));
  return undefined;
}

async function addChosenWrites(run: GraphRun, exits: Exits, name: string, writes: Write[], runtime: Runtime): Promise<void> {
  const state = stateAfter(run, name, writes);
  const chosen: Write[] = [];
  for (const branch of exits.branches) {
    const destinations = branch.route(state, runtime);
    addRouteWrites(run.program, branch, isPromise(destinations) ? await destinations : destinations, chosen);
  }
  writes.push(...exitWrites(exits, name), ...chosen);
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";

/** The state as a conditional edge sees it: with the writes of its own node, without those of the nodes beside it. */
function stateAfter(run: GraphRun, name: string, writes: readonly Write[]): Record<string, unknown> {
  const { program, state } = run;
  const own = { values: { ...state.values }, control: state.control };
  commitChanges(own, applyWrites(program, own, [{ name, path: ["__pregel_pull", name], writes }]));
  return readState(own.values, program.stateKeys);
}

function addRouteWrites(program: Program, branch: Branch, chosen: unknown, writes: Write[]): void {
  for (const destination of Array.isArray(chosen) ? chosen : [chosen]) {
    writes.push(...destinationWrites(program, resolveEnd(branch, destination)));
  }
}

function resolveEnd(branch: Branch, destination: unknown): unknown {
  if (branch.ends === undefined || typeof destination === "object") return destination;
  const key = String(destination);
  if (Object.hasOwn(branch.ends, key)) return branch.ends[key];
  throw new GraphError(
    "UNKNOWN_NODE",
    `The conditional edge "${branch.name}" returned ${JSON.stringify(destination)}, which its path map does not have. It has: ${Object.keys(branch.ends).join(", ")}.`,
  );
}
