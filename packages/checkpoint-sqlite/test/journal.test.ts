import { newLease, verifyJournal } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";

const drafts = (count: number) => Array.from({ length: count }, (_, n) => ({ at: "2030-01-01T00:00:00.000Z", kind: "note", data: { n } }));

/** A journal in which someone who may write to the file has done something. */
async function tampered(sql: string): Promise<SqliteSaver> {
  const handle = openHandle(":memory:");
  const saver = new SqliteSaver(handle);
  await saver.appendJournal("t", drafts(6));
  handle.exec("DROP TRIGGER holdpoint_journal_update; DROP TRIGGER holdpoint_journal_delete;");
  handle.exec(sql);
  return saver;
}

describe("the journal in the database", () => {
  it.each([
    "UPDATE holdpoint_journal SET data = '{}' WHERE seq = 1",
    "UPDATE holdpoint_journal SET hash = hash",
    "DELETE FROM holdpoint_journal WHERE seq = 2",
    "DELETE FROM holdpoint_journal",
    "INSERT OR REPLACE INTO holdpoint_journal SELECT * FROM holdpoint_journal WHERE seq = 0",
    "REPLACE INTO holdpoint_journal (position, seq, thread, at, kind, previous, hash, data) VALUES (1, 0, 't', '', '', '', '', '')",
  ])("refuses to be changed: %s", async (sql) => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    await saver.appendJournal("t", drafts(3));
    expect(() => handle.exec(sql)).toThrow(/append-only/);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: 3 });
    saver.close();
  });

  it.each([
    ["changed data", "UPDATE holdpoint_journal SET data = '{\"n\":9}' WHERE seq = 3", { seq: 3, reason: "changed" }],
    ["data that is nothing any more", "UPDATE holdpoint_journal SET data = 'xx' WHERE seq = 3", { seq: 3, reason: "changed" }],
    ["data of another type", "UPDATE holdpoint_journal SET data = CAST(data AS BLOB) WHERE seq = 3", { seq: 3, reason: "changed" }],
    ["another time", "UPDATE holdpoint_journal SET at = '' WHERE seq = 0", { seq: 0, reason: "changed" }],
    ["a missing entry", "DELETE FROM holdpoint_journal WHERE seq = 3", { seq: 3, reason: "missing" }],
    ["a missing beginning", "DELETE FROM holdpoint_journal WHERE seq < 2", { seq: 0, reason: "missing" }],
    ["another order", "UPDATE holdpoint_journal SET position = 100 WHERE seq = 3", { seq: 3, reason: "reordered" }],
    ["a thread of another name", "UPDATE holdpoint_journal SET thread = 'u'", { threadId: "u", reason: "changed" }],
  ])("shows %s", async (_, sql, verdict) => {
    const saver = await tampered(sql);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "broken", ...verdict });
    saver.close();
  });

  it("shows an end that was cut off to those who know the head", async () => {
    const saver = await tampered("DELETE FROM holdpoint_journal WHERE seq > 3");
    const intact = await verifyJournal(saver.readJournal());
    expect(intact).toMatchObject({ kind: "intact", entries: 4 });
    const whole = SqliteSaver.fromConnString(":memory:");
    const head = (await whole.appendJournal("t", drafts(6))).at(-1)?.hash;
    expect(await verifyJournal(saver.readJournal(), { head })).toMatchObject({ kind: "broken", seq: 4, reason: "missing" });
    saver.close();
    whole.close();
  });

  it("reads a page by the index of its thread", () => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    const plan = handle
      .prepare("EXPLAIN QUERY PLAN SELECT data FROM holdpoint_journal WHERE thread = ? AND position > ? ORDER BY position LIMIT ?")
      .all("t", 1, 5) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([
      "SEARCH holdpoint_journal USING INDEX holdpoint_journal_by_thread (thread=? AND rowid>?)",
    ]);
    saver.close();
  });
});

describe("leases of two savers in one process", () => {
  it("exclude each other as those of two processes", async () => {
    const file = newFile();
    const [one, two] = [SqliteSaver.fromConnString(file), SqliteSaver.fromConnString(file)];
    const leases = [newLease(0, 1000), newLease(0, 1000)] as const;
    expect(await one.acquireLease("t", leases[0], 0)).toEqual({ kind: "acquired" });
    expect(await two.acquireLease("t", leases[1], 0)).toEqual({ kind: "held", by: leases[0] });
    await two.releaseLease("t", leases[1].id);
    await one.releaseLease("t", leases[0].id);
    expect(await two.acquireLease("t", leases[1], 0)).toEqual({ kind: "acquired" });
    one.close();
    two.close();
  });
});
