import assert from "node:assert/strict";
import { journalHash, verifyJournal } from "../index.js";
import type { JournalDraft, JournalEntry } from "../journal/journal-types.js";
import type { CheckpointSaver, Decision } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { firstCheckpoint, newThread, put } from "./fixtures.js";

const AT = "2030-01-01T00:00:00.000Z";

function draft(kind: string, data: unknown = null): JournalDraft {
  return { at: AT, kind, data };
}

function append(saver: CheckpointSaver, threadId: string, ...drafts: JournalDraft[]): Promise<readonly JournalEntry[]> {
  assert.ok(saver.appendJournal && saver.readJournal, "the saver has appendJournal and readJournal");
  return saver.appendJournal(threadId, drafts);
}

async function read(
  saver: CheckpointSaver,
  query: Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0] = {},
): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of saver.readJournal?.(query) ?? []) entries.push(entry);
  return entries;
}

const kinds = (entries: readonly JournalEntry[]) => entries.map(({ kind }) => kind);

const withDecisions: readonly ConformanceCase[] = [
  {
    name: "entries that come with decisions are appended if these are recorded, and not if they conflict",
    run: async (saver, serializer) => {
      const { recordDecisions } = saver;
      if (recordDecisions === undefined) return;
      const thread = newThread();
      const config = await put(saver, thread, firstCheckpoint({}));
      const decision: Decision = { interruptId: "a", value: 1, at: AT, revision: 0 };
      const record = (journal: JournalDraft[]) => recordDecisions.call(saver, config, [decision], journal);
      assert.equal((await record([draft("asked"), draft("decided", { by: "ann" })])).kind, "recorded");
      assert.equal((await record([draft("decided twice")])).kind, "conflict");
      await assert.rejects(async () => record([draft("bad", () => 1)]));
      await assert.rejects(async () =>
        recordDecisions.call(saver, { configurable: { ...config.configurable, checkpoint_id: "none" } }, [decision], [draft("lost")]),
      );
      const entries = await read(saver, { threadId: thread.threadId });
      assert.deepEqual(kinds(entries), ["asked", "decided"]);
      assert.deepEqual(entries[1]?.data, { by: "ann" });
      assert.equal((await verifyJournal(entries, { serializer })).kind, "intact");
    },
  },
];

export const journalCases: readonly ConformanceCase[] = [
  {
    name: "entries are chained to those before them, and come back as they were appended",
    run: async (saver, serializer) => {
      const { threadId } = newThread();
      const [first] = await append(saver, threadId, draft("one", { a: [1, null, "x"] }));
      const more = await append(saver, threadId, draft("two"), draft("three", "text"));
      assert.deepEqual(await append(saver, threadId), []);
      const entries = await read(saver, { threadId });
      assert.deepEqual(entries, [first, ...more]);
      assert.deepEqual(kinds(entries), ["one", "two", "three"]);
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        [0, 1, 2],
      );
      assert.deepEqual(
        entries.map(({ previous }) => previous),
        ["", entries[0]?.hash, entries[1]?.hash],
      );
      assert.deepEqual(entries[0]?.data, { a: [1, null, "x"] });
      for (const entry of entries) assert.equal(journalHash(entry), entry.hash);
      assert.deepEqual(await verifyJournal(entries, { serializer }), {
        kind: "intact",
        entries: 3,
        head: entries[2]?.hash,
        heads: new Map([[threadId, entries[2]?.hash]]),
      });
    },
  },
  {
    name: "threads have a chain each, and one order over all of them; pages go on by position",
    run: async (saver, serializer) => {
      const before = (await read(saver)).at(-1)?.position ?? 0;
      const run = newThread().threadId;
      const threads = ["", "\0", "\ud800", "\udc00", "\u0001", "é"].map((key) => run + key);
      for (let n = 0; n < 3; n++) for (const threadId of threads) await append(saver, threadId, draft(`${n}\0\ud800`, threadId));
      const all = await read(saver, { after: before });
      assert.deepEqual(
        all.map(({ threadId }) => threadId),
        [...threads, ...threads, ...threads],
      );
      for (const { threadId, data } of all) assert.equal(data, threadId);
      assert.equal((await verifyJournal(all, { serializer })).kind, "intact");
      for (const threadId of threads) assert.deepEqual(kinds(await read(saver, { threadId })), ["0\0\ud800", "1\0\ud800", "2\0\ud800"]);
      const [head] = await read(saver, { after: before, limit: 1 });
      assert.deepEqual(head, all[0]);
      assert.deepEqual(await read(saver, { after: all[3]?.position, limit: 5 }), all.slice(4, 9));
      const second = (await read(saver, { threadId: threads[1] }))[1];
      assert.deepEqual(kinds(await read(saver, { threadId: threads[1], after: second?.position })), ["2\0\ud800"]);
      assert.deepEqual(await read(saver, { threadId: `${run}none` }), []);
      assert.deepEqual(await read(saver, { after: before, limit: 0 }), []);
    },
  },
  {
    name: "a long journal is read to its end, and may grow meanwhile",
    run: async (saver, serializer) => {
      const { threadId } = newThread();
      await append(saver, threadId, ...Array.from({ length: 950 }, (_, n) => draft(String(n))));
      let count = 0;
      for await (const entry of saver.readJournal?.({ threadId }) ?? []) {
        assert.equal(entry.seq, count);
        if (count === 500) await append(saver, threadId, draft("meanwhile"));
        count += 1;
      }
      assert.ok(count >= 950);
      assert.deepEqual((await read(saver, { threadId, limit: 700 })).length, 700);
      assert.equal((await verifyJournal(saver.readJournal?.({ threadId }) ?? [], { serializer })).kind, "intact");
    },
  },
  {
    name: "deleteThread keeps the journal, and a thread of that name goes on with it",
    run: async (saver, serializer) => {
      const thread = newThread();
      await put(saver, thread, firstCheckpoint({}));
      await append(saver, thread.threadId, draft("before"));
      await saver.deleteThread(thread.threadId);
      assert.deepEqual(kinds(await read(saver, { threadId: thread.threadId })), ["before"]);
      await append(saver, thread.threadId, draft("after"));
      assert.equal((await verifyJournal(await read(saver, { threadId: thread.threadId }), { serializer })).kind, "intact");
    },
  },
  {
    name: "appends at once come one after the other; a draft that cannot be saved keeps out those with it",
    run: async (saver, serializer) => {
      const { threadId } = newThread();
      await Promise.all(Array.from({ length: 20 }, (_, n) => append(saver, threadId, draft(`${n} a`), draft(`${n} b`))));
      await assert.rejects(async () =>
        append(
          saver,
          threadId,
          draft("good"),
          draft("bad", () => 1),
        ),
      );
      await assert.rejects(async () => append(saver, threadId, { at: AT, data: 1 } as unknown as JournalDraft));
      const entries = await read(saver, { threadId });
      assert.equal(entries.length, 40);
      for (let n = 0; n < 40; n += 2) assert.equal(entries[n]?.kind.replace("a", "b"), entries[n + 1]?.kind);
      assert.equal((await verifyJournal(entries, { serializer })).kind, "intact");
    },
  },
  ...withDecisions,
];
