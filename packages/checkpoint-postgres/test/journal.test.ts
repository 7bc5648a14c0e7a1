import { verifyJournal } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { newSchema, sharedServer } from "./shared-server.js";

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await sharedServer() });
});
afterAll(() => pool.end());

const drafts = (count: number) => Array.from({ length: count }, (_, n) => ({ at: "2030-01-01T00:00:00.000Z", kind: "note", data: { n } }));

async function journaled(count: number) {
  const schema = newSchema();
  const saver = new PostgresSaver(pool, { schema });
  await saver.appendJournal("t", drafts(count));
  const run = (sql: string) => pool.query(sql.replaceAll("s.", `"${schema}".`));
  return { saver, run };
}

describe("the journal in the database", () => {
  it.each([
    "UPDATE s.journal SET data = '{}' WHERE seq = 1",
    "UPDATE s.journal SET hash = hash",
    "DELETE FROM s.journal WHERE seq = 2",
    "DELETE FROM s.journal",
    "TRUNCATE s.journal",
    "TRUNCATE s.journal, s.line",
    "INSERT INTO s.journal OVERRIDING SYSTEM VALUE SELECT * FROM s.journal WHERE seq = 0 ON CONFLICT (position) DO UPDATE SET data = 'x'",
    "MERGE INTO s.journal j USING (SELECT 1) x ON j.seq = 0 WHEN MATCHED THEN DELETE",
  ])("refuses to be changed: %s", async (sql) => {
    const { saver, run } = await journaled(3);
    await expect(run(sql)).rejects.toThrow(/append-only/);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: 3 });
  });

  it.each([
    ["changed data", "UPDATE s.journal SET data = '{\"n\":9}' WHERE seq = 3", { seq: 3, reason: "changed" }],
    ["data that is nothing any more", "UPDATE s.journal SET data = 'xx' WHERE seq = 3", { seq: 3, reason: "changed" }],
    [
      "data of another type",
      "UPDATE s.journal SET bytes = convert_to(data, 'UTF8'), data = NULL WHERE seq = 3",
      { seq: 3, reason: "changed" },
    ],
    ["another time", "UPDATE s.journal SET at = '' WHERE seq = 0", { seq: 0, reason: "changed" }],
    ["a missing entry", "DELETE FROM s.journal WHERE seq = 3", { seq: 3, reason: "missing" }],
    ["a missing beginning", "DELETE FROM s.journal WHERE seq < 2", { seq: 0, reason: "missing" }],
    ["a thread of another name", "UPDATE s.journal SET thread = 'u'", { threadId: "u", reason: "changed" }],
  ])("shows %s", async (_, sql, verdict) => {
    const { saver, run } = await journaled(6);
    await run("DROP TRIGGER journal_change ON s.journal");
    await run(sql);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "broken", ...verdict });
  });

  it("shows an end that was cut off to those who know the head", async () => {
    const { saver, run } = await journaled(6);
    const entries = [];
    for await (const entry of saver.readJournal({ threadId: "t" })) entries.push(entry);
    await run("DROP TRIGGER journal_change ON s.journal");
    await run("DELETE FROM s.journal WHERE seq > 3");
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: 4 });
    const verdict = await verifyJournal(saver.readJournal(), { head: entries.at(-1)?.hash });
    expect(verdict).toMatchObject({ kind: "broken", seq: 4, reason: "missing" });
  });

  it("keeps text of any kind, with the hash that it has elsewhere", async () => {
    const { saver } = await journaled(0);
    const odd = { at: "at\0\ud800", kind: "\u0001kind\0", data: { text: "\0\ud800" } };
    const [entry] = await saver.appendJournal("thread\0", [odd]);
    const read = [];
    for await (const one of saver.readJournal()) read.push(one);
    expect(read).toEqual([entry]);
    expect(entry).toMatchObject({ ...odd, threadId: "thread\0", seq: 0 });
    expect(await verifyJournal(read)).toMatchObject({ kind: "intact" });
  });

  it("is told in the order in which it was committed: a reader who goes on by position misses nothing", async () => {
    const schema = newSchema();
    const savers = Array.from({ length: 4 }, () => new PostgresSaver(pool, { schema }));
    await savers[0]!.setup();
    let isDone = false;
    const seen: string[] = [];
    const reading = (async () => {
      let after = 0;
      for (let last = false; ; ) {
        for await (const { position, threadId, seq } of savers[0]!.readJournal({ after })) {
          expect(position).toBeGreaterThan(after);
          after = position;
          seen.push(`${threadId} ${seq}`);
        }
        if (last) return;
        last = isDone;
      }
    })();
    const writing = savers.map(async (saver, who) => {
      for (let n = 0; n < 60; n++) await saver.appendJournal(`${(who + n) % 5}`, drafts(2));
    });
    await Promise.all(writing);
    isDone = true;
    await reading;
    expect(seen).toHaveLength(480);
    expect(new Set(seen).size).toBe(480);
    expect(await verifyJournal(savers[0]!.readJournal())).toMatchObject({ kind: "intact", entries: 480 });
  });
});
