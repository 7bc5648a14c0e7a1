import type { ParseArgsConfig } from "node:util";
import type { CliStreams } from "./cli-streams.js";

export type OptionSpecs = NonNullable<ParseArgsConfig["options"]>;

/** Options as they were given, by name. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface CommandInput {
  readonly streams: CliStreams;
  readonly positionals: readonly string[];
  readonly options: OptionValues;
}

/** One thing that the program does. */
export interface Command {
  readonly name: string;
  /** What it takes, as it is typed. */
  readonly takes: string;
  readonly summary: string;
  /** Says more in the command's own help; lines of at most 100 characters. */
  readonly help: string;
  readonly options: OptionSpecs;
  /** How many positionals it takes. */
  readonly positionals: { readonly least: number; readonly most: number };
  /** @returns the exit code: 0, or 1 where something was found or could not be done */
  run(input: CommandInput): Promise<number>;
}
