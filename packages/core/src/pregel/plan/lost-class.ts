import { CLASS_NAME, isInstance } from "../../control/class-name.js";
import { GraphError } from "../../errors.js";
import type { Program } from "../model/program.js";

/** Classes of which JSON leaves nothing but the name. */
export const LOST_CLASSES: ReadonlySet<unknown> = new Set(["Command", "Send"]);

/** Keys of a `Command`, or of a request that holds one, which say that somebody meant to answer or to lead. */
const COMMAND_KEYS = ["resume", "goto", "command"];

/**
 * Refuses an input that says of itself that it is a command. It may have come from anywhere, so that it is not taken for one; and taken for an input it
 * would lose what somebody answered.
 * @throws GraphError INVALID_INPUT
 */
export function refuseLostCommand(program: Program, input: object): void {
  const name: unknown = Object.hasOwn(input, CLASS_NAME) ? (input as { [CLASS_NAME]?: unknown })[CLASS_NAME] : undefined;
  if (!LOST_CLASSES.has(name)) return;
  throw refused(
    program,
    `is data that says it is a ${name}: one that has lost its class, as JSON loses it`,
    name === "Command" ? REBUILD : "A Send is returned by a conditional edge, or given as new Command({ goto }).",
  );
}

/**
 * Refuses an input that has keys, none of them the graph's, where it cannot have been meant as an input.
 * @throws GraphError INVALID_INPUT
 */
export function refuseKeyless(program: Program, input: object, takesKey: (key: string) => boolean): void {
  const keys = Object.keys(input);
  if (keys.some(takesKey)) return;
  const given = COMMAND_KEYS.find((key) => Object.hasOwn(input, key));
  if (given !== undefined) throw refused(program, `has "${given}", and no key of the state`, REBUILD);
  if (!isInstance(input)) return;
  const { name } = Object.getPrototypeOf(input).constructor as { name: string };
  throw refused(program, `is a ${name} without a key of the state`, "Pass an object with state keys; a promise is to be awaited first.");
}

const REBUILD =
  "To answer with it, once you know that whoever sent it may answer, make it anew: invoke(new Command({ resume: input.resume }), config).";

const refused = (program: Program, fact: string, remedy: string): GraphError =>
  new GraphError("INVALID_INPUT", `The input of "${program.name}" ${fact}. Nothing was saved. ${remedy}`);
