import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver, PostgresStore } from "../../src/index.js";
import { PostgresServer } from "../postgres-server.js";
import { newSchema } from "../shared-server.js";
import { startChild } from "../start-child.js";

const CHILD = "store/store-child.mjs";
const NAMES = ["a", "b", "c", "d"];

// A server of its own, which waits for the disk.
let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.create({ fsync: true });
});
afterAll(() => server.remove());

describe("several processes on one database", () => {
  it("make the tables together, lose no document, and never see half a batch, whatever the order of its keys", async () => {
    const schema = newSchema();
    const time = String(Date.now() + 1500);
    const children = NAMES.map((name) => startChild(["fill", server.url, schema, name, time, "40"], undefined, CHILD));
    // A saver sets up the same schema meanwhile.
    const saver = PostgresSaver.fromConnString(server.url, { schema });
    await saver.setup();
    expect(await Promise.all(children.map((child) => child.ended))).toEqual(NAMES.map(() => 0));
    await saver.end();
    const store = PostgresStore.fromConnString(server.url, { schema });
    for (const [at, name] of NAMES.entries()) {
      const items = await store.search(["own", name], { limit: 1000 });
      expect(items.map(({ value }) => value.n)).toEqual(Array.from({ length: 40 }, (_, n) => 39 - n));
      expect(children[at]!.said.map(({ states }) => states)).toEqual(Array(40).fill([1, 1]));
    }
    expect(await store.search(["passing"])).toEqual([]);
    await store.end();
  });
});

describe("kill -9 of a client", () => {
  it("loses nothing that was acknowledged, and leaves every batch whole, time after time", async () => {
    const schema = newSchema();
    for (const count of [1, 2, 3, 8, 31, 90]) {
      const kill = (said: number) => {
        if (said === count) child.process.kill("SIGKILL");
      };
      const child = startChild(["write", server.url, schema], kill, CHILD);
      await child.ended;
      expect(child.process.signalCode).toBe("SIGKILL");
      await check(schema, child.said);
    }
  });
});

async function check(schema: string, said: readonly Record<string, unknown>[]): Promise<void> {
  const store = PostgresStore.fromConnString(server.url, { schema });
  const put = Math.max(0, ...said.map((one) => Number(one.put ?? 0)));
  const batch = Math.max(0, ...said.map((one) => Number(one.batch ?? 0)));
  const [left, right, progress] = await store.batch([
    { namespace: ["pair", "left"], key: "k" },
    { namespace: ["pair", "right"], key: "k" },
    { namespace: ["progress"], key: "step" },
  ]);
  const step = Number(progress?.value.step ?? 0);
  // A batch is there as a whole. What was under way when the process died may be done, also a moment later.
  expect([left?.value.step ?? 0, right?.value.step ?? 0]).toEqual([step, step]);
  expect(step - batch).toBeOneOf([0, 1]);
  const items = await store.search(["log"], { limit: 1000 });
  const steps = items.map(({ value }) => Number(value.step));
  expect(steps[0]! - put).toBeOneOf([0, 1]);
  expect(steps).toEqual(Array.from({ length: steps.length }, (_, at) => steps[0]! - at));
  expect(steps.at(-1)).toBeOneOf([Math.max(1, step - 19), Math.max(1, step - 18)]);
  for (const { value } of items) expect(value.text).toHaveLength((Number(value.step) * 37) % 5000);
  await store.end();
}
