import { GraphError } from "../../errors.js";
import { isPromise } from "../../is-promise.js";
import type { GraphRun } from "../context/run-context.js";
import type { Write } from "../model/graph-state.js";
import type { Branch, Exits, Program } from "../model/program.js";
import type { Runtime } from "../model/runtime.js";
import type { OwnChanges } from "../model/task-outcome.js";
import { changedValues, changeValues } from "../plan/apply-writes.js";
import { addDestination } from "../plan/collect-writes.js";
import { readState } from "../plan/prepare-tasks.js";

/**
 * Adds to a node's writes where it leads: its edges, then what its conditional edges choose.
 * @returns what its own writes do to the values, where a conditional edge had to know; a promise of it where one took its time
 */
export function addExitWrites(
  run: GraphRun,
  exits: Exits,
  name: string,
  writes: Write[],
  runtime: Runtime,
): OwnChanges | Promise<OwnChanges> | undefined {
  if (exits.branches.length === 0) {
    for (const write of exits.writes) writes.push(write);
    return undefined;
  }
  // As a conditional edge sees it: with the writes of its own node, without those of the nodes beside it.
  const changes = changeValues(run.program, run.state.values, [{ name, path: ["__pregel_pull", name], writes }]);
  const state = readState(changedValues(run.state.values, changes), run.program.stateKeys);
  const chosen: Write[] = [];
  for (const [index, branch] of exits.branches.entries()) {
    const destinations = branch.route(state, runtime);
    if (isPromise(destinations)) return addLater(run, exits, { writes, chosen, changes }, index, destinations, state, runtime);
    addRoute(run.program, branch, destinations, chosen);
  }
  writes.push(...exits.writes, ...chosen);
  return changes;
}

interface Choice {
  readonly writes: Write[];
  readonly chosen: Write[];
  readonly changes: OwnChanges;
}

/** Goes on with the branch whose destinations come later, and those after it. */
async function addLater(
  { program }: GraphRun,
  { branches, writes: edges }: Exits,
  { writes, chosen, changes }: Choice,
  index: number,
  first: PromiseLike<unknown>,
  state: unknown,
  runtime: Runtime,
): Promise<OwnChanges> {
  addRoute(program, branches[index] as Branch, await first, chosen);
  for (const branch of branches.slice(index + 1)) addRoute(program, branch, await branch.route(state, runtime), chosen);
  writes.push(...edges, ...chosen);
  return changes;
}

function addRoute(program: Program, branch: Branch, chosen: unknown, writes: Write[]): void {
  if (Array.isArray(chosen)) for (const destination of chosen) addDestination(program, resolveEnd(branch, destination), writes);
  else addDestination(program, resolveEnd(branch, chosen), writes);
}

function resolveEnd(branch: Branch, destination: unknown): unknown {
  if (branch.ends === undefined || typeof destination === "object") return destination;
  const key = String(destination);
  if (Object.hasOwn(branch.ends, key)) return branch.ends[key];
  throw new GraphError(
    "UNKNOWN_NODE",
    `The conditional edge "${branch.name}" returned ${String(destination)}, which its path map does not have. It has: ${Object.keys(branch.ends).join(", ")}.`,
  );
}
