// An export that a hostile hand has written into: what is imported can be read to its end, or nothing is imported.
import { CheckpointError, type CheckpointSaver, createSerializer, MemorySaver, type ThreadRecord } from "@holdpoint/checkpoint";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { CELLS, damage, FRAGMENTS } from "./hostile-values.js";
import { makeVictim, THREAD } from "./victim.js";

const { dumps, loads } = createSerializer();
let lines: readonly string[];
beforeAll(async () => {
  const saver = SqliteSaver.fromConnString((await makeVictim()).file);
  const records: string[] = [];
  for await (const record of saver.exportThread(THREAD)) records.push(dumps(record));
  saver.close();
  lines = records;
});

const SAVERS: readonly [string, () => CheckpointSaver & { close?(): void }][] = [
  ["MemorySaver", () => new MemorySaver()],
  ["SqliteSaver", () => SqliteSaver.fromConnString(":memory:")],
];

/** @returns whether the call did what it should; a CheckpointError of one of these codes is an answer too */
async function answered(call: () => Promise<unknown>, codes: readonly string[]): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (CheckpointError.is(error) && codes.includes(error.code)) return false;
    throw error;
  }
}

async function readToTheEnd(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count += 1;
  return count;
}

async function imported(saver: CheckpointSaver, texts: readonly string[]): Promise<void> {
  const records: ThreadRecord[] = [];
  const isText = await answered(async () => void records.push(...texts.map((text) => loads(text) as ThreadRecord)), ["CORRUPT_DATA"]);
  if (!isText) return;
  const isIn = await answered(() => saver.importThread!("copy", records), ["CORRUPT_DATA", "UNSERIALIZABLE", "INVALID_ARGUMENT"]);
  const { checkpoints, writes } = await saver.stats!({ threadId: "copy" });
  if (!isIn) {
    expect([checkpoints, writes]).toEqual([0, 0]);
    return;
  }
  // What was taken in can be read, listed, moved on, and answered.
  expect(await readToTheEnd(saver.list({ configurable: { thread_id: "copy" } }))).toBe(checkpoints);
  expect(await readToTheEnd(saver.exportThread!("copy"))).toBe(checkpoints + writes);
  await saver.listInterrupts!({ threadId: "copy", status: "any" });
  if (checkpoints + writes > 0) await saver.copyThread!("copy", "again");
  await saver.prune!({ keepLast: 1 });
  await readToTheEnd(saver.list({}));
}

describe.each(SAVERS)("an import into %s", (_, open) => {
  const survives = async (at: number, change: (line: string) => unknown) => {
    const saver = open();
    await imported(saver, lines.with(at % lines.length, String(change(lines[at % lines.length]!))));
    saver.close?.();
  };

  it("of damaged records is whole or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), damage, (at, change) => survives(at, change as (line: string) => unknown)),
      { numRuns: 300 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("of records that are missing, doubled or out of order is whole or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Array.from({ length: 15 }, (_, at) => at)), fc.nat(), async (order, twice) => {
        const saver = open();
        const chosen = order.map((at) => lines[at % lines.length]!);
        await imported(saver, twice % 3 === 0 && chosen.length > 0 ? [...chosen, chosen[twice % chosen.length]!] : chosen);
        saver.close?.();
      }),
      { numRuns: 100 },
    );
  });

  it("of anything at all is whole or nothing", async () => {
    for (const [index, cell] of [...CELLS, ...FRAGMENTS].entries()) if (typeof cell === "string") await survives(index, () => cell);
  });
});
