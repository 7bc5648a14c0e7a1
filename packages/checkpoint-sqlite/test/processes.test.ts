import { checkpointId, newLease, verifyJournal } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { startChild } from "./start-child.js";
import { toSchemaOne } from "./to-schema-one.js";

const NAMES = ["a", "b", "c", "d"];

async function runTogether(task: string, file: string, ...args: string[]) {
  const time = String(Date.now() + 1500);
  const children = NAMES.map((name) => startChild([task, file, name, time, ...args]));
  expect(await Promise.all(children.map((child) => child.ended))).toEqual(NAMES.map(() => 0));
  return children;
}

describe("several processes on one file", () => {
  it("record each decision exactly once, and the losers are told who won", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    const checkpoint = { v: 4, id: checkpointId(), ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} };
    const config = await saver.put({ configurable: { thread_id: "t" } }, checkpoint, { source: "input", step: -1, parents: {} }, {});
    const children = await runTogether("decide", file, "60", checkpoint.id);
    const writes = (await saver.getTuple(config))?.pendingWrites ?? [];
    saver.close();
    expect(writes).toHaveLength(60);
    for (let n = 0; n < 60; n++) {
      const said = children.map((child) => child.said[n]);
      const winner = NAMES.filter((_, at) => said[at]?.won);
      expect(winner).toHaveLength(1);
      expect(said.filter((one) => !one?.won).map((one) => one?.standing)).toEqual(Array(3).fill(winner[0]));
      expect(writes.find(([id]) => id === `i${n}`)?.[2]).toMatchObject({ value: winner[0] });
    }
  });

  it("create the database together, and save into one thread without losing anything", async () => {
    const file = newFile();
    const children = await runTogether("branch", file, "80");
    const saver = SqliteSaver.fromConnString(file);
    for (const [at, name] of NAMES.entries()) {
      const found: number[] = [];
      for await (const tuple of saver.list({ configurable: { thread_id: "t" } }, { filter: { name } })) {
        found.push(tuple.metadata?.step as number);
        expect(tuple.pendingWrites).toEqual([[name, "log", tuple.metadata?.step]]);
      }
      expect(found).toEqual(Array.from({ length: 80 }, (_, n) => 79 - n));
      const last = await saver.getTuple({ configurable: { thread_id: "t", checkpoint_id: String(children[at]?.said[0]?.last) } });
      expect(last?.checkpoint.channel_values.log).toEqual(Array.from({ length: 80 }, (_, n) => `${name} ${n}`));
    }
    saver.close();
  });

  it("bring a database of the first schema up to date together, once", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    const config = { configurable: { thread_id: "old", checkpoint_id: checkpointId() } };
    await saver.putWrites(config, [["__interrupt__", [{ id: "q", value: 1, ns: [] }]]], "task");
    saver.close();
    toSchemaOne(file);
    await runTogether("branch", file, "10");
    const after = SqliteSaver.fromConnString(file);
    expect((await after.listInterrupts()).items).toMatchObject([{ id: "q", threadId: "old", status: "pending" }]);
    after.close();
  });

  it("have a thread one at a time", async () => {
    const children = await runTogether("lease", newFile(), "150");
    expect(children.map((child) => child.said[0]?.entered)).toEqual([150, 150, 150, 150]);
  });

  it("free a thread by dying, and not before", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    const lease = newLease(Date.now(), 60_000);
    let heard = (): void => {};
    const started = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const child = startChild(["hold", file], () => heard());
    await started;
    expect(await saver.acquireLease("t", lease, Date.now())).toEqual({ kind: "held", by: child.said[0]?.lease });
    child.process.kill("SIGKILL");
    await child.ended;
    expect(await saver.acquireLease("t", lease, Date.now())).toEqual({ kind: "acquired" });
    saver.close();
  });

  it("append to one journal, each pair of entries together", async () => {
    const file = newFile();
    const children = await runTogether("journal", file, "100");
    const saver = SqliteSaver.fromConnString(file);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: 800, heads: { size: 5 } });
    const data: { name: string; n: number; part: number }[] = [];
    for await (const entry of saver.readJournal({ threadId: "shared" })) data.push(entry.data as (typeof data)[number]);
    for (let n = 0; n < data.length; n += 2) expect(data[n + 1]).toEqual({ ...data[n], part: 1 });
    for (const name of NAMES) {
      const ofOne = data.filter((one) => one.name === name && one.part === 0).map(({ n }) => n);
      expect(ofOne).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n % 4 !== 0));
    }
    for (const { said } of children) expect(said).toEqual([...said].sort((a, b) => Number(a.position) - Number(b.position)));
    saver.close();
  });
});
