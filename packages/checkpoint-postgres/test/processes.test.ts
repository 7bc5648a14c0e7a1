import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkpointId, newLease, verifyJournal } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { newSchema, sharedServer } from "./shared-server.js";
import { startChild } from "./start-child.js";

const NAMES = ["a", "b", "c", "d"];
const folder = mkdtempSync(join(tmpdir(), "holdpoint-postgres-processes-"));

let url: string;
beforeAll(async () => {
  url = await sharedServer();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openSaver = (schema: string) => PostgresSaver.fromConnString(url, { schema });

async function runTogether(task: string, schema: string, names: readonly string[], ...args: string[]) {
  const time = String(Date.now() + 1500);
  const children = names.map((name) => startChild([task, url, schema, name, time, ...args]));
  expect(await Promise.all(children.map((child) => child.ended))).toEqual(names.map(() => 0));
  return children;
}

describe("several processes on one database", () => {
  it("record each decision exactly once, and the losers are told who won", async () => {
    const schema = newSchema();
    const saver = openSaver(schema);
    const checkpoint = { v: 4, id: checkpointId(), ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} };
    const config = await saver.put({ configurable: { thread_id: "t" } }, checkpoint, { source: "input", step: -1, parents: {} }, {});
    const children = await runTogether("decide", schema, NAMES, "60", checkpoint.id);
    const writes = (await saver.getTuple(config))?.pendingWrites ?? [];
    await saver.end();
    expect(writes).toHaveLength(60);
    for (let n = 0; n < 60; n++) {
      const said = children.map((child) => child.said[n]);
      const winner = NAMES.filter((_, at) => said[at]?.won);
      expect(winner).toHaveLength(1);
      expect(said.filter((one) => !one?.won).map((one) => one?.standing)).toEqual(Array(3).fill(winner[0]));
      expect(writes.find(([id]) => id === `i${n}`)?.[2]).toMatchObject({ value: winner[0] });
    }
  });

  it("set up a schema together, eight of them, and save into one thread without losing anything", async () => {
    const schema = newSchema();
    const names = [...NAMES, "e", "f", "g", "h"];
    const children = await runTogether("branch", schema, names, "30");
    const saver = openSaver(schema);
    for (const [at, name] of names.entries()) {
      const found: number[] = [];
      for await (const tuple of saver.list({ configurable: { thread_id: "t" } }, { filter: { name } })) {
        found.push(tuple.metadata?.step as number);
        expect(tuple.pendingWrites).toEqual([[name, "log", tuple.metadata?.step]]);
      }
      expect(found).toEqual(Array.from({ length: 30 }, (_, n) => 29 - n));
      const last = await saver.getTuple({ configurable: { thread_id: "t", checkpoint_id: String(children[at]?.said[0]?.last) } });
      expect(last?.checkpoint.channel_values.log).toEqual(Array.from({ length: 30 }, (_, n) => `${name} ${n}`));
    }
    await saver.end();
    const client = new pg.Client(url);
    await client.connect();
    expect((await client.query(`SELECT number FROM "${schema}".migration`)).rows).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    await client.end();
  });

  it("have a thread one at a time", async () => {
    const schema = newSchema();
    const children = await runTogether("lease", schema, NAMES, "60", join(folder, "room"));
    expect(children.map((child) => child.said[0]?.entered)).toEqual([60, 60, 60, 60]);
  });

  it("free a thread by dying, and not before", async () => {
    const schema = newSchema();
    const saver = openSaver(schema);
    const lease = newLease(Date.now(), 60_000);
    let heard = (): void => {};
    const started = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const child = startChild(["hold", url, schema], () => heard());
    await started;
    expect(await saver.acquireLease("t", lease, Date.now())).toEqual({ kind: "held", by: child.said[0]?.lease });
    child.process.kill("SIGKILL");
    await child.ended;
    expect(await saver.acquireLease("t", lease, Date.now())).toEqual({ kind: "acquired" });
    await saver.end();
  });

  it("append to one journal, each pair of entries together", async () => {
    const schema = newSchema();
    const children = await runTogether("journal", schema, NAMES, "40");
    const saver = openSaver(schema);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: 320, heads: { size: 5 } });
    const data: { name: string; n: number; part: number }[] = [];
    for await (const entry of saver.readJournal({ threadId: "shared" })) data.push(entry.data as (typeof data)[number]);
    for (let n = 0; n < data.length; n += 2) expect(data[n + 1]).toEqual({ ...data[n], part: 1 });
    for (const name of NAMES) {
      const ofOne = data.filter((one) => one.name === name && one.part === 0).map(({ n }) => n);
      expect(ofOne).toEqual(Array.from({ length: 40 }, (_, n) => n).filter((n) => n % 4 !== 0));
    }
    for (const { said } of children) expect(said).toEqual([...said].sort((a, b) => Number(a.position) - Number(b.position)));
    await saver.end();
  });
});

describe("a graph that stops for a person", () => {
  it("goes on in another process, and what follows the answer is done once, whoever else answers", async () => {
    const schema = newSchema();
    const [effects, now] = [join(folder, "effects"), "0"];
    const asking = startChild(["graph", url, schema, "ask", now, "invoice", effects]);
    expect(await asking.ended).toBe(0);
    expect(asking.said).toEqual([{ log: ["checked 120"], asks: [{ question: "Pay 120?" }] }]);
    const saver = openSaver(schema);
    expect((await saver.listInterrupts()).items).toMatchObject([
      { threadId: "invoice", status: "pending", value: { question: "Pay 120?" } },
    ]);
    const answering = await runTogether("graph", schema, ["ann", "bob", "eve"], "invoice", effects);
    const said = answering.map((child) => child.said[0] as { log?: string[]; code?: string });
    const [winner, ...others] = said.filter(({ log }) => log !== undefined);
    expect(others).toEqual([]);
    const paid = readFileSync(effects, "utf8");
    expect(paid).toMatch(/^paid by (ann|bob|eve)\n$/);
    expect(winner?.log).toEqual(["checked 120", paid.trim(), "noted"]);
    for (const { code } of said.filter(({ log }) => log === undefined)) {
      expect(["ALREADY_DECIDED", "THREAD_BUSY", "NOTHING_TO_RESUME"]).toContain(code);
    }
    expect((await saver.listInterrupts({ status: "any" })).items).toMatchObject([{ status: "decided" }]);
    await saver.end();
  });
});
