import assert from "node:assert/strict";
import { verifyJournal } from "../../index.js";
import type { JournalEntry } from "../../journal/journal-types.js";

/** Verifies the chain of journal entries, whatever serializer wrote them: their data were read by the saver's own. */
export async function assertChained(entries: readonly JournalEntry[]): Promise<void> {
  let current: JournalEntry | undefined;
  function* followed(): Generator<JournalEntry> {
    for (current of entries) yield current;
  }
  const serializer = { dumps: () => "", loads: () => current?.data };
  const verdict = await verifyJournal(followed(), { serializer });
  assert.equal(verdict.kind, "intact", `the journal is broken: ${JSON.stringify(verdict)}`);
}
