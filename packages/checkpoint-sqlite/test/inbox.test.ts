import { type Checkpoint, checkpointId, checkpointTime, type InterruptQuery, resolveQuery } from "@holdpoint/checkpoint";
import { runRandomInbox } from "@holdpoint/checkpoint/conformance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inboxQuery } from "../src/inbox-page.js";
import { SqliteSaver } from "../src/index.js";
import { checkDatabase } from "./check-database.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";
import { toSchemaFour } from "./to-schema-four.js";
import { toSchemaOne } from "./to-schema-one.js";

const META = { source: "loop", step: 0, parents: {} } as const;

function checkpoint(parent?: Checkpoint): Checkpoint {
  return { v: 4, id: checkpointId(parent?.id), ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} };
}

const question = (id: string, more: object = {}) => ({ id, value: `${id}?`, ns: ["node:1"], graph: "desk", ...more });

describe("random histories of questions", () => {
  it("leave the inbox in step with what is saved", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 50 }), async (seed, steps) => {
        const saver = SqliteSaver.fromConnString(":memory:");
        await runRandomInbox(saver, { seed, steps });
        saver.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe("a database of an older schema", () => {
  async function oldDatabase(): Promise<string> {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    for (let n = 0; n < 700; n++) {
      const root = checkpoint();
      const config = await saver.put({ configurable: { thread_id: `t${n}\0` } }, root, META, {});
      const terms = { assignees: [`p${n % 5}`], expiresAt: new Date(1e12 + n).toISOString() };
      await saver.putWrites(config, [["__interrupt__", [question("a", { at: new Date(n).toISOString(), terms }), question("b")]]], "task");
      if (n % 3 === 0) await saver.recordDecisions(config, [{ interruptId: "a", value: 1, at: "", revision: 0 }]);
      if (n % 6 === 0) await saver.recordDecisions(config, [{ interruptId: "a", value: 1, at: "", revision: 1, refused: [] }]);
      if (n % 7 === 0) await saver.put(config, checkpoint(root), META, {}, root);
      if (n % 11 === 0) await saver.putWrites(config, [["done", 1]], "task");
      const nested = { configurable: { thread_id: `t${n}\0`, checkpoint_ns: "sub", checkpoint_id: root.id } };
      if (n % 13 === 0) await saver.putWrites(nested, [["__interrupt__", [question("nested")]]], "task");
    }
    saver.close();
    return file;
  }

  async function everything(saver: SqliteSaver, query: InterruptQuery) {
    const items: unknown[] = [];
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await saver.listInterrupts({ ...query, before: cursor });
      items.push(...page.items.map(({ at, ...item }) => ({ ...item, at: item.id === "a" ? at : undefined })));
      cursor = page.next;
    }
    return items.map((item) => JSON.stringify(item)).sort();
  }

  const queries: InterruptQuery[] = [{}, { status: "any" }, { status: "closed" }, { assignee: "p1", status: "any" }, { graph: "desk" }];

  it("keeps whom each question is for", async () => {
    const file = await oldDatabase();
    const before = SqliteSaver.fromConnString(file);
    const expected = await Promise.all(queries.map((query) => everything(before, query)));
    before.close();
    toSchemaFour(file);
    const after = SqliteSaver.fromConnString(file);
    expect(await Promise.all(queries.map((query) => everything(after, query)))).toEqual(expected);
    expect((await after.listInterrupts({ assignee: "nobody", status: "any", limit: 1000 })).items).toHaveLength(700);
    after.close();
    const handle = openHandle(file);
    checkDatabase(handle);
    handle.close();
  });

  it("gets an index of the questions that are in it", async () => {
    const file = await oldDatabase();
    const before = SqliteSaver.fromConnString(file);
    const expected = await Promise.all(queries.map((query) => everything(before, query)));
    before.close();
    expect(expected[1]).toHaveLength(1400);
    toSchemaOne(file);
    const after = SqliteSaver.fromConnString(file);
    expect(await Promise.all(queries.map((query) => everything(after, query)))).toEqual(expected);
    const [item] = (await after.listInterrupts({ threadId: "t1\0", order: "newest" })).items;
    const tuple = await after.getTuple({ configurable: { thread_id: "t1\0" } });
    expect(Date.parse(String(item?.at))).toBe(checkpointTime(String(tuple?.checkpoint.id)));
    after.close();
  });

  it("opens also where a question in it cannot be read", async () => {
    const file = await oldDatabase();
    toSchemaOne(file);
    const handle = openHandle(file);
    handle.exec("UPDATE holdpoint_write SET data = substr(data, 3) WHERE pk = (SELECT min(pk) FROM holdpoint_write WHERE idx = -3)");
    handle.close();
    const saver = SqliteSaver.fromConnString(file);
    expect((await saver.listInterrupts({ threadId: "t0\0", status: "any" })).items).toEqual([]);
    expect((await saver.listInterrupts({ threadId: "t1\0" })).items).toHaveLength(2);
    saver.close();
  });
});

describe("an inbox of 20,000 threads", () => {
  const QUERIES: InterruptQuery[] = [
    {},
    { order: "oldest" },
    { status: "any" },
    { assignee: "p7" },
    { assignee: "p7", status: "any", order: "oldest" },
    { graph: "g3" },
    { graph: "g3", status: "any" },
    { threadId: "t500" },
    { threadId: "t500", status: "any" },
  ];

  async function bigInbox(file: string): Promise<SqliteSaver> {
    const handle = openHandle(file);
    const saver = new SqliteSaver(handle);
    // One transaction of ours around all of theirs would be refused: without a disk to wait for, they are quick enough.
    handle.exec("PRAGMA synchronous = OFF");
    for (let n = 0; n < 20_000; n++) {
      const config = { configurable: { thread_id: `t${n}`, checkpoint_id: checkpointId() } };
      const terms = { assignees: n % 4 === 0 ? [] : [`p${n % 100}`], expiresAt: new Date(1e12 + n).toISOString() };
      // Many within one moment: the order among them is that of insertion.
      const one = question("q", { graph: `g${n % 50}`, at: new Date(1e12 + Math.floor(n / 5000)).toISOString(), terms });
      await saver.putWrites(config, [["__interrupt__", [one]]], "task");
    }
    return saver;
  }

  it("is read in time that depends on the page", async () => {
    const saver = await bigInbox(":memory:");
    const timeOf = async (query: InterruptQuery) => {
      const times: number[] = [];
      for (let n = 0; n < 30; n++) {
        const started = performance.now();
        await saver.listInterrupts({ limit: 10, ...query });
        times.push(performance.now() - started);
      }
      return times.sort((a, b) => a - b)[15]!;
    };
    for (const query of QUERIES) {
      expect(await timeOf(query), JSON.stringify(query)).toBeLessThan(1.5);
      const middle = `${1e12 + 2}.12500`;
      expect(await timeOf({ ...query, before: middle }), `${JSON.stringify(query)} from the middle`).toBeLessThan(1.5);
    }
    expect((await saver.listInterrupts({ limit: 1000, before: `${1e12 + 2}.12500` })).items[0]?.threadId).toBe("t12498");
    saver.close();
  });

  it.each(QUERIES)("searches an index and sorts nothing: %o", (query) => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    const [sql, ...values] = inboxQuery(resolveQuery(query));
    const plan = (handle.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(({ detail }) => detail);
    expect(plan.filter((detail) => /^SCAN|TEMP B-TREE/.test(detail))).toEqual([]);
    expect(plan.filter((detail) => /\(at,place\)[<>]\(\?,\?\)/.test(detail)).length).toBe(
      plan.filter((detail) => /^SEARCH (a|i) .*status=/.test(detail)).length,
    );
    expect(plan.some((detail) => /\(at,place\)/.test(detail))).toBe(true);
    saver.close();
  });

  it("finds what is overdue by the index of deadlines, and a thread's questions without looking at others", () => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    const [sql, ...values] = inboxQuery(resolveQuery({ expiresBefore: "2030-01-01T00:00:00Z" }));
    const plan = (handle.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(({ detail }) => detail);
    expect(plan.join("\n")).toContain("holdpoint_interrupt_by_deadline (status=? AND expires<?)");
    for (const change of [
      "UPDATE holdpoint_interrupt SET status = 2 WHERE line = 1 AND status = 0 AND checkpoint < 'x'",
      "UPDATE holdpoint_interrupt SET status = 2 WHERE line = 1 AND status = 0 AND checkpoint = 'x' AND task = 't'",
    ]) {
      const [step] = handle.prepare(`EXPLAIN QUERY PLAN ${change}`).all() as { detail: string }[];
      expect(step?.detail).toMatch(/^SEARCH holdpoint_interrupt USING .*INDEX/);
    }
    saver.close();
  });
});

describe("deleteThread", () => {
  it("leaves nothing of the thread in the index", async () => {
    const handle = openHandle(":memory:");
    const saver = new SqliteSaver(handle);
    const config = await saver.put({ configurable: { thread_id: "t" } }, checkpoint(), META, {});
    await saver.putWrites(config, [["__interrupt__", [question("a", { terms: { assignees: ["ann", "bob"] } }), question("b")]]], "task");
    expect(handle.prepare("SELECT count(*) AS n FROM holdpoint_assignee").get()).toMatchObject({ n: 2 });
    await saver.deleteThread("t");
    for (const table of ["interrupt", "assignee", "write", "checkpoint", "line"]) {
      expect(handle.prepare(`SELECT count(*) AS n FROM holdpoint_${table}`).get()).toMatchObject({ n: 0 });
    }
    saver.close();
  });
});
