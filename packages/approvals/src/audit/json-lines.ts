import { type CheckpointSaver, createSerializer, type JournalEntry, journalPlace, type Serializer } from "@holdpoint/checkpoint";
import { ApprovalError } from "../approval-error.js";
import { checkIterable } from "../read-options.js";
import { type AuditQuery, readAudit } from "./read-audit.js";

/**
 * Exports the audit trail as JSON Lines: one entry a line, with its hash. `data` is for people and programs that read; `stored` is what the hash
 * is of, so that `verifyAudit` can verify an export by itself, years later.
 * @returns lines, each with its line break
 * @throws ApprovalError as readAudit
 * @example
 * ```ts no-check part of a program
 * await pipeline(exportAudit(saver), createWriteStream("audit.jsonl"));
 * ```
 */
export async function* exportAudit(saver: CheckpointSaver, query?: AuditQuery): AsyncIterableIterator<string> {
  for await (const entry of readAudit(saver, query)) yield `${JSON.stringify(lineOf(entry))}\n`;
}

function lineOf({ position, threadId, seq, at, kind, data, stored, previous, hash }: JournalEntry): Record<string, unknown> {
  const kept = typeof stored === "string" ? { stored } : { storedBase64: Buffer.from(stored).toString("base64") };
  return { position, threadId, seq, at, kind, data, ...kept, previous, hash };
}

/**
 * Reads an export: lines, or pieces of text as a file's stream gives them.
 * @throws ApprovalError INVALID_OPTIONS for a line that is none of an export
 */
export async function* readExport(
  text: Iterable<string> | AsyncIterable<string>,
  serializer: Serializer = createSerializer(),
): AsyncIterableIterator<JournalEntry> {
  let rest = "";
  checkIterable("readExport()", text);
  for await (const piece of text) {
    if (typeof piece !== "string") throw new ApprovalError("INVALID_OPTIONS", "readExport() reads text: open the file with an encoding.");
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield entryOf(line, serializer);
  }
  if (rest !== "") yield entryOf(rest, serializer);
}

function entryOf(line: string, serializer: Serializer): JournalEntry {
  const { stored, storedBase64, data, ...entry } = parse(line);
  const written = typeof storedBase64 === "string" ? new Uint8Array(Buffer.from(storedBase64, "base64")) : stored;
  const chained = { ...entry, stored: written } as JournalEntry;
  return { ...chained, data: readData(data, chained, serializer) };
}

/** What the line shows, as it was before it became JSON; where it shows something else than is stored, that: verifying finds it. */
function readData(shown: unknown, { threadId, at, kind, stored }: JournalEntry, serializer: Serializer): unknown {
  try {
    const data = serializer.loads(stored, journalPlace(threadId, at, kind));
    return JSON.stringify(data) === JSON.stringify(shown) ? data : shown;
  } catch {
    return shown;
  }
}

function parse(line: string): Record<string, unknown> {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === "object" && entry !== null && "hash" in entry) return entry as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ApprovalError("INVALID_OPTIONS", `A line is no entry of an audit trail: ${line.slice(0, 60)}`);
}
