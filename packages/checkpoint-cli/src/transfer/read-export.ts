import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { CheckpointError, createSerializer, type ThreadRecord } from "@holdpoint/checkpoint";
import { CliError } from "../cli-error.js";
import { FORMAT, FORMAT_VERSION } from "./export-format.js";

const { loads } = createSerializer();

/** A thread of an export. Its records must be read, or skipped, before the next one is asked for. */
export interface ImportedThread {
  readonly threadId: string;
  /** Fails with a CliError where the file does not go on as it must. */
  readonly records: AsyncGenerator<ThreadRecord>;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads an export, thread by thread. @throws CliError if it is none, or is cut off; with the number of the line */
export async function* readExport(input: Readable): AsyncGenerator<ImportedThread> {
  const lines = linesOf(input);
  const first = await lines.next();
  if (first.done === true) throw new CliError("The input is empty.");
  checkHeader(first.value.line);
  let pending = await lines.next();
  while (pending.done !== true) {
    const { threadId } = pending.value.line;
    if (typeof threadId !== "string") throw broken(pending.value.number, "it names no thread");
    const state = { pending: pending as IteratorResult<NumberedLine, void>, isEnded: false };
    const records = recordsOf(threadId, lines, state);
    yield { threadId, records };
    // Whoever has had enough of a thread leaves the rest of it.
    while ((await records.next()).done !== true);
    if (!state.isEnded) await skipRest(threadId, lines, state);
    pending = state.pending;
  }
}

interface NumberedLine {
  readonly number: number;
  readonly line: Line;
}

interface ReadState {
  /** The next line that nobody has taken. */
  pending: IteratorResult<NumberedLine, void>;
  isEnded: boolean;
}

async function* recordsOf(threadId: string, lines: AsyncGenerator<NumberedLine, void>, state: ReadState): AsyncGenerator<ThreadRecord> {
  for (let count = 0; ; count++) {
    const record = await nextRecord(threadId, count, lines, state);
    if (record === undefined) return;
    yield record;
  }
}

async function skipRest(threadId: string, lines: AsyncGenerator<NumberedLine, void>, state: ReadState): Promise<void> {
  while ((await nextRecord(threadId, undefined, lines, state)) !== undefined);
}

/** Takes the next line of a thread; undefined at its end. @param count records before it, where it is known */
async function nextRecord(
  threadId: string,
  count: number | undefined,
  lines: AsyncGenerator<NumberedLine, void>,
  state: ReadState,
): Promise<ThreadRecord | undefined> {
  const { pending } = state;
  if (pending.done === true) throw new CliError(`The input is cut off within the thread ${JSON.stringify(threadId)}.`);
  const { line, number } = pending.value;
  if (line.threadId !== threadId) throw broken(number, `it is not of the thread ${JSON.stringify(threadId)}, whose end is missing`);
  state.pending = await lines.next();
  if (line.kind !== "end") {
    const { threadId: _, ...record } = line;
    return record as unknown as ThreadRecord;
  }
  state.isEnded = true;
  if (count !== undefined && line.records !== count)
    throw broken(number, `the thread has ${count} records, and should have ${String(line.records)}`);
  return undefined;
}

async function* linesOf(input: Readable): AsyncGenerator<NumberedLine, void> {
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() !== "") yield { number, line: parsed(number, text) };
  }
}

function parsed(number: number, text: string): Line {
  let value: unknown;
  try {
    value = loads(text);
  } catch (error) {
    // The parser's message shows a part of the text.
    if (CheckpointError.is(error, "CORRUPT_DATA")) throw broken(number, "it cannot be read");
    throw error;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Line;
  throw broken(number, "it is no object");
}

function checkHeader({ format, version }: Line): void {
  if (format !== FORMAT) throw new CliError("The input is no export of holdpoint-checkpoint: its first line is not the header of one.");
  if (version !== FORMAT_VERSION) {
    throw new CliError(`The input has the version ${String(version)} of the format, and this program knows ${FORMAT_VERSION}. Update it.`);
  }
}

function broken(number: number, fact: string): CliError {
  return new CliError(`Line ${number} of the input is damaged: ${fact}.`);
}
