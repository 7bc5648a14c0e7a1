import {
  type Checkpoint,
  CheckpointError,
  type CheckpointSaver,
  checkpointId,
  MemorySaver,
  type PendingWrite,
} from "@holdpoint/checkpoint";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";

// Results that are handed in in one turn are added by a few statements. What is read back must be what one saver call after the other leaves.

const META = { source: "loop", step: 0, parents: {} } as const;

const IDS = [checkpointId(), checkpointId(), checkpointId()].sort() as [string, string, string];

const place = (thread: string, ns: string, id: string) => ({ configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: id } });

const checkpoint = (id: string): Checkpoint => ({
  v: 4,
  id,
  ts: "2026-01-01T00:00:00.000Z",
  channel_values: {},
  channel_versions: {},
  versions_seen: {},
});

interface Handed {
  readonly thread: string;
  readonly ns: string;
  readonly id: string;
  readonly task: string;
  readonly writes: readonly PendingWrite[];
}

/** Few names, so that places and tasks repeat; the last checkpoint is not there when its writes come. */
const handed: fc.Arbitrary<Handed> = fc.record({
  thread: fc.constantFrom("t", "t", "t", "u"),
  ns: fc.constantFrom("", "", "inner:1"),
  id: fc.constantFrom(IDS[0], IDS[0], IDS[0], IDS[1], IDS[2]),
  task: fc.oneof(fc.constantFrom("task 0", "task 1"), fc.uuid()),
  writes: fc.array(fc.tuple(fc.constantFrom("xs", "n", "odd\0name", "__error__"), fc.jsonValue()), { minLength: 1, maxLength: 3 }),
});

async function prepare(saver: CheckpointSaver): Promise<void> {
  for (const thread of ["t", "u"])
    for (const ns of ["", "inner:1"])
      for (const id of IDS.slice(0, 2)) {
        const { checkpoint_id: _id, ...configurable } = place(thread, ns, id).configurable;
        await saver.put({ configurable }, checkpoint(id), META, {});
      }
}

async function readBack(saver: CheckpointSaver): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const thread of ["t", "u"])
    for (const ns of ["", "inner:1"])
      for (const id of IDS) {
        if (id === IDS[2]) {
          const { checkpoint_id: _id, ...configurable } = place(thread, ns, id).configurable;
          await saver.put({ configurable }, checkpoint(id), META, {});
        }
        found.push((await saver.getTuple(place(thread, ns, id)))?.pendingWrites);
      }
  return found;
}

describe("results of many tasks in one turn", () => {
  it("leave what they leave one after the other, whatever is there already", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(handed, { minLength: 2, maxLength: 40 }), async (all) => {
        const [together, singly] = [SqliteSaver.fromConnString(":memory:"), new MemorySaver()];
        await prepare(together);
        await prepare(singly);
        await Promise.all(all.map(({ thread, ns, id, task, writes }) => together.putWrites(place(thread, ns, id), [...writes], task)));
        for (const { thread, ns, id, task, writes } of all) await singly.putWrites(place(thread, ns, id), [...writes], task);
        expect(await readBack(together)).toEqual(await readBack(singly));
        together.close();
      }),
      { numRuns: 150 },
    );
  });

  it.each([2, 4, 5, 16, 17, 37, 300])("are all there in their order, %i of them, and are not saved twice", async (count) => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    await prepare(saver);
    const save = () =>
      Promise.all(Array.from({ length: count }, (_, n) => saver.putWrites(place("t", "", IDS[0]), [["xs", n]], `task ${n}`)));
    await save();
    await save();
    saver.close();
    const again = SqliteSaver.fromConnString(file);
    const expected = Array.from({ length: count }, (_, n) => [`task ${n}`, "xs", n]);
    expect((await again.getTuple(place("t", "", IDS[0])))?.pendingWrites).toEqual(expected);
    again.close();
  });

  it("are saved beside a change that fails by itself", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    await prepare(saver);
    const write = (n: number) => saver.putWrites(place("t", "", IDS[0]), [["xs", n]], `task ${n}`);
    const decision = { interruptId: "i", resume: true, by: undefined, at: "2026-01-01T00:00:00.000Z", revision: 1 };
    const failing = saver.recordDecisions!(place("t", "", IDS[2]), [decision as never], []);
    const settled = await Promise.allSettled([write(0), write(1), failing, write(2), write(3)]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(CheckpointError.is((settled[2] as PromiseRejectedResult).reason)).toBe(true);
    expect((await saver.getTuple(place("t", "", IDS[0])))?.pendingWrites?.map(([, , value]) => value)).toEqual([0, 1, 2, 3]);
    saver.close();
  });
});
