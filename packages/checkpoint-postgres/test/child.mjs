// Run by the tests as a process of its own, on the built package: node child.mjs <task> <url> <schema> <arguments…>
import { appendFileSync, closeSync, openSync, unlinkSync, writeSync } from "node:fs";
import { checkpointId, newLease } from "@holdpoint/checkpoint";
import { Annotation, Command, END, interrupt, START, StateGraph } from "@holdpoint/core";
import { PostgresSaver } from "../dist/index.js";

const [, , task, url, schema, ...args] = process.argv;
const open = () => PostgresSaver.fromConnString(url, { schema, max: 3 });
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
  /** Goes on with a thread for ever, asks and answers, and says what was acknowledged. A server that has gone ends it. */
  async write() {
    const saver = open();
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
  /** Goes on with many threads at once, several steps of each without waiting, and says what was acknowledged. */
  async crowd() {
    const saver = open();
    const going = Array.from({ length: 12 }, async (_, n) => {
      const thread = `crowd ${n}`;
      let parent = (await saver.getTuple({ configurable: { thread_id: thread } }))?.checkpoint;
      for (;;) {
        const steps = [0, 1, 2].map(async () => {
          const step = (parent?.channel_values.step ?? 0) + 1;
          const checkpoint = next(parent, { step, log: [...(parent?.channel_values.log ?? []), `entry ${step}`] });
          const from = { configurable: { thread_id: thread, ...(parent === undefined ? {} : { checkpoint_id: parent.id }) } };
          const base = parent;
          parent = checkpoint;
          const saved = saver.put(from, checkpoint, { source: "loop", step, parents: {} }, {}, base);
          const beside = { configurable: { thread_id: thread, checkpoint_id: checkpoint.id } };
          const written = saver.putWrites(beside, [["step", step]], `task-${step}`);
          await saved;
          say({ thread, put: checkpoint.id, step });
          await written;
          say({ thread, writes: checkpoint.id, step });
        });
        await Promise.all(steps);
      }
    });
    await Promise.all(going);
  },
  /** Answers the same questions as the others. */
  async decide(name, time, count, checkpoint) {
    await startAt(time);
    const saver = open();
    const config = { configurable: { thread_id: "t", checkpoint_id: checkpoint } };
    for (let n = 0; n < Number(count); n++) {
      const outcome = await saver.recordDecisions(config, [{ interruptId: `i${n}`, value: name, at: "", revision: 0 }]);
      say({ n, won: outcome.kind === "recorded", standing: outcome.recorded?.[0]?.value });
    }
    await saver.end();
  },
  /** Takes a thread again and again, and enters a room in which there must never be two. */
  async lease(_name, time, count, room) {
    await startAt(time);
    const saver = open();
    for (let n = 0; n < Number(count); ) {
      const lease = newLease(Date.now(), 60_000);
      if ((await saver.acquireLease("t", lease, Date.now())).kind === "held") continue;
      closeSync(openSync(room, "wx"));
      if (n % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      await saver.acquireLease("t", { ...lease, expiresAt: Date.now() + 90_000 }, Date.now());
      unlinkSync(room);
      await saver.releaseLease("t", lease.id);
      n += 1;
    }
    say({ entered: Number(count) });
    await saver.end();
  },
  /** Takes a thread and keeps it. */
  async hold() {
    const saver = open();
    const lease = newLease(Date.now(), 3_600_000);
    say({ ...(await saver.acquireLease("t", lease, Date.now())), lease });
    setInterval(() => {}, 1000);
  },
  /** Appends to the journal of one thread with the others. */
  async journal(name, time, count) {
    await startAt(time);
    const saver = open();
    for (let n = 0; n < Number(count); n++) {
      const entries = [0, 1].map((part) => ({ at: "", kind: "note", data: { name, n, part } }));
      const [first] = await saver.appendJournal(n % 4 === 0 ? name : "shared", entries);
      say({ position: first.position });
    }
    await saver.end();
  },
  /** Sets up a schema that does not exist yet, at the same time as the others, and saves into one thread with them. */
  async branch(name, time, count) {
    await startAt(time);
    const saver = open();
    let parent;
    for (let n = 0; n < Number(count); n++) {
      const from = { configurable: { thread_id: "t", checkpoint_id: parent?.id } };
      const checkpoint = next(parent, { name, log: [...(parent?.channel_values.log ?? []), `${name} ${n}`] });
      const config = await saver.put(from, checkpoint, { source: "loop", step: n, parents: {}, name }, {}, parent);
      await saver.putWrites(config, [["log", n]], name);
      parent = checkpoint;
    }
    say({ last: parent.id });
    await saver.end();
  },
  /** Runs a graph that stops for a person, and does something after the answer that must be done once. */
  async graph(step, time, thread, effects) {
    await startAt(time);
    const State = Annotation.Root({ amount: Annotation(), log: Annotation({ reducer: (a, b) => a.concat(b), default: () => [] }) });
    const saver = open();
    const graph = new StateGraph(State)
      .addNode("check", ({ amount }) => ({ log: [`checked ${amount}`] }))
      .addNode("pay", ({ amount }) => {
        const by = interrupt({ question: `Pay ${amount}?` });
        appendFileSync(effects, `paid by ${by}\n`);
        return { log: [`paid by ${by}`] };
      })
      .addNode("note", () => ({ log: ["noted"] }))
      .addEdge(START, "check")
      .addEdge("check", "pay")
      .addEdge("pay", "note")
      .addEdge("note", END)
      .compile({ checkpointer: saver });
    const config = { configurable: { thread_id: thread } };
    try {
      const input = step === "ask" ? { amount: 120 } : new Command({ resume: step });
      const { log, __interrupt__ } = await graph.invoke(input, config);
      say({ log, asks: __interrupt__?.map(({ value }) => value) });
    } catch (error) {
      say({ code: error.code });
    }
    await saver.end();
  },
};

try {
  await tasks[task](...args);
} catch (error) {
  // A server that is killed while it is used.
  if (error.retryable !== true) throw error;
  say({ failed: error.code });
  process.exit(0);
}
