import { setTimeout as sleep } from "node:timers/promises";
import { newLease, type StorageEvent } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { checkpoint, codeOf, countingPool, META, THREAD } from "./fixtures.js";
import { newSchema, sharedServer } from "./shared-server.js";

let url: string;
beforeAll(async () => {
  url = await sharedServer();
});

/** Waits, without a limit of its own, until something holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
}

/** Two savers, as two processes have them: one that listens, and one that changes things. */
async function listening(schema = newSchema()) {
  const [listener, writer] = [PostgresSaver.fromConnString(url, { schema }), PostgresSaver.fromConnString(url, { schema })];
  const events: StorageEvent[] = [];
  const stop = await listener.subscribe((event) => events.push(event));
  const told = (kind: StorageEvent["kind"], threadId = "t") =>
    events.filter((event) => event.kind === kind && (event.kind === "gap" || event.threadId === threadId)).length;
  const end = async () => {
    await stop();
    await Promise.all([listener.end(), writer.end()]);
  };
  return { schema, listener, writer, events, told, stop, end };
}

/** A client that ends the connection of the listeners of a schema. */
async function cut(schema: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()", [
    `%"${schema}".add_listener%`,
  ]);
  await client.end();
}

describe("subscribe", () => {
  it("tells of checkpoints, writes, decisions, questions and deletions of any process", async () => {
    const { writer, events, told, end } = await listening();
    const root = checkpoint({ a: 1 });
    const config = await writer.put(THREAD, root, META, {});
    await until(() => told("thread") === 1);
    await writer.putWrites(config, [["a", 2]], "task");
    await until(() => told("thread") === 2);
    expect(told("interrupts")).toBe(0);
    await writer.putWrites(config, [["__interrupt__", [{ id: "q" }, { id: "r" }]]], "asking");
    await until(() => told("interrupts") === 1);
    await writer.recordDecisions(config, [{ interruptId: "q", value: 1, at: "", revision: 0 }]);
    await until(() => told("interrupts") === 2);
    const late = { interruptId: "q", value: 2, at: "", revision: 0 };
    expect((await writer.recordDecisions(config, [late])).kind).toBe("conflict");
    await writer.put(config, checkpoint({ a: 2 }, root), META, {}, root);
    await until(() => told("interrupts") === 3);
    await writer.deleteThread("t");
    await until(() => told("interrupts") === 4);
    await writer.acquireLease("t", newLease(Date.now(), 1000), Date.now());
    await writer.put({ configurable: { thread_id: "last" } }, checkpoint(), META, {});
    await until(() => told("thread", "last") === 1);
    expect(events.filter(({ kind }) => kind === "thread")).toHaveLength(7);
    expect(events.filter(({ kind }) => kind === "gap")).toEqual([]);
    await end();
  });

  it("tells of any thread by its own name, and of one whose name is too long for a message that there is something", async () => {
    const { writer, told, end } = await listening();
    const names = ["nul\0", "\ud800", "\u0001", "é😀", "g", "'; NOTIFY x; --"];
    for (const name of names) await writer.put({ configurable: { thread_id: name } }, checkpoint(), META, {});
    for (const name of names) await until(() => told("thread", name) === 1);
    // PostgreSQL compresses it, so that it fits into an index.
    await writer.put({ configurable: { thread_id: "x".repeat(9000) } }, checkpoint(), META, {});
    await until(() => told("gap") === 1);
    await end();
  });

  it("tells of what is committed, not of what is undone", async () => {
    const { writer, told, schema, end } = await listening();
    const client = new pg.Client(url);
    await client.connect();
    await client.query(`BEGIN; SELECT "${schema}".tell('t', 'undone'); ROLLBACK`);
    await client.end();
    await writer.put(THREAD, checkpoint(), META, {});
    await until(() => told("thread") === 1);
    expect(told("thread", "undone")).toBe(0);
    await end();
  });

  it("serves many listeners with one connection, and ends it with the last of them", async () => {
    const { listener, writer, told, schema, stop, end } = await listening();
    const observer = new pg.Client(url);
    await observer.connect();
    const count = async () => (await observer.query(`SELECT pk FROM "${schema}".listener`)).rows.length;
    const heard: StorageEvent[] = [];
    const more = await Promise.all(Array.from({ length: 5 }, () => listener.subscribe((event) => heard.push(event))));
    expect(await count()).toBe(1);
    await writer.put(THREAD, checkpoint(), META, {});
    await until(() => heard.length === 5 && told("thread") === 1);
    await Promise.all(more.map((stopOne) => stopOne()));
    await writer.put(THREAD, checkpoint(), META, {});
    await until(() => told("thread") === 2);
    expect(heard).toHaveLength(5);
    await stop();
    expect(await count()).toBe(0);
    await writer.put(THREAD, checkpoint(), META, {});
    const again: StorageEvent[] = [];
    const stopAgain = await listener.subscribe((event) => again.push(event));
    expect(await count()).toBe(1);
    await writer.putWrites({ configurable: { thread_id: "t", checkpoint_id: "c" } }, [["a", 1]], "task");
    await until(() => again.length > 0);
    expect(again).toEqual([{ kind: "thread", threadId: "t" }]);
    await stopAgain();
    await observer.end();
    await end();
  });

  it("answers once all that was under way before is committed, for what comes after is told", async () => {
    const schema = newSchema();
    const saver = PostgresSaver.fromConnString(url, { schema });
    await saver.setup();
    const [writer, observer] = [new pg.Client(url), new pg.Client(url)];
    await Promise.all([writer.connect(), observer.connect()]);
    // Nobody listens yet: it tells nothing, and is not committed yet.
    await writer.query(`BEGIN; SELECT "${schema}".tell('t', 'early')`);
    let hasAnswered = false;
    const subscribing = saver
      .subscribe(() => {})
      .finally(() => {
        hasAnswered = true;
      });
    await until(async () => {
      const { rows } = await observer.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
      expect(hasAnswered).toBe(false);
      return rows.length > 0;
    });
    await writer.query("COMMIT");
    await (await subscribing)();
    await Promise.all([writer.end(), observer.end(), saver.end()]);
  });

  it("misses nothing that is saved from its answer on, however many write meanwhile", async () => {
    const schema = newSchema();
    const writer = PostgresSaver.fromConnString(url, { schema, max: 8 });
    await writer.setup();
    let isDone = false;
    let saved = 0;
    const started: number[] = [];
    const writing = Array.from({ length: 6 }, async () => {
      while (!isDone) {
        saved += 1;
        const n = saved;
        await writer.put({ configurable: { thread_id: `n${n}` } }, checkpoint(), META, {});
        started.push(n);
      }
    });
    for (let round = 0; round < 8; round++) {
      const listener = PostgresSaver.fromConnString(url, { schema });
      const heard = new Set<string>();
      const stop = await listener.subscribe((event) => event.kind === "thread" && heard.add(event.threadId));
      // All that begins from here on is committed after the answer.
      const [from, to] = [saved + 1, saved + 30];
      await until(() => Array.from({ length: 30 }, (_, n) => from + n).every((n) => started.includes(n)));
      await until(() => Array.from({ length: to - from + 1 }, (_, n) => `n${from + n}`).every((name) => heard.has(name)));
      await stop();
      await listener.end();
    }
    isDone = true;
    await Promise.all(writing);
    await writer.end();
  });

  it("connects again when the connection is lost, and tells that there is a gap", async () => {
    const { writer, told, schema, end } = await listening();
    for (let round = 1; round <= 3; round++) {
      await cut(schema);
      await until(() => told("gap") === round);
      await writer.put({ configurable: { thread_id: `after ${round}` } }, checkpoint(), META, {});
      await until(() => told("thread", `after ${round}`) === 1);
    }
    await end();
  });

  it("is over when its saver ends, also while it tries to connect", async () => {
    const { listener, writer, schema, events } = await listening();
    await cut(schema);
    await listener.end();
    await writer.put(THREAD, checkpoint(), META, {});
    await writer.end();
    await sleep(300);
    expect(events).toEqual([]);
    expect(await codeOf(listener.subscribe(() => {}))).toBe("STORAGE_CLOSED");
  });

  it("works on a pool of the application, beside its connections, of which there may be one only", async () => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const access = {
      host: hostname,
      port: Number(port),
      user: username,
      password: decodeURIComponent(password),
      database: pathname.slice(1),
    };
    const pool = new pg.Pool({ ...access, max: 1 });
    const saver = new PostgresSaver(pool, { schema: newSchema() });
    const events: StorageEvent[] = [];
    await saver.subscribe((event) => events.push(event));
    const root = checkpoint({ a: 1 });
    const config = await saver.put(THREAD, root, META, {});
    await until(() => events.length > 0);
    // Nothing that the saver does needs a second connection while it has the first.
    await saver.put(config, { ...checkpoint({ a: 2 }, root), v: 3 }, META, {}, root);
    await saver.recordDecisions(config, [{ interruptId: "i", value: 1, at: "", revision: 0 }], [{ at: "", kind: "k", data: 1 }]);
    for await (const tuple of saver.list({})) expect(tuple.config.configurable?.thread_id).toBe("t");
    await saver.copyThread("t", "u");
    await saver.importThread("v", saver.exportThread("u"));
    expect((await saver.stats()).threads).toBe(3);
    expect(await saver.prune({ keepLast: 0 })).toEqual({ checkpoints: 6, threads: 3 });
    await saver.end();
    await pool.end();
  });

  it("fails where the pool makes no connections of its own, or the server is not there", async () => {
    const pool = new pg.Pool({ connectionString: url });
    const saver = new PostgresSaver(countingPool(pool).pool, { schema: newSchema() });
    expect(await codeOf(saver.subscribe(() => {}))).toBe("UNSUPPORTED");
    await pool.end();
    const nowhere = PostgresSaver.fromConnString("postgres://x@127.0.0.1:1/x");
    expect(await codeOf(nowhere.subscribe(() => {}))).toBe("STORAGE_FAILED");
    await nowhere.end();
  });
});

describe("where nobody listens", () => {
  let observer: pg.Client;
  beforeAll(async () => {
    observer = new pg.Client(url);
    await observer.connect();
  });
  afterAll(() => observer.end());

  it("nothing is told, nor to one that has given no sign of life for long", async () => {
    const schema = newSchema();
    const saver = PostgresSaver.fromConnString(url, { schema });
    await saver.setup();
    const heard: unknown[] = [];
    observer.on("notification", ({ payload }) => heard.push(payload));
    await observer.query(`LISTEN "holdpoint_${schema}"`);
    await saver.put(THREAD, checkpoint(), META, {});
    await observer.query(`INSERT INTO "${schema}".listener (seen) VALUES (now() - interval '2 minutes')`);
    await saver.put(THREAD, checkpoint(), META, {});
    await observer.query(`INSERT INTO "${schema}".listener (seen) VALUES (now())`);
    await saver.put(THREAD, checkpoint(), META, {});
    await until(() => heard.length > 0);
    expect(heard).toEqual(["tt"]);
    await saver.end();
  });
});
