import type { CheckpointSaver, JournalEntry } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { createInbox, exportAudit, readAudit, readExport, verifyAudit } from "../src/index.js";
import { desk, fakeClock, HOUR, refusalOf, toolCall } from "./support/desk.js";
import { eachSaver } from "./support/each-saver.js";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe.each(eachSaver)("an inbox, on $name", ({ open }) => {
  it("shows everything that waits, with age, deadline, who may decide, and votes", async () => {
    const { now, pass } = fakeClock(Date.now());
    const saver = open();
    const { ask, say } = desk({
      saver,
      now,
      rule: { quorum: 2, expiresIn: HOUR, separateDuties: true },
      value: toolCall("refund", { amount: 5 }),
    });
    const other = desk({ saver, now, rule: { approvers: ["zoe"] }, compile: { name: "other" } });
    const { id } = await ask("a", "cy");
    await say([{ type: "accept" }], "ann", "a", "fine");
    await ask("b", "dan");
    await other.ask("c");
    pass(2 * HOUR);
    const inbox = createInbox(saver, { now });
    const { entries } = await inbox.list({ order: "oldest" });
    expect(entries.map(({ threadId }) => threadId)).toEqual(["a", "b", "c"]);
    const [first] = entries;
    expect(first).toMatchObject({
      id,
      graph: "desk",
      status: "pending",
      value: [{ action_request: { action: "refund", args: { amount: 5 } } }],
      terms: { rule: "rule", requester: "cy", quorum: 2, assignees: ["ann", "bob"] },
      votes: [{ by: { id: "ann" }, value: [{ type: "accept" }], reason: "fine" }],
    });
    expect(first?.age).toBeGreaterThanOrEqual(2 * HOUR - 1000);
    expect(Math.abs((first?.timeLeft ?? 0) + HOUR)).toBeLessThan(10_000);
    expect(entries[2]).toMatchObject({ timeLeft: undefined, votes: [] });
    expect((await inbox.list({ assignee: "zoe" })).entries.map(({ threadId }) => threadId)).toEqual(["c"]);
    expect((await inbox.list({ graph: "other" })).entries).toHaveLength(1);
    expect((await inbox.list({ threadId: "b" })).entries).toHaveLength(1);
    expect((await collect(inbox.all({ limit: 2 }))).map(({ threadId }) => threadId)).toEqual(["c", "b", "a"]);
    await other.say(true, "zoe", "c");
    expect((await inbox.list({ status: "decided" })).entries.map(({ threadId }) => threadId)).toEqual(["c"]);
  });
});

describe.each(eachSaver)("the audit trail, on $name", ({ open }) => {
  async function someHistory(saver: CheckpointSaver) {
    const { ask, say } = desk({ saver, rule: { quorum: 2 } });
    await ask("a");
    await ask("b");
    await say(true, "ann", "a", "fine");
    await say(false, "bob", "b");
    await say(true, "cy", "a");
  }

  it("is read over all threads, by person, kind, thread and time", async () => {
    const saver = open();
    await someHistory(saver);
    const entries = await collect(readAudit(saver));
    expect(entries.map(({ threadId, kind }) => `${threadId} ${kind}`)).toEqual([
      "a asked",
      "b asked",
      "a voted",
      "b decided",
      "b ran",
      "a decided",
      "a ran",
    ]);
    expect((await collect(readAudit(saver, { by: "ann" }))).map(({ data }) => data)).toMatchObject([
      { reason: "fine", value: true, shown: "Go ahead?" },
    ]);
    expect(await collect(readAudit(saver, { threadId: "b", kind: "ran" }))).toHaveLength(1);
    expect(await collect(readAudit(saver, { kind: ["decided", "voted"], limit: 2 }))).toHaveLength(2);
    expect(await collect(readAudit(saver, { after: entries[4]?.position ?? 0 }))).toHaveLength(2);
    expect(await collect(readAudit(saver, { since: "2000-01-01T00:00:00Z", until: "2001-01-01T00:00:00Z" }))).toEqual([]);
    expect((await refusalOf(collect(readAudit(saver, { since: "yesterday" })))).code).toBe("INVALID_OPTIONS");
  });

  it("outlives its threads, and is verified", async () => {
    const saver = open();
    await someHistory(saver);
    await saver.deleteThread("a");
    const verdict = await verifyAudit(saver);
    expect(verdict).toMatchObject({ kind: "intact", entries: 7 });
    const heads = verdict.kind === "intact" ? verdict.heads : new Map();
    expect([...heads.keys()].sort()).toEqual(["a", "b"]);
    expect((await verifyAudit(saver, { heads })).kind).toBe("intact");
    expect((await verifyAudit(saver, { threadId: "b", heads: Object.fromEntries(heads) })).kind).toBe("intact");
    const forgotten = { b: "0".repeat(64) };
    expect(await verifyAudit(saver, { heads: forgotten })).toMatchObject({ kind: "broken", threadId: "b", reason: "missing" });
    expect(await verifyAudit(saver, { heads: { gone: "1".repeat(64) } })).toMatchObject({ kind: "broken", threadId: "gone", seq: 0 });
  });

  it("is exported as JSON Lines, which are verified by themselves", async () => {
    const saver = open();
    await someHistory(saver);
    const lines = await collect(exportAudit(saver));
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({ threadId: "a", kind: "voted", data: { by: "ann", reason: "fine" } });
    const text = lines.join("");
    const pieces = text.match(/[\s\S]{1,100}/g) ?? [];
    expect(await verifyAudit(readExport(pieces))).toMatchObject({ kind: "intact", entries: 7 });
    expect((await verifyAudit(readExport([text.replace(/"data":\{([^}]*)"by":"ann"/, '"data":{$1"by":"eve"')]))).kind).toBe("broken");
    expect((await verifyAudit(readExport([text.replaceAll("fine", "fake")]))).kind).toBe("broken");
    expect((await verifyAudit(readExport(lines.filter((_, index) => index !== 2)))).kind).toBe("broken");
    expect((await refusalOf(collect(readExport(["nonsense\n"])))).code).toBe("INVALID_OPTIONS");
  });

  it("finds an entry that somebody changed, took out or moved", async () => {
    const saver = open();
    await someHistory(saver);
    const entries = await collect(readAudit(saver, { threadId: "a" }));
    const [asked, voted, decided] = entries as [JournalEntry, JournalEntry, JournalEntry];
    const forged = { ...voted, data: { ...(voted.data as object), by: "eve" } };
    expect(await verifyAudit([asked, forged, decided])).toMatchObject({ kind: "broken", seq: 1, reason: "changed" });
    expect(await verifyAudit([asked, decided])).toMatchObject({ kind: "broken", seq: 1, reason: "missing" });
    expect(await verifyAudit([voted, asked, decided])).toMatchObject({ kind: "broken" });
  });
});
