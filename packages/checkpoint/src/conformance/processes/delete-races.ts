import assert from "node:assert/strict";
import { CheckpointError } from "../../index.js";
import type { Checkpoint, CheckpointConfig, CheckpointSaver } from "../../types.js";
import { childOf, collect, firstCheckpoint, metadata, newVersions } from "../fixtures.js";
import type { Race } from "./race.js";

const ROUNDS = 60;
const THREAD = "contested";

const line = (thread: string): CheckpointConfig => ({ configurable: { thread_id: thread, checkpoint_ns: "" } });

/** What may come of a save while others delete the thread: it is saved, or refused with a reason. */
async function attempt(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!CheckpointError.is(error, "STORAGE_BUSY") && !CheckpointError.is(error, "UNKNOWN_CHECKPOINT")) throw error;
  }
}

const stateAt = (name: string, round: number) => ({ name, round, log: Array.from({ length: round % 7 }, (_, n) => `${name} ${n}`) });

async function save(saver: CheckpointSaver, name: string, round: number, parent: Checkpoint | undefined): Promise<Checkpoint> {
  const values = stateAt(name, round);
  const checkpoint = parent === undefined ? firstCheckpoint(values) : childOf(parent, values);
  const config = { configurable: { thread_id: THREAD, checkpoint_ns: "", checkpoint_id: parent?.id } };
  const here = { configurable: { thread_id: THREAD, checkpoint_ns: "", checkpoint_id: checkpoint.id } };
  await attempt(() => saver.put(config, checkpoint, metadata(round), newVersions(checkpoint, parent), parent));
  await attempt(() =>
    saver.putWrites(
      here,
      [
        ["log", round],
        ["log", -round],
      ],
      name,
    ),
  );
  const decision = { interruptId: `${name} ${round}`, value: round, at: "2026-01-01T00:00:00.000Z", revision: 0 };
  await attempt(async () => saver.recordDecisions?.(here, [decision]));
  return checkpoint;
}

export const deleteRaces: readonly Race[] = [
  {
    name: "save into a thread that others delete: what is there is whole, and other threads are untouched",
    prepare: async (saver) => {
      const checkpoint = firstCheckpoint({ kept: true });
      await saver.put(line("kept"), checkpoint, metadata(0), newVersions(checkpoint));
      return checkpoint.id;
    },
    run: async (saver, { name, names }) => {
      let parent: Checkpoint | undefined;
      for (let round = 0; round < ROUNDS; round++) {
        parent = await save(saver, name, round, parent);
        if (names.indexOf(name) === round % names.length) await attempt(() => saver.deleteThread(THREAD));
        await attempt(() => collect(saver.list(line(THREAD))));
        await attempt(() => saver.getTuple(line(THREAD)));
      }
      return null;
    },
    verify: async (saver, { shared }) => {
      for (const { checkpoint, pendingWrites } of await collect(saver.list(line(THREAD)))) {
        const { name, round } = checkpoint.channel_values as { name: string; round: number };
        assert.deepEqual(checkpoint.channel_values, stateAt(name, round));
        const values = (pendingWrites ?? []).filter(([task]) => task === name).map(([, , value]) => value);
        assert.ok(values.length === 0 || (values.length === 2 && values[0] === round && values[1] === -round), "writes are whole");
      }
      await saver.deleteThread(THREAD);
      assert.deepEqual(await collect(saver.list(line(THREAD))), []);
      assert.equal(await saver.getTuple(line(THREAD)), undefined);
      assert.equal((await saver.getTuple(line("kept")))?.checkpoint.id, shared);
      if (saver.listInterrupts) assert.deepEqual((await saver.listInterrupts({ threadId: THREAD, status: "any" })).items, []);
    },
  },
];
