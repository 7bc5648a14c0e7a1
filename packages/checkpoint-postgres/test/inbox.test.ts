import { checkpointId, type InterruptQuery, resolveQuery } from "@holdpoint/checkpoint";
import { runRandomInbox } from "@holdpoint/checkpoint/conformance";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxQuery } from "../src/inbox-page.js";
import { PostgresSaver } from "../src/index.js";
import { emptySchema } from "./empty-schema.js";
import { checkpoint, META, THREAD } from "./fixtures.js";
import { newSchema, sharedServer } from "./shared-server.js";

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await sharedServer() });
});
afterAll(() => pool.end());

const question = (id: string, more: object = {}) => ({ id, value: `${id}?`, ns: ["node:1"], graph: "desk", ...more });

describe("random histories of questions", () => {
  it("leave the inbox in step with what is saved", async () => {
    const schema = newSchema();
    const saver = new PostgresSaver(pool, { schema });
    await saver.setup();
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 40 }), async (seed, steps) => {
        await emptySchema(pool, schema);
        await runRandomInbox(saver, { seed, steps });
      }),
      { numRuns: 12 },
    );
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
  const schema = newSchema();

  beforeAll(async () => {
    const saver = new PostgresSaver(pool, { schema });
    const config = { configurable: { thread_id: "t0", checkpoint_id: checkpointId() } };
    await saver.putWrites(config, [["__interrupt__", [question("q", { terms: { assignees: ["p0"] } })]]], "task");
    // The rows as the saver writes them; one call for each would take long.
    await pool.query(`
      INSERT INTO "${schema}".line (thread, ns) SELECT 't' || n, '' FROM generate_series(1, 19999) n;
      INSERT INTO "${schema}".interrupt (line, at, expires, status, checkpoint, id, task, graph, data)
        SELECT l.pk, 1e12 + l.pk / 5000, 1e12 + l.pk, l.pk % 3, 'c', 'q', 'task', 'g' || l.pk % 50, i.data
        FROM "${schema}".line l, "${schema}".interrupt i WHERE l.thread <> 't0';
      INSERT INTO "${schema}".assignee (name, status, at, place)
        SELECT 'p' || i.pk % 100, i.status, i.at, i.pk FROM "${schema}".interrupt i WHERE i.graph <> 'desk';
      ANALYZE "${schema}".line; ANALYZE "${schema}".interrupt; ANALYZE "${schema}".assignee;`);
  });

  const planOf = async (query: InterruptQuery) => {
    const [sql, ...values] = inboxQuery(resolveQuery(query));
    const { rows } = await pool.query(`EXPLAIN (COSTS OFF) ${sql.replace(/\bhp\./g, `"${schema}".`)}`, values);
    return rows.map((row) => String(row["QUERY PLAN"])).join("\n");
  };

  it.each(QUERIES)("searches an index, goes on where the cursor is, and sorts nothing but the runs: %o", async (query) => {
    for (const before of [undefined, `${1e12 + 2}.12500`]) {
      const plan = await planOf({ limit: 10, ...query, before });
      expect(plan).not.toMatch(/Seq Scan on (interrupt|assignee)/);
      // A sort of what was found by a limit is one of a page.
      const runs = plan.split(/^.*(?:Limit|Append).*$/m).slice(1);
      expect(runs.some((run) => /Index (Only )?Scan/.test(run))).toBe(true);
      expect(plan).toMatch(/ROW\((i\.)?at, (i\.)?(pk|place)\)|ROW\(a\.at, a\.place\)/);
    }
  });

  it("reads only what it shows", async () => {
    for (const query of QUERIES) {
      const [sql, ...values] = inboxQuery(resolveQuery({ limit: 10, ...query, before: `${1e12 + 2}.12500` }));
      const { rows } = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql.replace(/\bhp\./g, `"${schema}".`)}`, values);
      const read: number[] = [];
      const walk = (node: Record<string, unknown>): void => {
        if (String(node["Relation Name"] ?? "").match(/interrupt|assignee/)) {
          read.push(Number(node["Actual Rows"]) * Number(node["Actual Loops"]) + Number(node["Rows Removed by Filter"] ?? 0));
        }
        for (const child of (node.Plans ?? []) as Record<string, unknown>[]) walk(child);
      };
      walk(rows[0]["QUERY PLAN"][0].Plan);
      expect(Math.max(0, ...read), JSON.stringify(query)).toBeLessThanOrEqual(11);
    }
  });

  it("finds what is overdue by the index of deadlines", async () => {
    expect(await planOf({ expiresBefore: new Date(1e12 + 100).toISOString() })).toContain("interrupt_by_deadline");
  });
});

describe("deleteThread", () => {
  it("leaves nothing of the thread in the index", async () => {
    const schema = newSchema();
    const saver = new PostgresSaver(pool, { schema });
    const config = await saver.put(THREAD, checkpoint(), META, {});
    await saver.putWrites(config, [["__interrupt__", [question("a", { terms: { assignees: ["ann", "bob"] } }), question("b")]]], "task");
    const count = async (table: string) => Number((await pool.query(`SELECT count(*) AS n FROM "${schema}".${table}`)).rows[0].n);
    expect(await count("assignee")).toBe(3);
    await saver.deleteThread("t");
    for (const table of ["interrupt", "assignee", "write", "checkpoint", "line"]) expect(await count(table)).toBe(0);
  });
});

describe("questions, answers and steps of one thread at once", () => {
  it("leave no question pending that nobody waits for", async () => {
    const schema = newSchema();
    const savers = Array.from({ length: 3 }, () => new PostgresSaver(pool, { schema }));
    const [asking, answering, going] = savers as [PostgresSaver, PostgresSaver, PostgresSaver];
    for (let round = 0; round < 60; round++) {
      const thread = { configurable: { thread_id: `t${round}` } };
      const root = checkpoint();
      const config = await asking.put(thread, root, META, {});
      await asking.putWrites(config, [["__interrupt__", [question("a")]]], "one");
      await Promise.all([
        asking.putWrites(config, [["__interrupt__", [question("b"), question("c")]]], "two"),
        answering.recordDecisions(config, [{ interruptId: "b", value: 1, at: "", revision: 0 }]),
        answering.putWrites(config, [["result", 1]], "one"),
        going.put(config, checkpoint({ n: 1 }, root), META, {}, root),
      ]);
      const { items } = await asking.listInterrupts({ threadId: `t${round}`, status: "any", order: "oldest" });
      expect(Object.fromEntries(items.map(({ id, status }) => [id, status]))).toEqual({ a: "closed", b: "decided", c: "closed" });
    }
  });
});
