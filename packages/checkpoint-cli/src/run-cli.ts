import { parseArgs } from "node:util";
import { CheckpointError } from "@holdpoint/checkpoint";
import { CliError } from "./cli-error.js";
import type { CliStreams } from "./cli-streams.js";
import type { Command, OptionValues } from "./command.js";
import { copy } from "./commands/copy.js";
import { exportThreads } from "./commands/export.js";
import { importThreads } from "./commands/import.js";
import { list } from "./commands/list.js";
import { prune } from "./commands/prune.js";
import { show } from "./commands/show.js";
import { stats } from "./commands/stats.js";
import { verify } from "./commands/verify.js";
import { commandHelp, programHelp } from "./help.js";

const COMMANDS: readonly Command[] = [list, show, stats, exportThreads, importThreads, copy, prune, verify];

/**
 * Runs the command line.
 * @param args what stands after the program's name
 * @returns the exit code: 0; 1 where something is broken or could not be done; 2 for a command that cannot be meant
 */
export async function runCli(args: readonly string[], streams: CliStreams): Promise<number> {
  try {
    return await runCommand(args, streams);
  } catch (error) {
    if (error instanceof CliError) streams.stderr.write(`holdpoint-checkpoint: ${error.message}\n`);
    else if (CheckpointError.is(error)) streams.stderr.write(`holdpoint-checkpoint: ${error.message} (${error.code})\n`);
    else throw error;
    return error instanceof CliError ? error.exitCode : 1;
  }
}

async function runCommand([name, ...args]: readonly string[], streams: CliStreams): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? streams.stderr : streams.stdout).write(programHelp(COMMANDS));
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    throw new CliError(`There is no command ${JSON.stringify(name)}. There are: ${COMMANDS.map((one) => one.name).join(", ")}.`, 2);
  }
  const { positionals, options } = parse(command, args);
  if (options.help === true) {
    streams.stdout.write(commandHelp(command));
    return 0;
  }
  const { least, most } = command.positionals;
  if (positionals.length < least || positionals.length > most) {
    throw new CliError(`It takes: holdpoint-checkpoint ${command.name} ${command.takes}`, 2);
  }
  return command.run({ streams, positionals, options });
}

function parse(command: Command, args: readonly string[]): { positionals: string[]; options: OptionValues } {
  try {
    const options = { ...command.options, help: { type: "boolean", short: "h" } as const };
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { positionals, options: values as OptionValues };
  } catch (error) {
    // Node.js says more than one sentence about how to pass what it takes for an option.
    const [sentence = ""] = String((error as Error).message).split(/(?<=\.|')(?: |$)/);
    throw new CliError(`${sentence}${sentence.endsWith(".") ? "" : "."} See: holdpoint-checkpoint ${command.name} --help`, 2);
  }
}
