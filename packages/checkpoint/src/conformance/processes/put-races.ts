import assert from "node:assert/strict";
import type { Checkpoint, CheckpointConfig, CheckpointSaver } from "../../types.js";
import { childOf, collect, firstCheckpoint, metadata, newVersions } from "../fixtures.js";
import type { Race } from "./race.js";

const STEPS = 40;
const TASKS = 40;
const ROWS = 8;

const line = (thread: string, ns = ""): CheckpointConfig => ({ configurable: { thread_id: thread, checkpoint_ns: ns } });
const at = (thread: string, id: string, ns = ""): CheckpointConfig => ({
  configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: id },
});
const entries = (name: string, count: number) => Array.from({ length: count }, (_, step) => `${name} ${step}`);

/** Saves a chain of checkpoints with a write beside each, as a run does it. */
async function putChain(saver: CheckpointSaver, thread: string, ns: string, name: string): Promise<void> {
  let parent: Checkpoint | undefined;
  for (let step = 0; step < STEPS; step++) {
    const values = { name, log: entries(name, step + 1) };
    const checkpoint: Checkpoint = parent === undefined ? firstCheckpoint(values) : childOf(parent, { log: values.log });
    const config = parent === undefined ? line(thread, ns) : at(thread, parent.id, ns);
    const saved = await saver.put(config, checkpoint, metadata(step, { name }), newVersions(checkpoint, parent), parent);
    await saver.putWrites(saved, [["log", step]], name);
    parent = checkpoint;
  }
}

async function verifyChain(saver: CheckpointSaver, thread: string, ns: string, name: string): Promise<void> {
  const tuples = await collect(saver.list(line(thread, ns), { filter: { name } }));
  assert.equal(tuples.length, STEPS, `checkpoints of ${name} in ${thread} ${ns}`);
  for (const [index, tuple] of tuples.entries()) {
    const step = STEPS - 1 - index;
    assert.deepEqual(tuple.checkpoint.channel_values, { name, log: entries(name, step + 1) });
    assert.deepEqual(tuple.pendingWrites, [[name, "log", step]]);
    assert.equal(tuple.parentConfig?.configurable?.checkpoint_id, tuples[index + 1]?.checkpoint.id, "each follows its parent");
  }
}

export const putRaces: readonly Race[] = [
  {
    name: "open the storage together, and save threads of their own and branches of one thread",
    run: async (saver, { name }) => {
      await putChain(saver, `thread of ${name}`, "", name);
      await putChain(saver, "shared", "", name);
      await putChain(saver, "shared", `inside:${name}`, name);
      return null;
    },
    verify: async (saver, { names }) => {
      for (const name of names) {
        await verifyChain(saver, `thread of ${name}`, "", name);
        await verifyChain(saver, "shared", "", name);
        await verifyChain(saver, "shared", `inside:${name}`, name);
      }
      assert.equal((await collect(saver.list(line("shared", "")))).length, STEPS * names.length);
    },
  },
  {
    name: "save the writes of the same tasks: each task has the writes of one of them, whole",
    prepare: async (saver) => {
      const checkpoint = firstCheckpoint({ a: 1 });
      await saver.put(line("tasks"), checkpoint, metadata(0), newVersions(checkpoint));
      return checkpoint.id;
    },
    run: async (saver, { name, shared }) => {
      const config = at("tasks", String(shared));
      for (let task = 0; task < TASKS; task++) {
        const rows = Array.from({ length: ROWS }, (_, row): [string, unknown] => ["log", { name, row }]);
        await saver.putWrites(config, rows, `task-${task}`);
        await saver.putWrites(config, [["__interrupt__", [{ id: `question-${task}`, value: name, ns: [] }]]], `asking-${task}`);
      }
      return null;
    },
    verify: async (saver, { names }) => {
      const writes = (await saver.getTuple(line("tasks")))?.pendingWrites ?? [];
      assert.equal(writes.length, TASKS * (ROWS + 1));
      for (let task = 0; task < TASKS; task++) {
        const rows = writes.filter(([by]) => by === `task-${task}`).map(([, , value]) => value as { name: string; row: number });
        assert.deepEqual(
          rows,
          Array.from({ length: ROWS }, (_, row) => ({ name: rows[0]?.name, row })),
          `writes of task ${task}`,
        );
        assert.ok(names.includes(String(rows[0]?.name)));
        assert.equal(writes.filter(([by]) => by === `asking-${task}`).length, 1);
      }
    },
  },
];
