// A thread that has asked a thousand questions: what a save costs must not grow with them. SQLite would look through all of them, by the index by id,
// for those that wait.
import { expect, it, onTestFinished } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { newFile } from "../new-file.js";
import { openHandle } from "../open-handle.js";

/** What a trigger does, and what it looks for before, with values in the place of the row that it is about. */
const statementsOf = (trigger: string): string[] =>
  [/BEGIN\s+(.*);\s+END/s, /EXISTS \(\s*(.*?)\s*\) BEGIN/s].map((part) => part.exec(trigger)![1]!.replace(/\b(?:new|old)\.\w+/g, "1"));

it("are not looked through when a checkpoint is saved, or a task's result", () => {
  const file = newFile();
  const saver = SqliteSaver.fromConnString(file);
  const database = openHandle(file);
  onTestFinished(() => void [saver, database].map((one) => one.close()));
  const triggers = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (?, ?)");
  const found = triggers.all("holdpoint_checkpoint", "holdpoint_write") as { name: string; sql: string }[];
  expect(found.map(({ name }) => name).sort()).toEqual(["holdpoint_interrupt_done", "holdpoint_interrupt_passed"]);
  for (const { name, sql } of found) {
    for (const statement of statementsOf(sql)) {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all() as { detail: string }[];
      const [look] = plan.filter(({ detail }) => /\b(?:holdpoint_interrupt|i) USING/.test(detail));
      // Either those of the line that wait, or those of one checkpoint.
      expect([name, look?.detail]).toEqual([name, expect.stringMatching(/\((?:line=\? AND status=\?|line=\? AND checkpoint=\?)\)$/)]);
    }
  }
});
