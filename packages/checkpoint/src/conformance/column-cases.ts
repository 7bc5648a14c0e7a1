import assert from "node:assert/strict";
import { ABSENT, ChannelShape, CheckpointColumns, checkpointId } from "../index.js";
import type { ChannelVersions, Checkpoint, CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, collect, metadata, newThread, newVersions, type ThreadFixture } from "./fixtures.js";
import { randomOf } from "./random.js";
import { changeState, firstState } from "./random-state.js";

type Values = Record<string, unknown>;

/** Columns of these values; in the parent's shape, or one that continues it, where channels have only come. */
function columnsOf(values: Values, written: Iterable<string>, parent?: CheckpointColumns): CheckpointColumns {
  const id = checkpointId(parent?.id);
  const standing: ChannelVersions = { ...parent?.channel_versions, ...Object.fromEntries([...written].map((channel) => [channel, id])) };
  const before = parent?.shape ?? ChannelShape.empty();
  const known = before.channels.filter((channel) => channel in values);
  const come = Object.keys(values).filter((channel) => !before.places.has(channel));
  const isInOrder = [...known, ...come].every((channel, place) => channel === Object.keys(values)[place]);
  const shape = isInOrder ? before.with(come) : ChannelShape.empty().with([...new Set([...Object.keys(values), ...before.channels])]);
  return new CheckpointColumns({
    id,
    ts: "2026-01-01T00:00:02.000Z",
    shape,
    values: shape.channels.map((channel) => (channel in values ? values[channel] : ABSENT)),
    versions: shape.channels.map((channel) => standing[channel]),
  });
}

function put(saver: CheckpointSaver, thread: ThreadFixture, checkpoint: Checkpoint, base?: Checkpoint) {
  const config = base === undefined ? thread.config : at(thread, base);
  return saver.put(config, checkpoint, metadata(0), newVersions(checkpoint, base), base);
}

/** What was put, by its names, as it was then. */
const plain = ({ v, id, ts, channel_values, channel_versions, versions_seen }: Checkpoint): Checkpoint =>
  structuredClone({ v, id, ts, channel_values, channel_versions, versions_seen });

async function compareAll(saver: CheckpointSaver, thread: ThreadFixture, line: readonly Checkpoint[]): Promise<void> {
  for (const checkpoint of line) {
    const found = (await saver.getTuple(at(thread, checkpoint)))?.checkpoint;
    assert.deepEqual(found, checkpoint);
    assert.deepEqual(Object.keys(found.channel_values), Object.keys(checkpoint.channel_values));
  }
  const listed = (await collect(saver.list(thread.config))).map(({ checkpoint }) => checkpoint);
  assert.deepEqual(listed, line.toReversed());
}

const wide = (count: number): Values => Object.fromEntries(Array.from({ length: count }, (_, n) => [`channel ${n}`, { n }]));

/** A thread of random changes, put by columns; now and then by names. */
async function randomThread(saver: CheckpointSaver, seed: number): Promise<void> {
  const random = randomOf(seed, true);
  const thread = newThread();
  let { values, written } = firstState(random);
  values = { ...wide(random.below(60)), ...values };
  let parent = columnsOf(values, Object.keys(values));
  await put(saver, thread, parent);
  const line = [plain(parent)];
  for (let step = 1; step < 60; step++) {
    ({ values, written } = changeState(parent.channel_values, random, false));
    const checkpoint = columnsOf(values, written, parent);
    if (random.chance(0.1)) await put(saver, thread, plain(checkpoint), plain(parent));
    else await put(saver, thread, checkpoint, parent);
    line.push(plain(checkpoint));
    parent = checkpoint;
  }
  await compareAll(saver, thread, line);
}

export const columnCases: readonly ConformanceCase[] = [
  {
    name: "a thread of many channels reads back as it was, at every checkpoint",
    run: async (saver) => {
      const thread = newThread();
      let parent = columnsOf({ ...wide(200), log: [] }, [...Object.keys(wide(200)), "log"]);
      await put(saver, thread, parent);
      const line = [plain(parent)];
      for (let step = 1; step <= 80; step++) {
        const log = [...(parent.channel_values.log as unknown[]), `entry ${step}`];
        const written = { log, [`channel ${step % 7}`]: { n: step, text: "x".repeat(step) } };
        const checkpoint = columnsOf({ ...parent.channel_values, ...written }, Object.keys(written), parent);
        assert.equal(checkpoint.shape, parent.shape);
        await put(saver, thread, checkpoint, parent);
        line.push(plain(checkpoint));
        parent = checkpoint;
      }
      await compareAll(saver, thread, line);
    },
  },
  {
    name: "random changes read back as they were, channels that come and go included",
    run: async (saver) => {
      for (let seed = 1; seed <= 12; seed++) await randomThread(saver, seed);
    },
  },
  {
    name: "a step that wrote nothing, or the same again, is saved",
    run: async (saver) => {
      const thread = newThread();
      const first = columnsOf({ ...wide(40), list: ["a"] }, Object.keys(wide(40)));
      const idle = columnsOf(first.channel_values, [], first);
      const again = columnsOf(idle.channel_values, ["list", "channel 3"], idle);
      await put(saver, thread, first);
      await put(saver, thread, idle, first);
      await put(saver, thread, again, idle);
      await compareAll(saver, thread, [first, idle, again].map(plain));
    },
  },
  {
    name: "a list that was changed in place is saved whole",
    run: async (saver) => {
      const thread = newThread();
      const list: unknown[] = ["a"];
      const first = columnsOf({ ...wide(40), list }, ["list"]);
      await put(saver, thread, first);
      list.push("b");
      const same = columnsOf({ ...wide(40), list }, ["list"], first);
      await put(saver, thread, same, first);
      const longer = columnsOf({ ...wide(40), list: [...list, "c"] }, ["list"], same);
      list.push("unseen");
      await put(saver, thread, longer, same);
      const read = async (checkpoint: Checkpoint) => (await saver.getTuple(at(thread, checkpoint)))?.checkpoint.channel_values.list;
      assert.deepEqual(
        [await read(same), await read(longer)],
        [
          ["a", "b"],
          ["a", "b", "c"],
        ],
      );
    },
  },
  {
    name: "forks by columns do not see each other, and names and columns follow on each other",
    run: async (saver) => {
      const thread = newThread();
      const root = columnsOf({ ...wide(50), list: ["root"] }, [...Object.keys(wide(50)), "list"]);
      const left = columnsOf({ ...root.channel_values, list: ["root", "left"] }, ["list"], root);
      const right = columnsOf({ ...root.channel_values, list: ["root", "right"] }, ["list"], root);
      await put(saver, thread, root);
      await put(saver, thread, left, root);
      await put(saver, thread, right, root);
      const named = childOf(plain(right), { list: ["root", "right", "by name"] });
      await put(saver, thread, named, right);
      const last = columnsOf({ ...left.channel_values, "channel 0": "last" }, ["channel 0"], left);
      await put(saver, thread, last, left);
      for (const one of [root, left, right, named, last].map(plain))
        assert.deepEqual((await saver.getTuple(at(thread, one)))?.checkpoint, one);
    },
  },
  {
    name: "put again, by columns, replaces the checkpoint; what stands on it stays as it was",
    run: async (saver) => {
      const thread = newThread();
      const first = columnsOf({ ...wide(50), list: ["a"] }, [...Object.keys(wide(50)), "list"]);
      const second = columnsOf({ ...first.channel_values, list: ["a", "b"] }, ["list"], first);
      const third = columnsOf({ ...second.channel_values, list: ["a", "b", "c"] }, ["list"], second);
      await put(saver, thread, first);
      await put(saver, thread, second, first);
      await put(saver, thread, third, second);
      await put(saver, thread, second, first);
      const other = new CheckpointColumns({ ...partsOf(second), values: second.shape.channels.map(() => "other") });
      await saver.put(at(thread, first), other, metadata(0), newVersions(other), first);
      for (const one of [first, other, third].map(plain)) assert.deepEqual((await saver.getTuple(at(thread, one)))?.checkpoint, one);
    },
  },
];

const partsOf = ({ id, ts, shape, values, versions }: CheckpointColumns) => ({ id, ts, shape, values, versions });
