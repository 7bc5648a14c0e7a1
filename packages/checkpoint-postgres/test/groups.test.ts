import { type Checkpoint, type CheckpointConfig, CheckpointError, newLease } from "@holdpoint/checkpoint";
import { Annotation, END, START, StateGraph } from "@holdpoint/core";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { checkpoint, countingPool, failureOf, META } from "./fixtures.js";
import { newSchema, sharedServer } from "./shared-server.js";

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url, max: 20 });
  pool.setMaxListeners(100);
});
afterAll(() => pool.end());

const open: PostgresSaver[] = [];
afterEach(async () => {
  for (const saver of open.splice(0)) await saver.end();
});

const configOf = (thread_id: string, checkpoint_id?: string): CheckpointConfig => ({
  configurable: { thread_id, ...(checkpoint_id === undefined ? {} : { checkpoint_id }) },
});
const names = (count: number) => Array.from({ length: count }, (_, n) => `t${n}`);

/** A saver on an empty schema, and what it sends. */
async function newSaver(schema = newSchema()) {
  const { pool: counting, sent } = countingPool(pool);
  const saver = new PostgresSaver(counting, { schema });
  await saver.setup();
  sent.length = 0;
  open.push(saver);
  const calls = (name: string) => sent.filter((text) => text.includes(`.${name}(`)).length;
  return { saver, schema, sent, calls };
}

/** Hands in a chain of checkpoints without waiting. */
function handIn(saver: PostgresSaver, thread: string, count: number, first?: Checkpoint) {
  const saved: Promise<unknown>[] = [];
  const chain: Checkpoint[] = [];
  let parent = first;
  for (let n = 0; n < count; n++) {
    const one = checkpoint({ n, log: [...((parent?.channel_values.log as unknown[]) ?? []), `entry ${n} ${"x".repeat(40)}`] }, parent);
    saved.push(saver.put(configOf(thread, parent?.id), one, { ...META, step: n }, {}, parent));
    saved.push(saver.putWrites(configOf(thread, one.id), [["n", n]], `task ${n}`));
    chain.push(one);
    parent = one;
  }
  return { saved, chain };
}

async function historyOf(saver: PostgresSaver, thread: string) {
  const tuples = [];
  for await (const tuple of saver.list(configOf(thread))) tuples.unshift(tuple);
  return tuples;
}

describe("changes that are handed in at the same moment", () => {
  it("of many threads are one statement, those of one thread in their order", async () => {
    const { saver, sent, calls } = await newSaver();
    const chains = names(20).map((thread) => handIn(saver, thread, 5));
    await Promise.all(chains.flatMap(({ saved }) => saved));
    expect([sent.length, calls("save_group")]).toEqual([1, 1]);
    for (const [at, thread] of names(20).entries()) {
      const tuples = await historyOf(saver, thread);
      expect(tuples.map((tuple) => tuple.checkpoint)).toEqual(chains[at]!.chain);
      expect(tuples.map(({ pendingWrites }) => pendingWrites)).toEqual(chains[at]!.chain.map((_, n) => [[`task ${n}`, "n", n]]));
      expect(tuples.slice(1).map(({ parentConfig }) => parentConfig?.configurable?.checkpoint_id)).toEqual(
        chains[at]!.chain.slice(0, -1).map(({ id }) => id),
      );
    }
  });

  it("save what a run in `async` does with few statements, and its lease is given back with the end", async () => {
    const { saver, schema, sent } = await newSaver();
    const State = Annotation.Root({ count: Annotation<number>() });
    const graph = new StateGraph(State)
      .addNode("step", ({ count }) => ({ count: count + 1 }))
      .addEdge(START, "step")
      .addConditionalEdges("step", ({ count }) => (count < 100 ? "step" : END))
      .compile({ checkpointer: saver });
    await graph.invoke({ count: 0 }, { configurable: { thread_id: "t" }, durability: "async", recursionLimit: 200 });
    expect(sent.length).toBeLessThanOrEqual(10);
    expect((await pool.query(`SELECT * FROM "${schema}".lease`)).rows).toEqual([]);
    const tuples = await historyOf(saver, "t");
    expect(tuples.map(({ metadata }) => metadata?.step)).toEqual(Array.from({ length: 102 }, (_, n) => n - 1));
  });

  it("of which one fails by itself are saved without that one and what stands on it", async () => {
    const { saver, schema } = await newSaver();
    await pool.query(`ALTER TABLE "${schema}".write ADD CHECK (channel <> 'bad')`);
    const roots = new Map<string, Checkpoint>();
    const saved = names(50).map(async (thread) => {
      const root = checkpoint({ a: thread });
      roots.set(thread, root);
      await saver.put(configOf(thread), root, META, {});
    });
    const long =
      "\u4e00".repeat(100) + Array.from({ length: 3000 }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20_000))).join("");
    const tooLong = checkpoint({ a: 1 });
    const failed = await Promise.all([
      failureOf(saver.put({ configurable: { thread_id: "t3", checkpoint_ns: long } }, tooLong, META, {})),
      failureOf(saver.putWrites({ configurable: { thread_id: "t3", checkpoint_ns: long, checkpoint_id: tooLong.id } }, [["a", 1]], "task")),
      failureOf(saver.putWrites(configOf("t7", "0"), [["bad", 1]], "task")),
      failureOf(saver.putWrites(configOf("t7", "0"), [["good", 1]], "other")),
    ]);
    await Promise.all(saved);
    expect(failed.map((error) => (CheckpointError.is(error) ? error.code : error))).toEqual([
      "INVALID_ARGUMENT",
      "INVALID_ARGUMENT",
      "STORAGE_FAILED",
      undefined,
    ]);
    for (const thread of names(50)) expect((await saver.getTuple(configOf(thread)))?.checkpoint).toEqual(roots.get(thread));
    expect((await pool.query(`SELECT task, channel FROM "${schema}".write`)).rows).toEqual([{ task: "other", channel: "good" }]);
  });

  it("need not be small: one that cannot be encoded takes along what stands on it", async () => {
    const { saver } = await newSaver();
    const root = checkpoint({ a: 1 });
    const bad = checkpoint({ a: () => 1 }, root);
    const child = checkpoint({ a: 2 }, bad);
    const settled = await Promise.allSettled([
      saver.put(configOf("t"), root, META, {}),
      saver.put(configOf("t", root.id), bad, META, {}, root),
      saver.put(configOf("t", bad.id), child, META, {}, bad),
    ]);
    expect(settled.map((one) => (one.status === "rejected" ? (one.reason as CheckpointError).code : "saved"))).toEqual([
      "saved",
      "UNSERIALIZABLE",
      "UNSERIALIZABLE",
    ]);
    expect((await historyOf(saver, "t")).map((tuple) => tuple.checkpoint)).toEqual([root]);
  });

  it("leave a thread whose checkpoint is there already, or whose parent has gone, to a closer look", async () => {
    const { saver, schema } = await newSaver();
    const { saver: other } = await newSaver(schema);
    const roots = names(4).map((thread) => ({ thread, root: checkpoint({ a: thread }) }));
    await Promise.all(roots.map(({ thread, root }) => saver.put(configOf(thread), root, META, {})));
    const children = roots.map(({ thread, root }) => ({ thread, root, child: checkpoint({ b: 1 }, root) }));
    await other.deleteThread("t1");
    // The same once more, and another one under the same id.
    await other.put(configOf("t2", roots[2]!.root.id), children[2]!.child, META, {}, roots[2]!.root);
    await other.put(configOf("t3"), { ...children[3]!.child, channel_values: { other: true } }, META, {});
    await Promise.all(
      children.flatMap(({ thread, root, child }) => [
        saver.put(configOf(thread, root.id), child, META, {}, root),
        saver.putWrites(configOf(thread, child.id), [["b", 1]], "task"),
      ]),
    );
    for (const { thread, child } of children) {
      const tuple = await other.getTuple(configOf(thread));
      expect(tuple?.checkpoint).toEqual(child);
      expect(tuple?.pendingWrites).toEqual([["task", "b", 1]]);
    }
    expect(await historyOf(other, "t1")).toHaveLength(1);
    expect(await historyOf(other, "t3")).toHaveLength(2);
  });

  it("are made one after the other where they write the same rows", async () => {
    const { saver } = await newSaver();
    const root = checkpoint({ a: 1 });
    const config = configOf("t", root.id);
    await Promise.all([
      saver.put(configOf("t"), root, META, {}),
      saver.putWrites(config, [["a", 1]], "task"),
      saver.putWrites(
        config,
        [
          ["a", 2],
          ["b", 3],
          ["__error__", "first"],
        ],
        "task",
      ),
      saver.putWrites(config, [["__error__", "second"]], "task"),
      saver.put(configOf("t"), { ...root, channel_values: { a: 2 } }, META, {}),
    ]);
    const found = await saver.getTuple(configOf("t"));
    expect(found?.checkpoint.channel_values).toEqual({ a: 2 });
    expect(found?.pendingWrites).toEqual([
      ["task", "a", 1],
      ["task", "__error__", "second"],
      ["task", "b", 3],
    ]);
    expect(await historyOf(saver, "t")).toHaveLength(1);
  });

  it("close the questions that they make void, and tell listeners of each thread", async () => {
    const saver = new PostgresSaver(pool, { schema: newSchema() });
    open.push(saver);
    const heard: string[] = [];
    const stop = await saver.subscribe((event) => heard.push(event.kind === "gap" ? "gap" : `${event.kind} ${event.threadId}`));
    const roots = names(6).map((thread) => ({ thread, root: checkpoint({ a: thread }) }));
    await Promise.all(roots.map(({ thread, root }) => saver.put(configOf(thread), root, META, {})));
    await Promise.all(
      roots.map(({ thread, root }) =>
        saver.putWrites(configOf(thread, root.id), [["__interrupt__", [{ id: `q ${thread}`, value: 1 }]]], "asks"),
      ),
    );
    expect((await saver.listInterrupts()).items).toHaveLength(6);
    heard.length = 0;
    await Promise.all([
      ...roots.slice(0, 3).map(({ thread, root }) => saver.put(configOf(thread, root.id), checkpoint({ a: 2 }, root), META, {}, root)),
      ...roots.slice(3, 5).map(({ thread, root }) => saver.putWrites(configOf(thread, root.id), [["a", 1]], "asks")),
      saver.putWrites(configOf("t5", roots[5]!.root.id), [["a", 1]], "another"),
    ]);
    expect((await saver.listInterrupts()).items.map(({ threadId }) => threadId)).toEqual(["t5"]);
    await saver.put(configOf("last"), checkpoint(), META, {});
    while (!heard.includes("thread last")) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(new Set(heard)).toEqual(
      new Set([...names(6).map((thread) => `thread ${thread}`), ...names(5).map((thread) => `interrupts ${thread}`), "thread last"]),
    );
    await stop();
  });
});

describe("a plan that was made while a table was small", () => {
  it("reads no whole table, as it would go on to do when the table has grown", async () => {
    const single = new pg.Pool({ connectionString: url, max: 1 });
    const schema = newSchema();
    const saver = new PostgresSaver(single, { schema });
    const saveSome = async (round: number) => {
      const saving = names(3).map((name) => handIn(saver, `${name} ${round}`, 2).saved);
      await Promise.all(saving.flat());
      const root = checkpoint();
      await saver.put(configOf(`alone ${round}`), root, META, {});
      await saver.put(configOf(`alone ${round}`, root.id), checkpoint({}, root), META, {}, root);
    };
    /** Counts are told when a transaction of the connection ends. */
    const scans = async () => {
      await single.query("SELECT pg_stat_force_next_flush()");
      const { rows } = await single.query(
        "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = $1 AND relname IN ('line', 'checkpoint', 'write')",
        [schema],
      );
      return Object.fromEntries((rows as { relname: string; seq_scan: string }[]).map((row) => [row.relname, Number(row.seq_scan)]));
    };
    await saveSome(0);
    await single.query(`ANALYZE "${schema}".line, "${schema}".checkpoint, "${schema}".write`);
    const before = await scans();
    for (let round = 1; round <= 10; round++) await saveSome(round);
    expect(await scans()).toEqual(before);
    await saver.end();
    await single.end();
  });
});

describe("leases in a group", () => {
  it("are taken and given back by whom they belong to", async () => {
    const { saver, schema } = await newSaver();
    const { saver: other } = await newSaver(schema);
    const [mine, theirs] = [newLease(Date.now(), 60_000), newLease(Date.now(), 60_000)];
    const over = { ...theirs, expiresAt: Date.now() - 1 };
    await Promise.all([other.acquireLease("t1", theirs, Date.now()), other.acquireLease("t2", over, Date.now() - 1000)]);
    expect(await Promise.all(names(4).map((thread) => saver.acquireLease(thread, mine, Date.now())))).toEqual([
      { kind: "acquired" },
      { kind: "held", by: theirs },
      { kind: "acquired" },
      { kind: "acquired" },
    ]);
    await Promise.all([...names(3).map((thread) => saver.releaseLease(thread, mine.id)), saver.releaseLease("t3", theirs.id)]);
    const { rows } = await pool.query(`SELECT thread, id FROM "${schema}".lease ORDER BY thread`);
    expect(rows).toEqual([
      { thread: "t1", id: theirs.id },
      { thread: "t3", id: mine.id },
    ]);
  });
});

describe("a thread that somebody else has", () => {
  it("is waited for by itself: others of its group are saved at once", async () => {
    const { saver, schema } = await newSaver();
    const { saver: other } = await newSaver(schema);
    const root = checkpoint();
    await other.put(configOf("t0"), root, META, {});
    await saver.getTuple(configOf("t0"));
    const blocker = await pool.connect();
    await blocker.query(`BEGIN; LOCK TABLE "${schema}".journal IN ACCESS EXCLUSIVE MODE`);
    // Alone with its thread, and held up by the blocker.
    const decision = { interruptId: "i", value: 1, at: "", revision: 0 };
    const deciding = other.recordDecisions(configOf("t0", root.id), [decision], [{ at: "", kind: "k", data: 1 }]);
    for (;;) {
      const sql = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1";
      if ((await pool.query(sql, [`%${schema}%journal%`])).rows.length > 0) break;
    }
    let isSaved = false;
    const child = checkpoint({ a: 1 }, root);
    const waiting = saver.put(configOf("t0", root.id), child, META, {}, root).then(() => {
      isSaved = true;
    });
    try {
      await Promise.all(
        names(9)
          .slice(1)
          .map((thread) => saver.put(configOf(thread), checkpoint(), META, {})),
      );
      expect(isSaved).toBe(false);
    } finally {
      await blocker.query("ROLLBACK");
      blocker.release();
    }
    await Promise.all([waiting, deciding]);
    expect((await saver.getTuple(configOf("t0")))?.checkpoint).toEqual(child);
  });
});

describe("two savers that group the same threads", () => {
  it("in opposite order do not wait for each other in a circle", async () => {
    const { saver: one, schema, calls } = await newSaver();
    const { saver: two, calls: callsOfTwo } = await newSaver(schema);
    const run = async (saver: PostgresSaver, order: readonly string[], name: string) => {
      for (let round = 0; round < 25; round++) {
        const lease = newLease(Date.now(), 60_000);
        await Promise.all(
          order.flatMap((thread) => [
            saver.put({ configurable: { thread_id: thread, checkpoint_ns: `${round}` } }, checkpoint({ name }), META, {}),
            saver.acquireLease(thread, lease, Date.now()),
          ]),
        );
        await Promise.all(order.map((thread) => saver.releaseLease(thread, lease.id)));
      }
    };
    const threads = names(100);
    await Promise.all([run(one, threads, "one"), run(two, threads.toReversed(), "two")]);
    // After a deadlock, each of a group would have been saved by itself.
    expect([calls("put_checkpoint"), callsOfTwo("put_checkpoint")]).toEqual([0, 0]);
    const { rows } = await pool.query(`SELECT count(*)::integer AS count FROM "${schema}".checkpoint`);
    expect(rows).toEqual([{ count: 2 * 25 * 100 }]);
    expect((await pool.query(`SELECT * FROM "${schema}".lease`)).rows).toEqual([]);
  });
});

describe("a saver that ends", () => {
  it("commits what was handed in before", async () => {
    const { saver, schema } = await newSaver();
    const { chain, saved } = handIn(saver, "t", 20);
    const ending = saver.end();
    await Promise.all([...saved, ending]);
    expect(await failureOf(saver.put(configOf("t"), checkpoint(), META, {}))).toMatchObject({ code: "STORAGE_CLOSED" });
    const { saver: other } = await newSaver(schema);
    expect((await historyOf(other, "t")).map((tuple) => tuple.checkpoint)).toEqual(chain);
  });
});
