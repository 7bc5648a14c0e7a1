// A list reads pages: each is one state of the database, whatever others do between two of its checkpoints.
import { type Checkpoint, type CheckpointTuple, checkpointId, encryptedSerializer } from "@holdpoint/checkpoint";
import { describe, expect, it, onTestFinished } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";

const META = { source: "loop", step: 0, parents: {} } as const;
const at = (id?: string) => ({ configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: id } });

function open(file = newFile()): SqliteSaver {
  const saver = SqliteSaver.fromConnString(file);
  onTestFinished(() => saver.close());
  return saver;
}

/** A thread of checkpoints that are stored as changes, every third with a write beside it, oldest first. */
async function grow(saver: SqliteSaver, length: number): Promise<Checkpoint[]> {
  const saved: Checkpoint[] = [];
  for (let step = 0; step < length; step++) {
    const parent = saved.at(-1);
    const id = checkpointId(parent?.id);
    const log = [...((parent?.channel_values.log as string[] | undefined) ?? []), `entry ${step} ${"x".repeat(300)}`];
    const checkpoint = { v: 4, id, ts: "", channel_values: { log }, channel_versions: { log: id }, versions_seen: {} };
    await saver.put(at(parent?.id), checkpoint, { ...META, step }, {}, parent);
    if (step % 3 === 0) await saver.putWrites(at(id), [["log", `write ${step}`]], "task");
    saved.push(checkpoint);
  }
  return saved;
}

async function collect(tuples: AsyncIterable<CheckpointTuple>): Promise<CheckpointTuple[]> {
  const found: CheckpointTuple[] = [];
  for await (const tuple of tuples) found.push(tuple);
  return found;
}

describe("a list", () => {
  it("reads each checkpoint, and what stands beside it, as getTuple does", async () => {
    const saver = open();
    const saved = await grow(saver, 150);
    const found = await collect(saver.list(at()));
    expect(found.map(({ checkpoint }) => checkpoint)).toEqual(saved.toReversed());
    for (const tuple of found) expect(tuple).toEqual(await saver.getTuple(tuple.config));
  });

  it("shows a thread that is deleted meanwhile as it was, to the end of a page, and never the writes of what came after", async () => {
    const file = newFile();
    const [saver, other] = [open(file), open(file)];
    const saved = await grow(saver, 30);
    const found: CheckpointTuple[] = [];
    for await (const tuple of saver.list(at())) {
      found.push(tuple);
      if (found.length !== 2) continue;
      await other.deleteThread("t");
      for (const { id } of saved) await other.putWrites(at(id), [["log", "later"]], "task");
    }
    expect(found.length).toBeLessThan(saved.length);
    expect(found.map(({ checkpoint }) => checkpoint)).toEqual(saved.toReversed().slice(0, found.length));
    for (const { metadata, pendingWrites } of found) {
      const step = metadata!.step;
      expect(pendingWrites).toEqual(step % 3 === 0 ? [["task", "log", `write ${step}`]] : []);
    }
  });

  it("gives everything that can be read before it fails at what cannot", async () => {
    const file = newFile();
    const saver = open(file);
    const saved = await grow(saver, 20);
    // Two: the first of a list is read by itself.
    const aside = { ...saved[0]!, id: checkpointId(saved[19]!.id) };
    const other = { ...saved[0]!, id: checkpointId(aside.id) };
    for (const checkpoint of [aside, other]) await saver.put(at(), checkpoint, META, {});
    const handle = await openHandle(file);
    handle.prepare("UPDATE holdpoint_checkpoint SET data = ? WHERE id = ?").run("[1,4", saved[10]!.id);
    handle.close();
    const found: string[] = [];
    const list = async () => {
      for await (const { checkpoint } of saver.list(at())) found.push(checkpoint.id);
    };
    await expect(list()).rejects.toMatchObject({ code: "CORRUPT_DATA" });
    expect(found).toEqual([other.id, aside.id]);
  });

  it("gives what is encrypted with a known key before it fails at what is not", async () => {
    const keyed = (keys: Record<string, Uint8Array>, current: string) =>
      new SqliteSaver(openHandle(file), { serializer: encryptedSerializer({ keys: { current, keys } }) });
    const file = newFile();
    const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const before = keyed({ one }, "one");
    const saved = await grow(before, 20);
    before.close();
    const saver = keyed({ two }, "two");
    const aside = { ...saved[0]!, id: checkpointId(saved[19]!.id) };
    const other = { ...saved[0]!, id: checkpointId(aside.id) };
    for (const checkpoint of [aside, other]) await saver.put(at(), checkpoint, META, {});
    const found: string[] = [];
    const list = async () => {
      for await (const { checkpoint } of saver.list(at())) found.push(checkpoint.id);
    };
    await expect(list()).rejects.toMatchObject({ code: "UNKNOWN_KEY" });
    expect(found).toEqual([other.id, aside.id]);
    saver.close();
  });
});
