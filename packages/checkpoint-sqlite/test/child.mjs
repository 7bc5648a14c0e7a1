// Run by the tests as a process of its own, on the built package: node child.mjs <task> <file> <arguments…>
import { writeSync } from "node:fs";
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
  /** Goes on with a thread for ever, and says what was acknowledged. */
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
      const outcome = await saver.recordDecisions(config, [{ interruptId: `i${step}`, value: step, at: "", revision: 0 }]);
      say({ decision: checkpoint.id, step, kind: outcome.kind });
      parent = checkpoint;
    }
  },
  /** Answers the same questions as the others. */
  async decide(name, time, count, checkpoint) {
    await startAt(time);
    const saver = SqliteSaver.fromConnString(file);
    const config = { configurable: { thread_id: "t", checkpoint_id: checkpoint } };
    for (let n = 0; n < Number(count); n++) {
      const outcome = await saver.recordDecisions(config, [{ interruptId: `i${n}`, value: name, at: "", revision: 0 }]);
      say({ n, won: outcome.kind === "recorded", standing: outcome.recorded?.[0]?.value });
    }
    saver.close();
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
