import { describe, expect, it } from "vitest";
import { SqliteStore } from "../../src/index.js";
import { newFile } from "../new-file.js";
import { startChild } from "../start-child.js";

const CHILD = "store/store-child.mjs";

/** Lets a child write, kills it after so many acknowledgements, and returns those. */
async function writeUntilKilled(file: string, acknowledgements: number): Promise<Record<string, unknown>[]> {
  const kill = (count: number) => {
    if (count === acknowledgements) child.process.kill("SIGKILL");
  };
  const child = startChild(["write", file], kill, CHILD);
  await child.ended;
  expect(child.process.signalCode).toBe("SIGKILL");
  return child.said;
}

/** The numbers of the last document and the last batch that were acknowledged, and what is in the store. */
async function check(store: SqliteStore, said: readonly Record<string, unknown>[]): Promise<void> {
  const put = Math.max(0, ...said.map(({ put }) => Number(put ?? 0)));
  const batch = Math.max(0, ...said.map(({ batch }) => Number(batch ?? 0)));
  const [left, right, progress] = await store.batch([
    { namespace: ["pair", "left"], key: "k" },
    { namespace: ["pair", "right"], key: "k" },
    { namespace: ["progress"], key: "step" },
  ]);
  const step = Number(progress?.value.step ?? 0);
  // A batch is there as a whole, and what came after the last acknowledgement may be.
  expect([left?.value.step ?? 0, right?.value.step ?? 0]).toEqual([step, step]);
  expect(step - batch).toBeOneOf([0, 1]);
  const items = await store.search(["log"], { limit: 1000 });
  const steps = items.map(({ value }) => Number(value.step));
  expect(steps[0]! - put).toBeOneOf([0, 1]);
  // In the order of the puts, without a gap, down to what the last batch deleted.
  expect(steps).toEqual(Array.from({ length: steps.length }, (_, at) => steps[0]! - at));
  expect(steps.at(-1)).toBe(Math.max(1, step - 19));
  for (const { value, key, namespace } of items) {
    expect(value.text).toHaveLength((Number(value.step) * 37) % 5000);
    expect([key, namespace[1]]).toEqual([`k${value.step}`, `part-${Number(value.step) % 5}`]);
  }
}

describe("kill -9", () => {
  it("loses nothing that was acknowledged, and leaves every batch whole, time after time", async () => {
    const file = newFile();
    for (const count of [1, 2, 3, 5, 8, 30, 31, 77, 150]) {
      const said = await writeUntilKilled(file, count);
      const store = SqliteStore.fromConnString(file);
      await check(store, said);
      store.close();
    }
  });
});
