import { COPY, END, INPUT, START } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { ANYTHING, type Kind, kindOf, OBJECT, readOptions, TEXT } from "../../read-options.js";
import type { Program } from "../model/program.js";

/** What a node would have returned, and for which node it counts. */
export interface StateUpdate<Values = unknown> {
  readonly values?: Values | null;
  /** Default, where the update is the only one of its step: the node that ran last. `"__input__"`: `values` is an input of the thread. `"__copy__"`: the checkpoint as it is. */
  readonly asNode?: string | undefined;
  /** The id of the task that it stands for, as conditional edges of the node see it. Default: one of its own. */
  readonly taskId?: string | undefined;
}

/** Updates that make one checkpoint, as the tasks of a step do. */
export interface Superstep<Values = unknown> {
  readonly updates: readonly StateUpdate<Values>[];
}

/**
 * Reads the steps of an update, for a program: each of them one checkpoint, with updates by keys of the state.
 * @throws GraphError INVALID_UPDATE, AMBIGUOUS_UPDATE, INVALID_OPTIONS
 */
export function readSupersteps(program: Program, supersteps: readonly Superstep[]): readonly Superstep[] {
  checkSupersteps(supersteps);
  return supersteps.flatMap(readCopy).map(({ updates }) => ({ updates: updates.map((update) => readUpdate(program, update)) }));
}

/** A copy with updates, `[[values, asNode], …]`, is a copy and a step after it. */
function readCopy(superstep: Superstep): readonly Superstep[] {
  const [{ values, asNode }] = superstep.updates as readonly [StateUpdate];
  if (asNode !== COPY || values === undefined || values === null) return [superstep];
  const isPair = (pair: unknown): pair is [unknown, string] => Array.isArray(pair) && pair.length === 2 && typeof pair[1] === "string";
  if (!Array.isArray(values) || values.length === 0 || !values.every(isPair))
    throw new GraphError(
      "INVALID_UPDATE",
      `A copy of a checkpoint takes null, or a list of updates [[values, "node"], …], not ${kindOf(values)}. To change the state, act for a node.`,
    );
  return [{ updates: [{ values: null, asNode }] }, { updates: values.map(([each, node]) => ({ values: each, asNode: node })) }];
}

const UPDATE = { values: ANYTHING, asNode: TEXT, taskId: TEXT } as const satisfies Record<keyof StateUpdate, Kind>;

/** What only one update can do by itself: it is no task beside others. */
const ALONE: readonly unknown[] = [COPY, END, INPUT, undefined, null];

function checkSupersteps(supersteps: readonly Superstep[]): void {
  if (!Array.isArray(supersteps) || supersteps.length === 0)
    throw new GraphError("INVALID_UPDATE", "bulkUpdateState() got no steps. Pass a list of them: [{ updates: [{ values, asNode }] }].");
  for (const [step, superstep] of (supersteps as readonly (Superstep | null | undefined)[]).entries()) {
    const updates = superstep?.updates;
    if (!Array.isArray(updates) || updates.length === 0)
      throw new GraphError(
        "INVALID_UPDATE",
        `Step ${step} of bulkUpdateState() has no updates. Give it one at least: { updates: [{ values, asNode }] }.`,
      );
    for (const update of updates as readonly unknown[]) {
      if (!OBJECT[1](update))
        throw new GraphError(
          "INVALID_UPDATE",
          `An update of step ${step} of bulkUpdateState() must be { values, asNode }, not ${kindOf(update)}.`,
        );
      readOptions("an update of bulkUpdateState()", update as StateUpdate, UPDATE);
    }
    if (updates.length === 1) continue;
    const alone = (updates as readonly StateUpdate[]).find(({ asNode }) => ALONE.includes(asNode));
    if (alone === undefined) continue;
    if (alone.asNode === undefined || alone.asNode === null)
      throw new GraphError(
        "AMBIGUOUS_UPDATE",
        `Step ${step} of bulkUpdateState() has several updates. Say of each whose it is: { values, asNode }.`,
      );
    throw new GraphError(
      "INVALID_UPDATE",
      `An update as "${alone.asNode}" is a step by itself: give step ${step} of bulkUpdateState() no other one.`,
    );
  }
}

/** An update by keys of the state, of whatever sort the program's values are. */
function readUpdate({ asUpdate, inputKey }: Program, update: StateUpdate): StateUpdate {
  const { values, asNode } = update;
  if (asUpdate === undefined || inputKey === undefined || asNode === INPUT || values === undefined || values === null) return update;
  return { ...update, values: asNode === START ? { [inputKey]: values } : asUpdate(values) };
}
