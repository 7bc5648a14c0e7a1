import assert from "node:assert/strict";
import type { InterruptQuery } from "../inbox/inbox-types.js";
import type { CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { firstCheckpoint, newThread, put } from "./fixtures.js";
import { ask, asking, idsOfItems, page, question, readAll, second, statuses } from "./inbox-fixtures.js";

/** Ids of what a query finds, oldest first. */
async function find(saver: CheckpointSaver, query: InterruptQuery): Promise<string[]> {
  return idsOfItems(await readAll(saver, { order: "oldest", ...query }));
}

const KEYS = ["plain", "a\0b", "a\0c", "\ud800", "\udc00", "\u0001", "\u0001x", "'; DROP TABLE x; --", "__proto__", "é😀", "%"];

export const inboxPageCases: readonly ConformanceCase[] = [
  {
    name: "pages go on where the last one ended, newest or oldest first, also within one moment",
    run: async (saver) => {
      const expected: string[] = [];
      for (let n = 0; n < 25; n++) {
        await asking(saver, question(`q${n}`, { at: second(Math.floor(n / 10)) }));
        expected.push(`q${n}`);
      }
      for (const limit of [1, 3, 25, 26]) {
        assert.deepEqual(await find(saver, { limit }), expected);
        assert.deepEqual(await find(saver, { limit, order: "newest" }), expected.toReversed());
        assert.deepEqual(await find(saver, { limit, status: "any", order: "newest" }), expected.toReversed());
      }
      assert.equal((await page(saver)).items.length, 25);
      assert.deepEqual(idsOfItems((await page(saver, { limit: 2 })).items), ["q24", "q23"], "newest first where nothing is said");
    },
  },
  {
    name: "the order is that of asking, not of saving; what comes meanwhile is on no page twice",
    run: async (saver) => {
      await asking(saver, question("late", { at: second(9) }));
      await asking(saver, question("early", { at: second(1) }));
      const first = await page(saver, { limit: 1, order: "oldest" });
      assert.deepEqual(idsOfItems(first.items), ["early"]);
      await asking(saver, question("earlier", { at: second(0) }));
      await asking(saver, question("between", { at: second(5) }));
      const rest = await readAll(saver, { order: "oldest", limit: 1 });
      assert.deepEqual(idsOfItems(rest), ["earlier", "early", "between", "late"]);
      const next = await page(saver, { order: "oldest", before: first.next });
      assert.deepEqual(idsOfItems(next.items), ["between", "late"]);
    },
  },
  {
    name: "filters narrow by thread, graph, assignee, deadline and status, each alone and together",
    run: async (saver) => {
      const terms = (expires: number | undefined, ...assignees: string[]) => ({
        terms: { ...(expires === undefined ? {} : { expiresAt: second(expires) }), ...(assignees.length === 0 ? {} : { assignees }) },
      });
      const one = await asking(
        saver,
        question("a", { at: second(1), ...terms(10, "ann") }),
        question("b", { at: second(2), ...terms(20, "bob", "ann") }),
      );
      const two = await asking(
        saver,
        question("c", { at: second(3), graph: "shop", ...terms(30) }),
        question("d", { at: second(4), graph: "shop" }),
      );
      await asking(saver, question("e", { at: second(5), terms: { assignees: [] } }), question("f", { at: second(6), ...terms(5, "bob") }));
      await saver.putWrites(two.point, [["result", 1]], "task");
      const cases: [InterruptQuery, string[]][] = [
        [{}, ["a", "b", "e", "f"]],
        [{ status: "closed" }, ["c", "d"]],
        [{ status: "decided" }, []],
        [{ status: "any" }, ["a", "b", "c", "d", "e", "f"]],
        [{ threadId: one.threadId }, ["a", "b"]],
        [{ threadId: two.threadId }, []],
        [{ threadId: two.threadId, status: "any", assignee: "ann" }, ["c", "d"]],
        [{ threadId: one.threadId, assignee: "bob" }, ["b"]],
        [{ threadId: one.threadId, graph: "shop", status: "any" }, []],
        [{ threadId: one.threadId, expiresBefore: second(11) }, ["a"]],
        [{ graph: "shop" }, []],
        [{ graph: "shop", status: "any" }, ["c", "d"]],
        [{ graph: "desk", status: "any" }, ["a", "b", "e", "f"]],
        [{ assignee: "ann" }, ["a", "b", "e"]],
        [{ assignee: "bob" }, ["b", "e", "f"]],
        [{ assignee: "eve" }, ["e"]],
        [{ assignee: "ann", status: "any" }, ["a", "b", "c", "d", "e"]],
        [{ assignee: "ann", graph: "shop", status: "any" }, ["c", "d"]],
        [{ expiresBefore: second(20) }, ["a", "f"]],
        [{ expiresBefore: second(21), assignee: "ann" }, ["a", "b"]],
        [{ expiresBefore: second(99), status: "any", graph: "shop" }, ["c"]],
        [{ expiresBefore: "2030-01-01T01:00:20+01:00" }, ["a", "f"]],
      ];
      for (const [query, ids] of cases) {
        for (const limit of [1, 100]) {
          assert.deepEqual(await find(saver, { ...query, limit }), ids, JSON.stringify(query));
          assert.deepEqual(await find(saver, { ...query, limit, order: "newest" }), ids.toReversed(), JSON.stringify(query));
        }
      }
    },
  },
  {
    name: "who is asked and until when follow the newest list",
    run: async (saver) => {
      const { point } = await asking(saver, question("a", { terms: { assignees: ["ann"], expiresAt: second(5) } }));
      await ask(saver, point, "task", question("a", { graph: "shop", terms: { assignees: ["bob"], expiresAt: second(50) } }));
      assert.deepEqual(await find(saver, { assignee: "ann" }), []);
      assert.deepEqual(await find(saver, { assignee: "bob" }), ["a"]);
      assert.deepEqual(await find(saver, { expiresBefore: second(9) }), []);
      assert.deepEqual(await find(saver, { graph: "shop" }), ["a"]);
      await ask(saver, point, "task", question("a"));
      assert.deepEqual(await find(saver, { assignee: "ann" }), ["a"]);
      assert.deepEqual(await find(saver, { expiresBefore: second(99) }), []);
    },
  },
  {
    name: "any text is an id, a graph, an assignee and a thread, and no two are taken for one",
    run: async (saver) => {
      const run = newThread().threadId;
      for (const key of KEYS) {
        const config = { configurable: { thread_id: run + key, checkpoint_ns: "" } };
        const point = await put(saver, { threadId: run + key, ns: "", config }, firstCheckpoint({}));
        await ask(saver, point, `task ${key}`, ...KEYS.map((id) => question(id, { graph: key, terms: { assignees: [key] } })));
      }
      for (const key of KEYS) {
        for (const query of [{ threadId: run + key }, { graph: key }, { assignee: key }]) {
          const items = await readAll(saver, { ...query, order: "oldest" });
          assert.deepEqual(idsOfItems(items), KEYS);
          for (const item of items) assert.deepEqual([item.threadId, item.graph], [run + key, key]);
        }
        await ask(
          saver,
          {
            configurable: {
              thread_id: run + key,
              checkpoint_id: (await saver.getTuple({ configurable: { thread_id: run + key } }))?.checkpoint.id,
            },
          },
          `task ${key}`,
          question(key),
        );
        const left = await statuses(saver, { threadId: run + key, ns: "", config: {} });
        assert.deepEqual(
          Object.keys(left).filter((id) => left[id] === "pending"),
          [key],
        );
        await saver.putWrites(
          {
            configurable: {
              thread_id: run + key,
              checkpoint_id: (await saver.getTuple({ configurable: { thread_id: run + key } }))?.checkpoint.id,
            },
          },
          [["done", 1]],
          `task ${key}`,
        );
      }
    },
  },
  {
    name: "a query that means nothing is refused",
    run: async (saver) => {
      const queries = [
        { limit: 0 },
        { limit: 1.5 },
        { limit: "5" },
        { order: "random" },
        { status: "open" },
        { before: "1; DROP TABLE" },
        { before: 5 },
        { expiresBefore: "soon" },
        { threadId: 5 },
        { assignee: { $ne: 1 } },
      ];
      for (const query of queries) await assert.rejects(async () => page(saver, query as unknown as InterruptQuery), JSON.stringify(query));
    },
  },
];
