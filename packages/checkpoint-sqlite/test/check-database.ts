import { expect } from "vitest";
import type { SqliteHandle } from "../src/index.js";

/** What must never be found in a database, whoever has been at it. */
const BROKEN = {
  "parents that are not there": `
    SELECT pk FROM holdpoint_checkpoint c WHERE parent IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM holdpoint_checkpoint p WHERE p.pk = c.parent AND p.line = c.line AND p.data IS NOT NULL)`,
  "changes of nothing": "SELECT pk FROM holdpoint_checkpoint WHERE is_patch = 1 AND parent IS NULL",
  "checkpoints of no line": "SELECT pk FROM holdpoint_checkpoint WHERE line NOT IN (SELECT pk FROM holdpoint_line)",
  "writes beside nothing": "SELECT pk FROM holdpoint_write WHERE checkpoint NOT IN (SELECT pk FROM holdpoint_checkpoint)",
  "questions beside nothing": `
    SELECT pk FROM holdpoint_interrupt i
    WHERE NOT EXISTS (SELECT 1 FROM holdpoint_checkpoint c WHERE c.line = i.line AND c.id = i.checkpoint)`,
  "questions that do not say whether they are for somebody": `
    SELECT pk FROM holdpoint_interrupt i WHERE assigned <> EXISTS (SELECT 1 FROM holdpoint_assignee a WHERE a.place = i.place)`,
  "assignees elsewhere in the order": `
    SELECT a.place FROM holdpoint_assignee a JOIN holdpoint_interrupt i ON i.place = a.place WHERE (a.status, a.at) <> (i.status, i.at)`,
  "assignees of nothing": "SELECT place FROM holdpoint_assignee WHERE place NOT IN (SELECT place FROM holdpoint_interrupt)",
};

/** Checks that the tables fit together. */
export function checkDatabase(handle: SqliteHandle): void {
  expect(handle.prepare("PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
  for (const [what, sql] of Object.entries(BROKEN)) expect(handle.prepare(sql).all(), what).toEqual([]);
}
