import { type Checkpoint, CheckpointError, checkpointId, type ThreadLease } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";

// What takes one statement is saved without a transaction around it. It must be all that it is with one.

const META = { source: "loop", step: 0, parents: {} } as const;
const LEASE: ThreadLease = { id: "run", host: "here", pid: 1, expiresAt: Date.now() + 600_000 };

function checkpoint(count: number, parent?: Checkpoint): Checkpoint {
  const id = checkpointId(parent?.id);
  return { v: 4, id, ts: new Date().toISOString(), channel_values: { count }, channel_versions: { count: id }, versions_seen: {} };
}

const configOf = (id?: string) => ({ configurable: { thread_id: "t", ...(id === undefined ? {} : { checkpoint_id: id }) } });

const outcomeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "saved",
    (error: unknown) => (CheckpointError.is(error) ? error.code : error),
  );

/** A thread whose next changes are one statement each, and those changes. */
async function openThread(saver: SqliteSaver) {
  let last = checkpoint(0);
  await saver.put(configOf(), last, META, {});
  await saver.acquireLease("t", LEASE, Date.now());
  let tasks = 0;
  return {
    last: () => last,
    changes: {
      async put() {
        const next = checkpoint(Number(last.channel_values.count) + 1, last);
        await saver.put(configOf(last.id), next, META, {}, last);
        last = next;
      },
      putWrites: () => saver.putWrites(configOf(last.id), [["count", ++tasks]], `task ${tasks}`),
      acquireLease: () => saver.acquireLease("t", LEASE, Date.now()),
      releaseLease: () => saver.releaseLease("t", "nobody"),
    },
  };
}

const KINDS = ["put", "putWrites", "acquireLease", "releaseLease"] as const;

describe("a change of one statement", () => {
  it.each(KINDS)("that finds the file locked (%s) says so, and leaves nothing behind that would stop or blind the saver", async (kind) => {
    const file = newFile();
    const other = openHandle(file);
    const saver = SqliteSaver.fromConnString(file, { busyTimeout: 1 });
    const thread = await openThread(saver);
    other.exec("CREATE TABLE beside (n INTEGER)");
    for (let round = 0; round < 10; round++) {
      other.exec("BEGIN IMMEDIATE");
      other.exec(`INSERT INTO beside VALUES (${round})`);
      expect(await outcomeOf(thread.changes[kind]())).toBe("STORAGE_BUSY");
      other.exec("COMMIT");
      // Others go on meanwhile: what they save is seen, and the log is not held up.
      const elsewhere = SqliteSaver.fromConnString(file);
      const theirs = checkpoint(round);
      await elsewhere.put({ configurable: { thread_id: `theirs ${round}` } }, theirs, META, {});
      elsewhere.close();
      expect((await saver.getTuple({ configurable: { thread_id: `theirs ${round}` } }))?.checkpoint).toEqual(theirs);
      expect(other.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
      for (const each of KINDS) expect([each, await outcomeOf(thread.changes[each]())]).toEqual([each, "saved"]);
      expect((await saver.getTuple(configOf()))?.checkpoint).toEqual(thread.last());
    }
    saver.close();
    other.close();
  });

  it.each(KINDS)("never becomes part of a transaction of the handle's owner (%s)", async (kind) => {
    const file = newFile();
    const handle = openHandle(file);
    const saver = new SqliteSaver(handle);
    const thread = await openThread(saver);
    handle.exec("BEGIN");
    expect(await outcomeOf(thread.changes[kind]())).toBe("STORAGE_FAILED");
    handle.exec("COMMIT");
    for (const each of KINDS) expect([each, await outcomeOf(thread.changes[each]())]).toEqual([each, "saved"]);
    saver.close();
  });
});
