// Run by the tests as a process of its own, on the built package: node child.mjs <task> <file> <arguments…>
import { existsSync, writeSync } from "node:fs";
import { checkpointId } from "@holdpoint/checkpoint";
import { SqliteSaver } from "../dist/index.js";

const [, , task, file, ...args] = process.argv;
const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);

/** All children begin at the same moment, so that they do meet. */
const startAt = async (time) => {
  while (Date.now() < Number(time) - 2) await new Promise((resolve) => setTimeout(resolve, 1));
  while (Date.now() < Number(time));
};

const next = (parent, changes) => {
  const id = checkpointId(parent?.id);
  const versions = Object.fromEntries(Object.keys(changes).map((channel) => [channel, id]));
  return {
    v: 4,
    id,
    ts: new Date().toISOString(),
    channel_values: { ...parent?.channel_values, ...changes },
    channel_versions: { ...parent?.channel_versions, ...versions },
    versions_seen: {},
  };
};

const tasks = {
  /** Goes on with a thread for ever, asks and answers, and says what was acknowledged. */
  async write() {
    const saver = SqliteSaver.fromConnString(file);
    const line = { configurable: { thread_id: "t" } };
    let parent = (await saver.getTuple(line))?.checkpoint;
    for (let step = parent?.channel_values.step ?? 0; ; ) {
      step += 1;
      const checkpoint = next(parent, { step, log: [...(parent?.channel_values.log ?? []), `entry ${step} ${"x".repeat(step % 97)}`] });
      const from = parent === undefined ? line : { configurable: { thread_id: "t", checkpoint_id: parent.id } };
      const config = await saver.put(from, checkpoint, { source: "loop", step, parents: {} }, {}, parent);
      say({ put: checkpoint.id, step });
      await saver.putWrites(
        config,
        [
          ["log", step],
          ["step", step],
        ],
        `task-${step}`,
      );
      say({ writes: checkpoint.id, step });
      const questions = [`i${step}`, `open${step}`].map((id) => ({ id, value: step, ns: [], terms: { assignees: [`p${step % 3}`] } }));
      await saver.putWrites(config, [["__interrupt__", questions]], `asking-${step}`);
      say({ asked: checkpoint.id, step });
      const decision = { interruptId: `i${step}`, value: step, at: "", revision: 0 };
      const outcome = await saver.recordDecisions(config, [decision], [{ at: "", kind: "decided", data: { step } }]);
      say({ decision: checkpoint.id, step, kind: outcome.kind });
      parent = checkpoint;
    }
  },
  /** Goes on with a branch of its own in the thread of the others, until there is a file that says it is enough. */
  async fork(name) {
    const saver = SqliteSaver.fromConnString(file);
    let parent;
    for (let n = 0; n < 100 || !existsSync(`${file}.enough`); n++) {
      const from = { configurable: { thread_id: "t", checkpoint_id: parent?.id } };
      const log = [...(parent?.channel_values.log ?? []).slice(n % 7 === 0 ? 1 : 0), `${name} ${n}`];
      const checkpoint = next(parent, n === 0 ? { name, log, fixed: "x".repeat(2000) } : { log });
      const config = await saver.put(from, checkpoint, { source: "loop", step: n, parents: {}, log }, {}, parent);
      await saver.putWrites(config, [["log", n]], name);
      parent = checkpoint;
    }
    say({ last: parent.id });
    saver.close();
  },
  /** Prunes whatever there is, again and again, and says what it did. */
  async prune(keepLast) {
    const saver = SqliteSaver.fromConnString(file);
    for (let idle = false; ; ) {
      const result = await saver.prune({ keepLast: Number(keepLast) }).catch((error) => {
        if (!error.retryable) throw error;
        return { checkpoints: 0 };
      });
      const { checkpoints } = result;
      if (checkpoints > 0 || !idle) say({ checkpoints });
      idle = checkpoints === 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  /** Opens a database that does not exist yet, at the same time as the others, and saves into one thread with them. */
  async branch(name, time, count) {
    await startAt(time);
    const saver = SqliteSaver.fromConnString(file);
    let parent;
    for (let n = 0; n < Number(count); n++) {
      const from = { configurable: { thread_id: "t", checkpoint_id: parent?.id } };
      const checkpoint = next(parent, { name, log: [...(parent?.channel_values.log ?? []), `${name} ${n}`] });
      const config = await saver.put(from, checkpoint, { source: "loop", step: n, parents: {}, name }, {}, parent);
      await saver.putWrites(config, [["log", n]], name);
      parent = checkpoint;
    }
    say({ last: parent.id });
    saver.close();
  },
};

await tasks[task](...args);
