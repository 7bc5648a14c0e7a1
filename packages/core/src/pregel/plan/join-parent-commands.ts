import { Command } from "../../control/command.js";
import { toSend } from "../../control/send.js";
import { updatePairs } from "./update-pairs.js";

/**
 * Makes one of the commands that a step has for the graph around it. Where each only sends, as the handoffs of an agent that calls several at once,
 * all of it is done: every `Send`, and every update in the order of the commands. One that leads to a node by its name leaves no room for
 * others, and the first one counts.
 */
export function joinParentCommands(commands: readonly [Command, ...Command[]]): Command {
  const [first] = commands;
  if (commands.length === 1 || !commands.every(({ goto }) => goto.length > 0 && goto.every((target) => toSend(target) !== undefined)))
    return first;
  const update = commands.flatMap((command) => updatePairs(command.update).map(([key, value]): [string, unknown] => [key, value]));
  const goto = commands.flatMap((command) => command.goto);
  return new Command<unknown, Record<string, unknown>>({ graph: Command.PARENT, goto, ...(update.length === 0 ? {} : { update }) });
}
