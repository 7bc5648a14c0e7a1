import type { Checkpoint, CheckpointConfig } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { checkpoint, countingPool, META, THREAD } from "./fixtures.js";
import { newSchema, sharedServer } from "./shared-server.js";

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await sharedServer() });
});
afterAll(() => pool.end());

async function counted() {
  const counting = countingPool(pool);
  const saver = new PostgresSaver(counting.pool, { schema: newSchema() });
  await saver.setup();
  const { sent } = counting;
  return {
    saver,
    count: async (run: () => Promise<unknown>) => {
      sent.length = 0;
      await run();
      return sent.length;
    },
  };
}

describe("round trips", () => {
  it("are one for each step of a run, its first one included", async () => {
    const { saver, count } = await counted();
    let parent = checkpoint({ log: ["first"] });
    let config: CheckpointConfig = THREAD;
    const put = async (one: Checkpoint, base?: Checkpoint) => {
      config = await saver.put(config, one, META, {}, base);
    };
    expect(await count(() => put(parent))).toBe(1);
    for (let step = 0; step < 5; step++) {
      const child = checkpoint({ log: [...(parent.channel_values.log as string[]), `step ${step}`] }, parent);
      expect(await count(() => put(child, parent))).toBe(1);
      expect(await count(() => saver.putWrites(config, [["log", 1]], "task"))).toBe(1);
      expect(await count(() => saver.putWrites(config, [["__interrupt__", [{ id: "q", value: 1 }]]], "task"))).toBe(1);
      parent = child;
    }
    expect(await count(() => saver.getTuple(THREAD))).toBe(1);
    expect((await saver.getTuple(THREAD))?.checkpoint).toEqual(parent);
  });

  it("are one for a runtime that does not pass the parent", async () => {
    const { saver, count } = await counted();
    const root = checkpoint({ a: "x".repeat(500) });
    const config = await saver.put(THREAD, root, META, {});
    expect(await count(() => saver.put(config, checkpoint({ b: 1 }, root), META, {}))).toBe(1);
  });

  it("are two for a run that goes on with what another process has saved: one to read, one to save", async () => {
    const { saver, count } = await counted();
    const first = checkpoint({ a: 1 });
    await saver.put(THREAD, first, META, {});
    // What was read is what is built on.
    const read = (await saver.getTuple(THREAD))!;
    expect(await count(() => saver.put(read.config, checkpoint({ a: 2 }, read.checkpoint), META, {}, read.checkpoint))).toBe(1);
    // A fork of what was neither read nor saved last.
    expect(await count(() => saver.put(read.config, checkpoint({ a: 3 }, first), META, {}, first))).toBe(2);
  });

  it("are one to take a lease, and one to give it back", async () => {
    const { saver, count } = await counted();
    const lease = { id: "l", host: "h", pid: 1, expiresAt: Date.now() + 1000 };
    expect(await count(() => saver.acquireLease("t", lease, Date.now()))).toBe(1);
    expect(await count(() => saver.releaseLease("t", "l"))).toBe(1);
  });

  it("are few for a long list", async () => {
    const { saver, count } = await counted();
    let parent: ReturnType<typeof checkpoint> | undefined;
    for (let n = 0; n < 250; n++) {
      const one = checkpoint({ log: [...((parent?.channel_values.log as number[]) ?? []), n] }, parent);
      await saver.put(
        parent === undefined ? THREAD : { configurable: { ...THREAD.configurable, checkpoint_id: parent.id } },
        one,
        META,
        {},
        parent,
      );
      parent = one;
    }
    let read = 0;
    const trips = await count(async () => {
      for await (const tuple of saver.list(THREAD)) {
        expect(tuple.checkpoint.channel_values.log).toHaveLength(250 - read);
        read += 1;
      }
    });
    expect(read).toBe(250);
    // Three pages: a transaction each, and the records of the first that lie on later pages.
    expect(trips).toBeLessThanOrEqual(3 * 4 + 3);
  });
});
