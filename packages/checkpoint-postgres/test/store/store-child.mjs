// Run by the tests as a process of its own, on the built package: node store-child.mjs <task> <url> <schema> <arguments…>
import { writeSync } from "node:fs";
import { PostgresStore } from "../../dist/index.js";

const [, , task, url, schema, ...args] = process.argv;
const open = () => PostgresStore.fromConnString(url, { schema, max: 3 });
const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);

/** All children begin at the same moment, so that they do meet. */
const startAt = async (time) => {
  while (Date.now() < Number(time) - 2) await new Promise((resolve) => setTimeout(resolve, 1));
  while (Date.now() < Number(time));
};

const tasks = {
  /** Puts, replaces and deletes for ever, and says what was acknowledged. Every third document expires in an hour. */
  async write() {
    const store = open();
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
  /** Makes the tables together with the others, and puts documents of its own and some that all of them put, in any order. */
  async fill(name, time, count) {
    await startAt(time);
    const store = open();
    for (let n = 0; n < Number(count); n++) {
      await store.put(["own", name], `k${n}`, { n });
      const value = { name, n };
      const keys = n % 2 === 0 ? ["left", "middle", "right"] : ["right", "middle", "left"];
      const shared = keys.map((key) => ({ namespace: ["shared"], key, value }));
      const reads = keys.map((key) => ({ namespace: ["shared"], key }));
      const results = n === 0 ? await store.batch(shared) : await store.batch([...reads, ...shared]);
      if (n % 5 === 0) await store.put(["passing", name], `k${n}`, { n }, { ttl: 1 / 60_000 });
      if (n % 20 === 0) await store.sweepExpired();
      const seen = new Set(results.slice(0, 3).map((item) => JSON.stringify(item?.value)));
      const found = new Set((await store.search(["shared"])).map((item) => JSON.stringify(item.value)));
      say({ n, states: [seen.size, found.size] });
    }
    await store.end();
  },
};

await tasks[task](...args);
