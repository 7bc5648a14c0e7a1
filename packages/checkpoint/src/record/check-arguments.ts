// What savers are given may come from plain JavaScript. A driver may end the whole process where it is handed something that no column can hold.
import { CheckpointError } from "../checkpoint-error.js";
import type { CheckpointListOptions, CheckpointSaver, Decision, PendingWrite } from "../types.js";
import { describeUnknownKeys } from "../unknown-keys.js";
import { describeValue } from "./describe-value.js";

type JournalQuery = Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0];

/** Reads what `list` was told; `null` is not given, as in LangGraph. @throws CheckpointError INVALID_ARGUMENT */
export function readListOptions(options: CheckpointListOptions | null | undefined): CheckpointListOptions {
  const { limit, before, filter } = requireOptions("list", options);
  for (const [name, value] of Object.entries({ before, filter })) {
    if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value)))
      throw invalid(`list: ${name} must be an object, not ${describeValue(value)}.`);
  }
  return { limit: limit ?? undefined, before: before ?? undefined, filter: filter ?? undefined };
}

/** Reads which part of a journal is wanted. @throws CheckpointError INVALID_ARGUMENT: of a misspelt query everything would be read */
export function readJournalQuery(query: JournalQuery | null): {
  readonly threadId: string | undefined;
  readonly after: number | undefined;
  readonly limit: number | undefined;
} {
  const { threadId, after, limit } = requireKnown("readJournal", query, ["threadId", "after", "limit"]) as NonNullable<JournalQuery>;
  if (threadId !== undefined && typeof threadId !== "string")
    throw invalid(`readJournal: threadId must be a string, not ${describeValue(threadId)}.`);
  for (const [name, value] of Object.entries({ after, limit })) {
    if (value !== undefined && (typeof value !== "number" || Number.isNaN(value)))
      throw invalid(`readJournal: ${name} must be a number, not ${describeValue(value)}.`);
  }
  // A database counts in whole numbers.
  return {
    threadId,
    after: after === undefined ? undefined : Math.floor(after),
    limit: limit === undefined ? undefined : Math.ceil(limit),
  };
}

/** @throws CheckpointError INVALID_ARGUMENT if it is no object, or has a key that nobody reads */
export function requireKnown<Options extends object>(
  where: string,
  options: Options | null | undefined,
  known: readonly string[],
): Partial<Options> {
  const given = requireOptions(where, options);
  const unknown = describeUnknownKeys(given, known);
  if (unknown !== undefined) throw invalid(`${where} does not know ${unknown}. It takes: ${known.join(", ")}.`);
  return given;
}

function requireOptions<Options extends object>(where: string, options: Options | null | undefined): Partial<Options> {
  if (options === undefined || options === null) return {};
  if (typeof options === "object" && !Array.isArray(options)) return options;
  throw invalid(`${where} takes an object with options, not ${Array.isArray(options) ? "a list" : describeValue(options)}.`);
}

/** @throws CheckpointError INVALID_ARGUMENT */
export function checkWrites(writes: readonly PendingWrite[], taskId: string): void {
  if (typeof taskId !== "string") throw invalid(`putWrites: the task's id must be a string, not ${describeValue(taskId)}.`);
  if (!Array.isArray(writes)) throw invalid(`putWrites takes a list of [channel, value], not ${describeValue(writes)}.`);
  for (const write of writes as readonly unknown[]) {
    if (!Array.isArray(write) || typeof write[0] !== "string")
      throw invalid("putWrites: each write is [channel, value], with the channel's name as a string.");
  }
}

/** @throws CheckpointError INVALID_ARGUMENT if one is none, or two are for the same interrupt */
export function checkDecisions(decisions: readonly Decision[]): void {
  if (!Array.isArray(decisions)) throw invalid(`recordDecisions takes a list of decisions, not ${describeValue(decisions)}.`);
  const ids = new Set<string>();
  for (const decision of decisions as readonly (Decision | null | undefined)[]) {
    const { interruptId, revision } = decision ?? {};
    if (typeof interruptId !== "string" || interruptId === "") throw invalid("A decision needs the id of the interrupt that it answers.");
    if (!Number.isInteger(revision) || (revision as number) < 0)
      throw invalid(`The revision of a decision must be 0, 1, 2 …, not ${describeValue(revision)}.`);
    if (ids.has(interruptId)) throw invalid(`Two decisions answer the interrupt ${interruptId}. Pass one for each.`);
    ids.add(interruptId);
  }
}

/** @throws CheckpointError INVALID_ARGUMENT unless it is text */
export function requireText(what: string, text: unknown): string {
  if (typeof text === "string") return text;
  throw invalid(`${what} must be a string, not ${describeValue(text)}.`);
}

/** Reads the options of a saver or store: those that are `null` are not given. @throws CheckpointError INVALID_ARGUMENT */
export function readOpenOptions<Options extends object>(where: string, options: Options | null | undefined): Options {
  const given = requireOptions(where, options) as Record<string, unknown>;
  const read = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const { serializer } = read as { serializer?: { dumps?: unknown; loads?: unknown } };
  if (serializer !== undefined && (typeof serializer?.dumps !== "function" || typeof serializer.loads !== "function"))
    throw invalid(`${where}: serializer must have dumps and loads. Make one with createSerializer() or encryptedSerializer().`);
  return read as Options;
}

const invalid = (message: string): CheckpointError => new CheckpointError("INVALID_ARGUMENT", message);
