import { type Checkpoint, type CheckpointConfig, CheckpointError, createSerializer } from "@holdpoint/checkpoint";
import { Annotation, END, START, StateGraph } from "@holdpoint/core";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { lockKey, schemaName } from "../src/schema-name.js";
import { checkpoint, countingPool, failureOf, META, THREAD } from "./fixtures.js";
import { newSchema, sharedServer } from "./shared-server.js";

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url, max: 20 });
  pool.setMaxListeners(100);
});
afterAll(() => pool.end());

const open: { end(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.end();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
const from = ({ id }: Checkpoint, ns = ""): CheckpointConfig => ({
  configurable: { thread_id: "t", checkpoint_ns: ns, checkpoint_id: id },
});

/** A saver with a pool of its own, and what it sends and borrows. */
async function newSaver({ schema = newSchema(), max = 5, busyTimeout = 5000 } = {}) {
  const own = new pg.Pool({ connectionString: url, max });
  const counting = countingPool(own);
  const saver = new PostgresSaver(counting.pool, { schema, busyTimeout });
  open.push(own, saver);
  await saver.setup();
  await turn();
  /** Names of the functions that a call makes use of. */
  const sentBy = async (run: () => Promise<unknown>) => {
    counting.sent.length = 0;
    await run();
    return counting.sent.map((text) => /\.(\w+)\(/.exec(text)?.[1] ?? text);
  };
  return { saver, schema, own, sentBy, counting };
}

/** A graph that counts up to so many, one step after the other. */
function counter(saver: PostgresSaver, steps: number) {
  return new StateGraph(Annotation.Root({ count: Annotation<number>() }))
    .addNode("step", ({ count }) => ({ count: count + 1 }))
    .addEdge(START, "step")
    .addConditionalEdges("step", ({ count }) => (count < steps ? "step" : END))
    .compile({ checkpointer: saver });
}
const run = (saver: PostgresSaver, steps: number) =>
  counter(saver, steps).invoke({ count: 0 }, { configurable: { thread_id: "t" }, durability: "sync", recursionLimit: 200 });

describe("a step of a thread alone", () => {
  it("is one short statement behind what was saved or read before it, without a transaction around it", async () => {
    const { saver, schema, sentBy } = await newSaver();
    const root = checkpoint({ a: 1 });
    expect(await sentBy(() => saver.put(THREAD, root, META, {}))).toEqual(["save_checkpoint"]);
    const child = checkpoint({ a: 2 }, root);
    expect(await sentBy(() => saver.put(from(root), child, META, {}, root))).toEqual(["append_checkpoint"]);
    const { saver: other, sentBy: sentByOther } = await newSaver({ schema });
    const read = (await other.getTuple(THREAD))!;
    const grandchild = checkpoint({ a: 3 }, read.checkpoint);
    expect(await sentByOther(() => other.put(read.config, grandchild, META, {}, read.checkpoint))).toEqual(["append_checkpoint"]);
    expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(grandchild);
    expect((await saver.getTuple(THREAD))?.parentConfig?.configurable?.checkpoint_id).toBe(child.id);
  });

  it("asks the pool once for many of them, and gives back what it has when the event loop turns", async () => {
    const { saver, own, counting } = await newSaver();
    counting.lent.count = 0;
    await run(saver, 60);
    expect(counting.sent.filter((text) => text.includes("append_checkpoint")).length).toBeGreaterThanOrEqual(59);
    // One for the run, and one more where a turn of the event loop came in between.
    expect(counting.lent.count).toBeLessThanOrEqual(5);
    await turn();
    expect([own.totalCount, own.idleCount]).toEqual([1, 1]);
  });

  it("lets others have the only connection of a pool while a run goes on", async () => {
    const { saver, own, sentBy } = await newSaver({ max: 1 });
    let steps = 0;
    const seen: number[] = [];
    const graph = new StateGraph(Annotation.Root({ count: Annotation<number>() }))
      .addNode("step", ({ count }) => {
        steps = count + 1;
        // While the step before this one is on its way to the pool's queue.
        if (count === 10) void own.query("SELECT 1").then(() => seen.push(steps));
        return { count: count + 1 };
      })
      .addEdge(START, "step")
      .addConditionalEdges("step", ({ count }) => (count < 60 ? "step" : END))
      .compile({ checkpointer: saver });
    await sentBy(() => graph.invoke({ count: 0 }, { configurable: { thread_id: "t" }, durability: "sync", recursionLimit: 200 }));
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeLessThan(20);
  });

  it("is given to the pool at once where the pool does not say who waits", async () => {
    const { counting, schema } = await newSaver();
    const { waitingCount: _, ...silent } = counting.pool;
    const saver = new PostgresSaver(silent, { schema });
    await saver.put(THREAD, checkpoint(), META, {});
    counting.lent.count = 0;
    await run(saver, 10);
    expect(counting.lent.count).toBeGreaterThanOrEqual(10);
  });

  it("is saved by a closer look where its parent has gone, or is another one under the same id", async () => {
    const { saver, schema, sentBy } = await newSaver();
    const { saver: other } = await newSaver({ schema });
    const text = "x".repeat(600);
    const root = checkpoint({ log: [text] });
    await saver.put(THREAD, root, META, {});
    await other.put(THREAD, { ...root, channel_values: { log: ["another"] } }, META, {});
    const child = checkpoint({ log: [text, "more"] }, root);
    expect((await sentBy(() => saver.put(from(root), child, META, {}, root)))[0]).toBe("append_checkpoint");
    expect((await saver.getTuple(from(child)))?.checkpoint).toEqual(child);
    expect((await saver.getTuple(from(root)))?.checkpoint.channel_values).toEqual({ log: ["another"] });
    await other.deleteThread("t");
    const grandchild = checkpoint({ log: [text, "more", "and more"] }, child);
    await saver.put(from(child), grandchild, META, {}, child);
    expect((await other.getTuple(THREAD))?.checkpoint).toEqual(grandchild);
  });

  it("changes nothing when it is repeated, and replaces what stands under its id", async () => {
    const { saver, own, schema, sentBy } = await newSaver();
    const root = checkpoint({ a: 1 });
    await saver.put(THREAD, root, META, {});
    const child = checkpoint({ a: 2 }, root);
    const { saver: other } = await newSaver({ schema });
    // Writes that came before their checkpoint.
    await other.putWrites(from(child), [["a", 2]], "task");
    expect((await sentBy(() => saver.put(from(root), child, META, {}, root)))[0]).toBe("append_checkpoint");
    const rows = `SELECT pk, id, parent, data FROM "${schema}".checkpoint ORDER BY pk`;
    const before = (await own.query(rows)).rows;
    await saver.getTuple(from(root));
    await saver.put(from(root), child, META, {}, root);
    expect((await own.query(rows)).rows).toEqual(before);
    expect((await saver.getTuple(from(child)))?.pendingWrites).toEqual([["task", "a", 2]]);
  });

  it("waits for whoever is alone with its thread, for as long as was set, and is saved whole or not at all", async () => {
    const { saver, schema } = await newSaver({ busyTimeout: 100 });
    const blocker = new pg.Client(url);
    open.push(blocker);
    await blocker.connect();
    let parent = checkpoint({ a: 0 });
    await saver.put(THREAD, parent, META, {});
    const holds = [`SELECT pg_advisory_xact_lock(${lockKey(schemaName(schema), "thread", "t")})`, `LOCK TABLE "${schema}".checkpoint`];
    for (const [at, hold] of holds.entries()) {
      await blocker.query("BEGIN");
      await blocker.query(hold);
      const child = checkpoint({ a: at + 1 }, parent);
      const error = await failureOf(saver.put(from(parent), child, META, {}, parent));
      expect(CheckpointError.is(error, "STORAGE_BUSY") && error.retryable).toBe(true);
      await blocker.query("ROLLBACK");
      expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(parent);
      await saver.put(from(parent), child, META, {}, parent);
      expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(child);
      parent = child;
    }
  });

  it("is refused at another isolation level, which would not see that its parent has gone", async () => {
    const { saver, own } = await newSaver({ max: 1 });
    const root = checkpoint({ a: 1 });
    await saver.put(THREAD, root, META, {});
    await own.query("SET default_transaction_isolation = 'repeatable read'");
    expect(await failureOf(saver.put(from(root), checkpoint({ a: 2 }, root), META, {}, root))).toMatchObject({
      code: "STORAGE_FAILED",
      message: expect.stringContaining('needs the isolation level "read committed"'),
    });
    expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(root);
  });

  it("closes the questions that it makes void, of its own line, and tells listeners", async () => {
    const schema = newSchema();
    const saver = PostgresSaver.fromConnString(url, { schema });
    open.push(saver);
    const root = checkpoint({ a: 1 });
    await saver.put(THREAD, root, META, {});
    await saver.putWrites(from(root), [["__interrupt__", [{ id: "q", value: 1 }]]], "asks");
    const heard: string[] = [];
    const stop = await saver.subscribe((event) => heard.push(event.kind === "gap" ? "gap" : `${event.kind} ${event.threadId}`));
    const heardOf = async (wanted: string) => {
      while (!heard.includes(wanted)) await new Promise((resolve) => setTimeout(resolve, 5));
      return heard.splice(0);
    };
    // A graph inside: its thread goes on, the question beside the root stays.
    const [inner, innerNext] = [checkpoint({ b: 1 }), checkpoint({ b: 2 })];
    await saver.put({ configurable: { thread_id: "t", checkpoint_ns: "inside" } }, inner, META, {});
    await saver.put(from(inner, "inside"), innerNext, META, {}, inner);
    expect((await saver.listInterrupts()).items.map(({ threadId }) => threadId)).toEqual(["t"]);
    await saver.put({ configurable: { thread_id: "other" } }, checkpoint(), META, {});
    expect(new Set(await heardOf("thread other"))).toEqual(new Set(["thread t", "thread other"]));
    await saver.put(from(root), checkpoint({ a: 2 }, root), META, {}, root);
    expect((await saver.listInterrupts()).items).toEqual([]);
    expect((await heardOf("interrupts t")).sort()).toEqual(["interrupts t", "thread t"]);
    await stop();
  });
});

describe("a history of large states", () => {
  it("is decoded one after the other where each is stored whole, however many rows a page has", async () => {
    const { saver: writer, own, schema } = await newSaver();
    const states = Array.from({ length: 30 }, (_, n) => checkpoint({ [`key${n}`]: "x".repeat(600) }));
    for (const one of states) await writer.put(THREAD, one, META, {});
    const decoded: string[] = [];
    const text = createSerializer();
    const loads: typeof text.loads = (data, place) => {
      if (place?.part === "checkpoint") decoded.push(place.checkpointId ?? "");
      return text.loads(data, place);
    };
    const reader = new PostgresSaver(own, { schema, serializer: { dumps: text.dumps, loads } });
    const newest = states.toReversed().map(({ id }) => id);
    const tuples = reader.list(THREAD);
    for (const count of [1, 2]) {
      expect((await tuples.next()).value?.checkpoint.id).toBe(newest[count - 1]);
      expect(decoded).toEqual(newest.slice(0, count));
    }
  });
});

describe("a history of which a part cannot be read", () => {
  it("is given up to that part, as it is where each of it is read by itself", async () => {
    const { saver, own, schema } = await newSaver();
    const chain: Checkpoint[] = [];
    for (let n = 0; n < 12; n++) {
      const parent = chain.at(-1);
      // In the middle it begins anew, and is stored whole.
      const log = [...(n === 6 ? [] : ((parent?.channel_values.log as string[]) ?? [])), `entry ${n} ${"x".repeat(300)}`];
      const one = checkpoint({ log }, parent);
      await saver.put(parent === undefined ? THREAD : from(parent), one, { ...META, step: n }, {}, parent);
      chain.push(one);
    }
    const read = async () => {
      const found: Checkpoint[] = [];
      const error = await failureOf(
        (async () => {
          for await (const { checkpoint: one } of saver.list(THREAD)) found.push(one);
        })(),
      );
      return { found, code: CheckpointError.is(error) ? error.code : error };
    };
    expect(await read()).toEqual({ found: chain.toReversed(), code: undefined });
    // The oldest record, which changes up to the sixth stand on.
    const oldest = `UPDATE "${schema}".checkpoint SET data = $2 WHERE id = $1 RETURNING (SELECT data FROM "${schema}".checkpoint WHERE id = $1) AS was`;
    const { was } = (await own.query(oldest, [chain[0]!.id, "["])).rows[0] as { was: string };
    expect(await read()).toEqual({ found: chain.slice(6).reverse(), code: "CORRUPT_DATA" });
    await own.query(oldest, [chain[0]!.id, was]);
    // The metadata of the fourth, then the record of the newest one that is stored as a change.
    await own.query(`UPDATE "${schema}".checkpoint SET metadata = '{' WHERE id = $1`, [chain[8]!.id]);
    expect(await read()).toEqual({ found: chain.slice(9).reverse(), code: "CORRUPT_DATA" });
    await own.query(`UPDATE "${schema}".checkpoint SET data = '[' WHERE id = $1 AND is_patch`, [chain[11]!.id]);
    expect(await read()).toEqual({ found: [], code: "CORRUPT_DATA" });
    expect((await saver.getTuple(from(chain[10]!)))?.checkpoint).toEqual(chain[10]);
  });
});
