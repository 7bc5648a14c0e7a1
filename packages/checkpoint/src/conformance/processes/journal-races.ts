import assert from "node:assert/strict";
import type { JournalEntry } from "../../journal/journal-types.js";
import { assertChained } from "./assert-chained.js";
import type { Race } from "./race.js";

const CALLS = 60;
const AT = "2026-01-01T00:00:00.000Z";

interface Note {
  readonly name: string;
  readonly n: number;
  readonly part: number;
}

export const journalRaces: readonly Race[] = [
  {
    name: "append to one journal: one chain, and what came together stands together",
    capability: "appendJournal",
    run: async (saver, { name }) => {
      const positions: number[] = [];
      for (let n = 0; n < CALLS; n++) {
        const drafts = [0, 1].map((part) => ({ at: AT, kind: "note", data: { name, n, part } }));
        const [first, second] = await saver.appendJournal!(n % 4 === 0 ? `journal of ${name}` : "journal", drafts);
        positions.push(first!.position, second!.position);
      }
      return positions;
    },
    verify: async (saver, { names }, results) => {
      const all: JournalEntry[] = [];
      for await (const entry of saver.readJournal!()) all.push(entry);
      await assertChained(all);
      const said = names.flatMap((name) => results[name] as number[]);
      assert.deepEqual(
        all.map(({ position }) => position).toSorted((a, b) => a - b),
        said.toSorted((a, b) => a - b),
      );
      const notes = all.filter(({ threadId }) => threadId === "journal").map(({ data }) => data as Note);
      for (let at = 0; at < notes.length; at += 2) {
        assert.deepEqual(notes[at + 1], { ...notes[at], part: 1 }, "entries of one call follow each other");
      }
      for (const name of names) {
        assert.deepEqual(
          results[name],
          (results[name] as number[]).toSorted((a, b) => a - b),
          "positions grow",
        );
        const own = notes.filter((note) => note.name === name && note.part === 0).map(({ n }) => n);
        assert.deepEqual(
          own,
          Array.from({ length: CALLS }, (_, n) => n).filter((n) => n % 4 !== 0),
          `entries of ${name}, in order`,
        );
      }
    },
  },
];
