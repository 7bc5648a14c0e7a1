// Run by the tests as a process of its own, on the built package: node store-child.mjs <task> <file> <arguments…>
import { writeSync } from "node:fs";
import { SqliteStore } from "../../dist/index.js";

const [, , task, file, ...args] = process.argv;
const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);

/** All children begin at the same moment, so that they do meet. */
const startAt = async (time) => {
  while (Date.now() < Number(time) - 2) await new Promise((resolve) => setTimeout(resolve, 1));
  while (Date.now() < Number(time));
};

const tasks = {
  /** Puts, replaces and deletes for ever, and says what was acknowledged. Every third document expires in an hour. */
  async write() {
    const store = SqliteStore.fromConnString(file);
    for (let step = ((await store.get(["progress"], "step"))?.value.step ?? 0) + 1; ; step++) {
      const ttl = step % 3 === 0 ? { ttl: 60 } : {};
      await store.put(["log", `part-${step % 5}`], `k${step}`, { step, text: "x".repeat((step * 37) % 5000) }, ttl);
      say({ put: step });
      await store.batch([
        { namespace: ["pair", "left"], key: "k", value: { step } },
        { namespace: ["progress"], key: "step", value: { step } },
        { namespace: ["pair", "right"], key: "k", value: { step } },
        ...(step > 20 ? [{ namespace: ["log", `part-${step % 5}`], key: `k${step - 20}`, value: null }] : []),
      ]);
      say({ batch: step });
    }
  },
  /** Creates the database together with the others, and puts documents of its own and some that all of them put. */
  async fill(name, time, count) {
    await startAt(time);
    const store = SqliteStore.fromConnString(file);
    for (let n = 0; n < Number(count); n++) {
      await store.put(["own", name], `k${n}`, { n });
      const value = { name, n };
      await store.batch(["left", "middle", "right"].map((key) => ({ namespace: ["shared"], key, value })));
      if (n % 5 === 0) await store.put(["passing", name], `k${n}`, { n }, { ttl: 1 / 60_000 });
      if (n % 20 === 0) await store.sweepExpired();
      const [left, right] = await store.batch(["left", "right"].map((key) => ({ namespace: ["shared"], key })));
      const items = await store.search(["shared"]);
      const seen = new Set([left, right, ...items].map((item) => `${item.value.name} ${item.value.n}`));
      // The search came later than the batch of two reads, but each of them sees one state.
      say({ n, reads: left.value.name === right.value.name && left.value.n === right.value.n, found: items.length, states: seen.size });
    }
    store.close();
  },
};

await tasks[task](...args);
