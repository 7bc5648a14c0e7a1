import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { CheckpointError } from "../checkpoint-error.js";
import { checkpointId } from "../ids/checkpoint-id.js";
import { MemorySaver } from "../memory/memory-saver.js";
import type { Checkpoint, CheckpointConfig } from "../types.js";
import { arrangeRecords } from "./arrange-records.js";
import type { ThreadRecord } from "./retention.js";

/** The records of a thread with a whole checkpoint, changes of it, writes, a question and an answer. */
async function exported(): Promise<ThreadRecord[]> {
  const saver = new MemorySaver();
  let [parent, config]: [Checkpoint | undefined, CheckpointConfig] = [undefined, { configurable: { thread_id: "t" } }];
  for (let n = 0; n < 4; n++) {
    const id = checkpointId();
    const values = { list: [...((parent?.channel_values.list as unknown[]) ?? []), { n }], map: { [`k${n}`]: n }, fixed: "x".repeat(500) };
    const one: Checkpoint = {
      v: 4,
      id,
      ts: "",
      channel_values: { ...values, fixed: parent?.channel_values.fixed ?? values.fixed },
      channel_versions: { list: id, map: id, fixed: parent?.channel_versions.fixed ?? id },
      versions_seen: { node: { list: id } },
    };
    config = await saver.put(config, one, { source: "loop", step: n, parents: {} }, {}, parent);
    parent = one;
  }
  await saver.putWrites(config, [["__interrupt__", [{ id: "q", value: 1, ns: [] }]]], "task");
  await saver.recordDecisions(config, [{ interruptId: "q", value: 1, at: "", revision: 0 }]);
  const records: ThreadRecord[] = [];
  for await (const record of saver.exportThread("t")) records.push(record);
  return records;
}

/** Puts something else at one place of a tree. */
function changed(tree: unknown, path: readonly number[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof tree !== "object" || tree === null) return value;
  const keys = Object.keys(tree);
  if (keys.length === 0) return value;
  const key = keys[step % keys.length]!;
  const child = changed((tree as Record<string, unknown>)[key], rest, value);
  return Array.isArray(tree) ? tree.with(Number(key), child) : { ...tree, [key]: child };
}

describe("arrangeRecords", () => {
  let records: ThreadRecord[];
  beforeAll(async () => {
    records = await exported();
  });

  it("keeps the order, and finds what each change is a change of", async () => {
    const { checkpoints, writes } = await arrangeRecords(records);
    expect(checkpoints.map(({ record }) => record[0])).toEqual([0, 1, 1, 1]);
    expect(checkpoints.map(({ base }) => base)).toEqual([undefined, ...checkpoints.slice(0, 3)]);
    expect(writes.map(({ channel }) => channel)).toEqual(["__interrupt__", "__resume__"]);
  });

  it("estimates the sizes that are left out, so that the next checkpoints are stored as they would have been", async () => {
    const { checkpoints: exact } = await arrangeRecords(records);
    const { checkpoints } = await arrangeRecords(records.map((one) => ({ ...one, sizes: undefined })));
    for (const [index, { sizes }] of checkpoints.entries()) {
      expect(sizes.patchCount).toBe(exact[index]?.sizes.patchCount);
      expect(sizes.chainSize / (exact[index]?.sizes.chainSize ?? 0)).toBeGreaterThan(0.7);
      expect(sizes.chainSize / (exact[index]?.sizes.chainSize ?? 0)).toBeLessThan(1.5);
    }
  });

  it("takes whatever it is given, or refuses it as CORRUPT_DATA", async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(undefined, Number.NaN, "", "\0", "\ud800", -1, 1.5, ["=", 1], ["a", 0, 9, []], { kind: "write" }),
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), value, async (path, other) => {
        const tree = changed(records, path, other) as ThreadRecord[];
        const error: unknown = await arrangeRecords(tree).then(
          () => undefined,
          (cause: unknown) => cause,
        );
        if (error === undefined) return;
        refused += 1;
        if (!CheckpointError.is(error, "CORRUPT_DATA")) throw error;
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});
