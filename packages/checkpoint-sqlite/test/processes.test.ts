import { checkpointId } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { startChild } from "./start-child.js";

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
});
