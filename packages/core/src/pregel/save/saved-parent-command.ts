import { LEAVING, OVERWRITE_PREFIX } from "../../constants.js";
import { Command } from "../../control/command.js";
import { isOverwrite, Overwrite } from "../../control/overwrite.js";
import { Send, toSend } from "../../control/send.js";
import type { Write } from "../model/graph-state.js";
import { updatePairs } from "../plan/update-pairs.js";

/** A command in values that can be saved. */
interface Saved {
  readonly update: readonly Write[];
  readonly goto: readonly (string | { readonly node: string; readonly args: unknown })[];
}

/** A task's command for the graph around as a write beside its step, so that the task is not run again while others of the step wait. */
export function saveParentCommand({ update, goto }: Command): Write[] {
  const saved: Saved = {
    update: updatePairs(update).map(([key, value]) => (isOverwrite(value) ? [OVERWRITE_PREFIX + key, value.value] : [key, value])),
    goto: goto.map((target) => {
      const send = typeof target === "string" ? undefined : toSend(target);
      return send === undefined ? (target as string) : { node: send.node, args: send.args };
    }),
  };
  return [[LEAVING, saved]];
}

/** The command among a task's saved writes, if it had one for the graph around. */
export function savedParentCommand(writes: readonly Write[]): Command | undefined {
  const write = writes.find(([channel]) => channel === LEAVING);
  if (write === undefined) return undefined;
  const { update, goto } = write[1] as Saved;
  return new Command<unknown, Record<string, unknown>>({
    graph: Command.PARENT,
    goto: goto.map((target) => (typeof target === "string" ? target : new Send(target.node, target.args))),
    update: update.map(restorePair),
  });
}

const restorePair = ([key, value]: Write): [string, unknown] =>
  key.startsWith(OVERWRITE_PREFIX) ? [key.slice(OVERWRITE_PREFIX.length), new Overwrite(value)] : [key, value];
