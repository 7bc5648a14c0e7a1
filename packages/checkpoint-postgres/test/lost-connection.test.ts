import { inspect } from "node:util";
import { CheckpointError } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { storageError } from "../src/storage-error.js";
import { checkpoint, failureOf, META, THREAD } from "./fixtures.js";
import { PostgresServer } from "./postgres-server.js";

// A server of its own: it is stopped and started.
let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.create({ fsync: true });
});
afterAll(() => server.remove());

let schemas = 0;
const newSaver = (options = {}) => {
  schemas += 1;
  return PostgresSaver.fromConnString(server.url, { schema: `s${schemas}`, ...options });
};

async function expectRetryable(promise: Promise<unknown>, ...codes: string[]): Promise<CheckpointError> {
  const error = await failureOf(promise);
  expect(CheckpointError.is(error) ? [error.code, error.retryable] : error).toEqual([expect.stringMatching(codes.join("|")), true]);
  return error as CheckpointError;
}

/** Ends the connections of savers, as an administrator or a failing server does. */
async function terminate(where = "application_name = 'holdpoint'"): Promise<void> {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${where}`);
  await client.end();
}

/** Resolves when so many connections of savers wait for a lock. Not asked by who has it, who would see the same again and again. */
async function whenBlocked(count: number): Promise<void> {
  const observer = new pg.Client(server.url);
  await observer.connect();
  for (;;) {
    const { rows } = await observer.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'holdpoint' AND wait_event_type = 'Lock'",
    );
    if (rows.length === count) break;
  }
  await observer.end();
}

describe("connections that the server ends", () => {
  it("while nobody uses them do no harm", async () => {
    const saver = newSaver();
    const root = checkpoint({ a: 1 });
    const config = await saver.put(THREAD, root, META, {});
    for (let n = 0; n < 3; n++) {
      await terminate();
      // The pool may not have noticed yet, and then says so once.
      const read = await saver.getTuple(config).catch((error: unknown) => error);
      if (CheckpointError.is(read)) expect([read.code, read.retryable]).toEqual(["STORAGE_FAILED", true]);
      expect((await saver.getTuple(config))?.checkpoint).toEqual(root);
    }
    await saver.end();
  });

  it("in the middle of a transaction undo it, and are told as retryable", async () => {
    const saver = newSaver();
    const config = await saver.put(THREAD, checkpoint({ a: 1 }), META, {});
    const other = await saver.put({ configurable: { thread_id: "other" } }, checkpoint({ a: 1 }), META, {});
    const blocker = new pg.Client(server.url);
    await blocker.connect();
    await blocker.query(`BEGIN; LOCK TABLE s${schemas}.write IN ACCESS EXCLUSIVE MODE`);
    const decision = { interruptId: "i", value: 1, at: "", revision: 0 };
    // Of another thread: what changes one waits for what was handed in before it.
    const [recorded, written] = [saver.recordDecisions(config, [decision]), saver.putWrites(other, [["a", 1]], "task")];
    const failures = [expectRetryable(recorded, "STORAGE_FAILED"), expectRetryable(written, "STORAGE_FAILED")];
    await whenBlocked(2);
    await terminate();
    await Promise.all(failures);
    await blocker.end();
    expect((await saver.getTuple(config))?.pendingWrites).toEqual([]);
    expect(await saver.recordDecisions(config, [decision])).toEqual({ kind: "recorded" });
    await saver.end();
  });

  it("at any moment lose nothing that was acknowledged, and what is not known can be repeated", async () => {
    const saver = newSaver({ max: 4 });
    await saver.setup();
    let isDone = false;
    const killing = (async () => {
      while (!isDone) {
        await terminate("application_name = 'holdpoint' AND random() < 0.5");
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    let failures = 0;
    const untilDone = async <T>(call: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await call();
        } catch (error) {
          expect(CheckpointError.is(error) && error.retryable).toBe(true);
          failures += 1;
        }
      }
    };
    const threads = ["a", "b", "c"].map(async (id) => {
      let parent: ReturnType<typeof checkpoint> | undefined;
      for (let n = 0; n < 60; n++) {
        const one = checkpoint({ log: [...((parent?.channel_values.log as number[]) ?? []), n] }, parent);
        const from = { configurable: { thread_id: id, checkpoint_id: parent?.id } };
        const config = await untilDone(() => saver.put(from, one, META, {}, parent));
        await untilDone(() => saver.putWrites(config, [["log", n]], "task"));
        const decision = { interruptId: "i", value: n, at: "", revision: 0 };
        const outcome = await untilDone(() => saver.recordDecisions(config, [decision]));
        // The first try may have been recorded without an answer. Then the second one finds what it wanted.
        if (outcome.kind === "conflict") expect(outcome.recorded).toEqual([decision]);
        parent = one;
      }
    });
    await Promise.all(threads);
    isDone = true;
    await killing;
    expect(failures).toBeGreaterThan(0);
    for (const id of ["a", "b", "c"]) {
      let n = 60;
      for await (const { checkpoint: found, pendingWrites } of saver.list({ configurable: { thread_id: id } })) {
        n -= 1;
        expect(found.channel_values.log).toEqual(Array.from({ length: n + 1 }, (_, i) => i));
        const decision = { interruptId: "i", value: n, at: "", revision: 0 };
        expect(pendingWrites).toHaveLength(2);
        expect(pendingWrites).toContainEqual(["task", "log", n]);
        expect(pendingWrites).toContainEqual(["i", "__resume__", decision]);
      }
      expect(n).toBe(0);
    }
    await saver.end();
  });
});

describe("a group whose connection is lost", () => {
  it("is told as a whole as retryable, nothing is saved on top of it, and it can be repeated", async () => {
    const saver = newSaver({ max: 3 });
    await saver.setup();
    const threads = Array.from({ length: 20 }, (_, n) => `t${n}`);
    const blocker = new pg.Client(server.url);
    await blocker.connect();
    await blocker.query(`BEGIN; LOCK TABLE s${schemas}.checkpoint IN ACCESS EXCLUSIVE MODE`);
    const chains = threads.map((thread) => {
      const root = checkpoint({ a: thread });
      return { thread, root, child: checkpoint({ b: 1 }, root), grandchild: checkpoint({ b: 2 }, root) };
    });
    const handIn = () =>
      chains.flatMap(({ thread, root, child }) => [
        saver.put({ configurable: { thread_id: thread } }, root, META, {}),
        saver.put({ configurable: { thread_id: thread, checkpoint_id: root.id } }, child, META, {}, root),
        saver.putWrites({ configurable: { thread_id: thread, checkpoint_id: child.id } }, [["b", 1]], "task"),
      ]);
    const failures = Promise.all(handIn().map((saving) => expectRetryable(saving, "STORAGE_FAILED")));
    await whenBlocked(1);
    // Handed in while the group is under way, on top of what it is to save.
    const onTop = chains.map(({ thread, child, grandchild }) => {
      const config = { configurable: { thread_id: thread, checkpoint_id: child.id } };
      return expectRetryable(saver.put(config, grandchild, META, {}, child), "STORAGE_FAILED");
    });
    await terminate();
    await Promise.all([failures, ...onTop]);
    await blocker.query("ROLLBACK");
    for (const { thread } of chains) expect(await saver.getTuple({ configurable: { thread_id: thread } })).toBeUndefined();
    await Promise.all(handIn());
    await Promise.all(handIn());
    for (const { thread, root, child } of chains) {
      const found = await saver.getTuple({ configurable: { thread_id: thread } });
      expect(found?.checkpoint).toEqual(child);
      expect(found?.parentConfig?.configurable?.checkpoint_id).toBe(root.id);
      expect(found?.pendingWrites).toEqual([["task", "b", 1]]);
    }
    await blocker.end();
    await saver.end();
  });

  it("at any moment leaves each thread a chain of what was handed in, with all that was acknowledged", async () => {
    const saver = newSaver({ max: 3 });
    await saver.setup();
    let isDone = false;
    const killing = (async () => {
      while (!isDone) {
        await terminate();
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    })();
    let failures = 0;
    const threads = ["a", "b", "c", "d", "e"].map(async (thread_id) => {
      const acknowledged = new Map<string, unknown>();
      let parent: ReturnType<typeof checkpoint> | undefined;
      for (let round = 0; round < 40; round++) {
        const saving: Promise<unknown>[] = [];
        for (let n = 0; n < 4; n++) {
          const base = parent;
          const log: unknown[] = [...((base?.channel_values.log as unknown[]) ?? []), `${round} ${n}`];
          const one = checkpoint({ log }, base);
          const config = { configurable: { thread_id, ...(base === undefined ? {} : { checkpoint_id: base.id }) } };
          saving.push(saver.put(config, one, META, {}, base).then(() => acknowledged.set(one.id, log)));
          parent = one;
        }
        const settled = await Promise.allSettled(saving);
        const failed = settled.filter((one) => one.status === "rejected");
        if (failed.length === 0) continue;
        failures += failed.length;
        // What comes after a failure has failed as well: nothing stands on what may not be there.
        expect(settled.slice(settled.findIndex((one) => one.status === "rejected")).every(({ status }) => status === "rejected")).toBe(
          true,
        );
        for (const { reason } of failed) expect(CheckpointError.is(reason) && reason.retryable).toBe(true);
        for (;;) {
          const found = await saver.getTuple({ configurable: { thread_id } }).catch(() => "lost" as const);
          if (found === "lost") continue;
          parent = found?.checkpoint;
          break;
        }
      }
      return { thread_id, acknowledged };
    });
    const ended = await Promise.all(threads);
    isDone = true;
    await killing;
    expect(failures).toBeGreaterThan(0);
    for (const { thread_id, acknowledged } of ended) {
      const found = new Map<string, unknown>();
      for await (const { checkpoint: one, parentConfig } of saver.list({ configurable: { thread_id } })) {
        found.set(one.id, one.channel_values.log);
        if ((one.channel_values.log as unknown[]).length > 1) expect(parentConfig).toBeDefined();
      }
      for (const [id, log] of acknowledged) expect(found.get(id)).toEqual(log);
    }
    await saver.end();
  });
});

describe("a server that is not there", () => {
  it("is told as retryable while it is stopped, and found again when it is back", async () => {
    const saver = newSaver();
    const saved = checkpoint({ a: 1 });
    const config = await saver.put(THREAD, saved, META, {});
    await server.stop("SIGINT");
    await expectRetryable(saver.getTuple(config), "STORAGE_FAILED");
    await expectRetryable(saver.put(config, checkpoint({ a: 2 }, saved), META, {}, saved), "STORAGE_FAILED");
    await server.start();
    expect((await saver.getTuple(config))?.checkpoint).toEqual(saved);
    await saver.end();
  });

  it("is told as retryable from the first call on, and needs no new saver", async () => {
    await server.stop("SIGINT");
    const saver = newSaver();
    await expectRetryable(saver.setup(), "STORAGE_FAILED");
    await expectRetryable(saver.getTuple(THREAD), "STORAGE_FAILED");
    await server.start();
    expect(await saver.getTuple(THREAD)).toBeUndefined();
    await saver.end();
  });

  it("has no connection left: that is STORAGE_BUSY", async () => {
    const saver = newSaver({ max: 1, connectTimeout: 2000, busyTimeout: 20_000 });
    const config = await saver.put(THREAD, checkpoint({ a: 1 }), META, {});
    const blocker = new pg.Client(server.url);
    await blocker.connect();
    await blocker.query(`BEGIN; LOCK TABLE s${schemas}.write IN ACCESS EXCLUSIVE MODE`);
    const waiting = saver.putWrites(config, [["a", 1]], "task");
    await whenBlocked(1);
    await expectRetryable(saver.getTuple(config), "STORAGE_BUSY");
    await blocker.query("ROLLBACK");
    await waiting;
    expect((await saver.getTuple(config))?.pendingWrites).toEqual([["task", "a", 1]]);
    await blocker.end();
    await saver.end();
  });
});

describe("a thread that others hold for too long", () => {
  it.each([60, 0])("is STORAGE_BUSY after the time that is set (%i ms), and nothing is saved", async (busyTimeout) => {
    const saver = newSaver({ busyTimeout });
    const root = checkpoint({ a: 1 });
    const config = await saver.put(THREAD, root, META, {});
    const blocker = new pg.Client(server.url);
    await blocker.connect();
    await blocker.query(`BEGIN; LOCK TABLE s${schemas}.checkpoint IN ACCESS EXCLUSIVE MODE`);
    await expectRetryable(saver.put(config, checkpoint({ a: 2 }, root), META, {}, root), "STORAGE_BUSY");
    await expectRetryable(saver.recordDecisions(config, [{ interruptId: "i", value: 1, at: "", revision: 0 }]), "STORAGE_BUSY");
    await blocker.query("ROLLBACK");
    expect((await saver.getTuple(config))?.checkpoint).toEqual(root);
    await saver.put(config, checkpoint({ a: 2 }, root), META, {}, root);
    expect((await saver.getTuple(THREAD))?.checkpoint.channel_values).toEqual({ a: 2 });
    await blocker.end();
    await saver.end();
  });
});

describe("errors", () => {
  const printed = (error: unknown) => inspect(error, { depth: 10, showHidden: true }) + String((error as Error).stack);

  it.each([
    ["a wrong password", (port: number) => `postgres://postgres:hunter2@127.0.0.1:${port}/postgres`],
    ["a wrong user", (port: number) => `postgres://nobody:hunter2@127.0.0.1:${port}/postgres`],
    ["a wrong database", (port: number) => `postgres://postgres:secret%20word@127.0.0.1:${port}/hunter2`],
    ["a wrong port", () => "postgres://postgres:hunter2@127.0.0.1:1/postgres"],
    ["a wrong host", () => "postgres://postgres:hunter2@nowhere.invalid/postgres"],
    ["a password that was not escaped", (port: number) => `postgres://postgres:12/hunter2@127.0.0.1:${port}/postgres`],
    ["another one", () => "postgres://postgres:hunter2#x@127.0.0.1/postgres"],
    ["a string that is none", () => "hunter2"],
    ["half a string", () => "postgres://postgres:hunter2@[::1/x"],
  ])("with %s hold no password", async (_, urlOf) => {
    const connect = async () => {
      const saver = PostgresSaver.fromConnString(urlOf(server.port), { connectTimeout: 2000 });
      await saver.setup().finally(() => saver.end());
    };
    const error = await failureOf(connect());
    expect(CheckpointError.is(error) && ["STORAGE_FAILED", "INVALID_ARGUMENT", "STORAGE_BUSY"].includes(error.code)).toBe(true);
    expect(printed(error)).not.toMatch(/hunter2|secret/);
  });

  it("of the database hold neither keys nor values", async () => {
    const saver = newSaver();
    const config = await saver.put({ configurable: { thread_id: "hunter2" } }, checkpoint({ a: "hunter2" }), META, {});
    const client = new pg.Client(server.url);
    await client.connect();
    await client.query(`ALTER TABLE s${schemas}.write ADD CHECK (channel <> 'hunter2')`);
    const failed = await failureOf(saver.putWrites(config, [["hunter2", "hunter2"]], "hunter2"));
    expect(CheckpointError.is(failed, "STORAGE_FAILED")).toBe(true);
    expect(printed(failed)).not.toMatch(/hunter2/);
    await client.query(`DROP SCHEMA s${schemas} CASCADE`);
    const gone = await failureOf(saver.getTuple(config));
    expect(CheckpointError.is(gone, "STORAGE_FAILED") && gone.retryable).toBe(false);
    expect((gone as Error).message).toMatch(/schema/);
    await client.end();
    await saver.end();
  });

  it.each([
    [{ code: "40001" }, "STORAGE_BUSY", true],
    [{ code: "40P01" }, "STORAGE_BUSY", true],
    [{ code: "53300" }, "STORAGE_BUSY", true],
    [{ code: "57014" }, "STORAGE_BUSY", true],
    [{ code: "53100" }, "STORAGE_FAILED", true],
    [{ code: "57P01" }, "STORAGE_FAILED", true],
    [{ code: "57P03" }, "STORAGE_FAILED", true],
    [{ code: "25006" }, "STORAGE_FAILED", true],
    [{ code: "08006" }, "STORAGE_FAILED", true],
    [{ code: "ECONNRESET" }, "STORAGE_FAILED", true],
    [{ code: "EPIPE" }, "STORAGE_FAILED", true],
    [{ code: "XX001" }, "CORRUPT_DATA", false],
    [{ code: "28P01" }, "STORAGE_FAILED", false],
    [{ code: "42501" }, "STORAGE_FAILED", false],
    [{ message: "Query read timeout" }, "STORAGE_BUSY", true],
    [{ message: "Connection terminated unexpectedly" }, "STORAGE_FAILED", true],
    [{ message: "Cannot use a pool after calling end on the pool" }, "STORAGE_CLOSED", false],
    [{ message: "?" }, "STORAGE_FAILED", false],
  ])("%j are %s", (fields, code, retryable) => {
    expect(storageError(Object.assign(new Error("x"), fields))).toMatchObject({ code, retryable });
  });
});
