// A list reads ahead: what happens to the thread meanwhile, and what one damaged checkpoint does to the others.
import { describe, expect, it } from "vitest";
import { CheckpointError } from "../checkpoint-error.js";
import { checkpointId } from "../ids/checkpoint-id.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Checkpoint, CheckpointTuple } from "../types.js";
import { MemorySaver } from "./memory-saver.js";

const META = { source: "loop", step: 0, parents: {} } as const;
const at = (id?: string) => ({ configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: id } });
const serializer = createSerializer();

/** A thread of checkpoints that are stored as changes, and their ids, oldest first. */
async function grown(loads = serializer.loads) {
  const saver = new MemorySaver({ serializer: { dumps: serializer.dumps, loads } });
  const saved: Checkpoint[] = [];
  for (let step = 0; step < 20; step++) {
    const parent = saved.at(-1);
    const id = checkpointId(parent?.id);
    const log = [...((parent?.channel_values.log as string[] | undefined) ?? []), `entry ${step} ${"x".repeat(300)}`];
    const checkpoint = {
      v: 4,
      id,
      ts: "",
      channel_values: { log, kept: { deep: [1] } },
      channel_versions: { log: id, kept: 1 },
      versions_seen: {},
    };
    await saver.put(at(parent?.id), checkpoint, META, {}, parent);
    saved.push(checkpoint);
  }
  return { saver, saved };
}

describe("a list that reads ahead", () => {
  it("reads each checkpoint as getTuple does", async () => {
    const { saver, saved } = await grown();
    const found: CheckpointTuple[] = [];
    for await (const tuple of saver.list(at())) found.push(tuple);
    expect(found.map(({ checkpoint }) => checkpoint)).toEqual(saved.toReversed());
    for (const tuple of found) expect(tuple).toEqual(await saver.getTuple(tuple.config));
  });

  it("leaves out what was deleted since, and shows what was put again as it is now", async () => {
    const { saver, saved } = await grown();
    const again = { ...saved[15]!, channel_values: { log: ["another"] } };
    const found: Checkpoint[] = [];
    for await (const { checkpoint } of saver.list(at())) {
      found.push(checkpoint);
      if (found.length === 3) await saver.put(at(saved[14]!.id), again, META, {});
    }
    expect(found[4]).toEqual(again);
    expect(found).toHaveLength(20);
  });

  it("gives each its own list, where a change made it", async () => {
    const { saver, saved } = await grown();
    let place = 19;
    for await (const { checkpoint } of saver.list(at())) {
      expect(checkpoint.channel_values.log).toEqual(saved[place--]!.channel_values.log);
      (checkpoint.channel_values.log as string[]).reverse().push("mine");
      (checkpoint.channel_versions as Record<string, unknown>).log = "mine";
    }
    expect((await saver.getTuple(at()))?.checkpoint).toEqual(saved[19]);
  });

  it.each(["CORRUPT_DATA", "UNKNOWN_KEY"] as const)(
    "gives everything that can be read before it fails at what cannot: %s",
    async (code) => {
      let damaged = "";
      const loads: typeof serializer.loads = (data, place) => {
        const value = serializer.loads(data, place);
        if (place?.part !== "checkpoint" || place.checkpointId !== damaged) return value;
        if (code === "UNKNOWN_KEY") throw new CheckpointError(code, "The key is not in the ring.");
        // The change is lost, and what stands there is whole: nothing after it can be a change of it.
        return [1, 4, "", null, null, ["s", 0, 0, []]];
      };
      const { saver, saved } = await grown(loads);
      // Two: the first of a list is read by itself.
      const aside = { ...saved[0]!, id: checkpointId(saved[19]!.id) };
      const other = { ...saved[0]!, id: checkpointId(aside.id) };
      for (const checkpoint of [aside, other]) await saver.put(at(), checkpoint, META, {});
      damaged = saved[10]!.id;
      const found: string[] = [];
      const list = async () => {
        for await (const { checkpoint } of saver.list(at())) found.push(checkpoint.id);
      };
      await expect(list()).rejects.toMatchObject({ code });
      expect(found).toEqual([other.id, aside.id]);
    },
  );
});
