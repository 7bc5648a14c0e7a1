import { OVERWRITE_PREFIX } from "../../constants.js";
import { CLASS_NAME } from "../../control/class-name.js";
import { isOverwrite } from "../../control/overwrite.js";
import { GraphError } from "../../errors.js";
import type { Soon } from "../../soon.js";
import { describeIssues, type StandardIssue, type StandardSchema } from "../../state/standard-schema.js";
import type { Write } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import { refuseKeyless, refuseLostCommand } from "./lost-class.js";

/**
 * Reads an input into writes: the keys that the graph takes, each parsed by its schema where it has one.
 * @throws GraphError INVALID_INPUT with `details.issues`; rejects with it where a schema found them
 */
export function mapInput(program: Program, input: unknown): Soon<Write[]> {
  if (typeof input === "object" && input !== null && !takesKey(program, CLASS_NAME)) refuseLostCommand(program, input);
  if (program.inputKey !== undefined) return [[program.inputKey, input]];
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new GraphError(
      "INVALID_INPUT",
      `The input of "${program.name}" must be an object with state keys, but is ${Array.isArray(input) ? "a list" : typeof input}.`,
    );
  }
  refuseKeyless(program, input, (key) => takesKey(program, key));
  if (hasSchemas(program)) return parseInput(program, input);
  const writes: Write[] = [];
  for (const key of Object.keys(input)) {
    const value = (input as Record<string, unknown>)[key];
    if (value === undefined || !takesKey(program, key)) continue;
    writes.push(isOverwrite(value) ? [OVERWRITE_PREFIX + key, value.value] : [key, accepted(program, key, value)]);
  }
  return writes;
}

/** What a task got, as those who look on see it: where an input is one value, that value. */
export const shownInput = ({ inputKey }: Program, input: unknown): unknown =>
  inputKey !== undefined && typeof input === "object" && input !== null && inputKey in input
    ? (input as Readonly<Record<string, unknown>>)[inputKey]
    : input;

async function parseInput(program: Program, input: object): Promise<Write[]> {
  const writes: Write[] = [];
  const issues: StandardIssue[] = [];
  for (const [key, given] of Object.entries(input)) {
    if (given === undefined || !takesKey(program, key)) continue;
    const replaces = isOverwrite(given);
    const parsed = await parseValue(replaces ? program.valueSchemas : program.inputSchemas, key, replaces ? given.value : given);
    if (parsed.issues !== undefined) issues.push(...parsed.issues.map((issue) => ({ ...issue, path: [key, ...(issue.path ?? [])] })));
    else writes.push(replaces ? [OVERWRITE_PREFIX + key, parsed.value] : [key, accepted(program, key, parsed.value)]);
  }
  if (issues.length > 0) throw invalidInput(program, issues);
  return writes;
}

function parseValue(schemas: Program["inputSchemas"], key: string, value: unknown) {
  // A key may be called "constructor", which every object has.
  const schema = Object.hasOwn(schemas, key) ? schemas[key] : undefined;
  return schema === undefined ? { value, issues: undefined } : schema["~standard"].validate(value);
}

/**
 * Checks that keys which must have a value have one, from this input or from before; undefined where none must.
 * @throws GraphError INVALID_INPUT (rejects)
 */
export function requireKeys(program: Program, values: Record<string, unknown>): Promise<void> | undefined {
  return hasSchemas(program) ? findMissing(program, values) : undefined;
}

async function findMissing(program: Program, values: Record<string, unknown>): Promise<void> {
  const issues: StandardIssue[] = [];
  for (const [key, schema] of Object.entries(program.inputSchemas)) {
    if (Object.hasOwn(values, key) || !takesKey(program, key)) continue;
    issues.push(...(await issuesOfNothing(key, schema)));
  }
  if (issues.length > 0) throw invalidInput(program, issues);
}

function hasSchemas({ inputSchemas }: Program): boolean {
  for (const _key in inputSchemas) return true;
  return false;
}

function accepted(program: Program, key: string, value: unknown): unknown {
  const channel = program.channels[key];
  return channel?.accept === undefined ? value : channel.accept(value);
}

async function issuesOfNothing(key: string, schema: StandardSchema): Promise<StandardIssue[]> {
  const parsed = await schema["~standard"].validate(undefined);
  return (parsed.issues ?? []).map((issue) => ({ ...issue, path: [key, ...(issue.path ?? [])] }));
}

const takesKey = (program: Program, key: string): boolean =>
  program.inputKeys === undefined ? key in program.channels : program.inputKeys.includes(key);

const invalidInput = (program: Program, issues: readonly StandardIssue[]): GraphError =>
  new GraphError("INVALID_INPUT", `The input of "${program.name}" does not fit its schema: ${describeIssues(issues)}. Nothing was saved.`, {
    details: { issues },
  });
