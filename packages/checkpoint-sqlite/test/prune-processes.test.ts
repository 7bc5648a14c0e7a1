import { writeFileSync } from "node:fs";
import { type CheckpointTuple, verifyJournal } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { checkDatabase } from "./check-database.js";
import { newFile } from "./new-file.js";
import { openHandle } from "./open-handle.js";
import { type Child, startChild } from "./start-child.js";

const KEEP = 3;

function checkFile(file: string): void {
  const handle = openHandle(file);
  checkDatabase(handle);
  handle.close();
}

async function listed(saver: SqliteSaver): Promise<CheckpointTuple[]> {
  const tuples: CheckpointTuple[] = [];
  for await (const tuple of saver.list({ configurable: { thread_id: "t" } })) tuples.push(tuple);
  return tuples;
}

/** Starts a process that prunes, and waits until it does. */
async function startPruner(file: string, onSay?: (said: Record<string, unknown>) => void): Promise<Child> {
  let heard = (): void => {};
  const started = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const pruner = startChild(["prune", file, String(KEEP)], (count) => {
    heard();
    onSay?.(pruner.said[count - 1]!);
  });
  await started;
  return pruner;
}

/** Lets one process go on with a thread while another prunes it, and kills both when they have done so much. @returns what was acknowledged */
async function runUntilKilled(file: string, acknowledgements: number): Promise<Child["said"]> {
  let pruned = 0;
  const pruner = await startPruner(file, ({ checkpoints }) => {
    pruned += Number(checkpoints);
  });
  const writer = startChild(["write", file], (count) => {
    if (count < acknowledgements || pruned < acknowledgements / 10) return;
    writer.process.kill("SIGKILL");
    pruner.process.kill("SIGKILL");
  });
  await Promise.all([writer.ended, pruner.ended]);
  expect([writer.process.signalCode, pruner.process.signalCode]).toEqual(["SIGKILL", "SIGKILL"]);
  return writer.said;
}

/** The newest checkpoints have everything beside them that was acknowledged. */
async function checkNewest(saver: SqliteSaver, acknowledged: readonly Record<string, unknown>[]): Promise<void> {
  const tuples = await listed(saver);
  const newest = Number(tuples[0]?.checkpoint.channel_values.step);
  expect(newest).toBeGreaterThanOrEqual(Math.max(...acknowledged.map(({ step }) => Number(step))));
  for (const { checkpoint } of tuples) expect(checkpoint.channel_values.log).toHaveLength(Number(checkpoint.channel_values.step));
  for (const { put, writes, asked, decision, step } of acknowledged) {
    if (Number(step) <= newest - KEEP) continue;
    const tuple = tuples.find(({ checkpoint }) => checkpoint.id === (put ?? writes ?? asked ?? decision));
    expect(tuple?.checkpoint.channel_values.step).toBe(step);
    const tasks = (tuple?.pendingWrites ?? []).map(([task]) => task);
    if (writes !== undefined) expect(tasks.filter((task) => task === `task-${String(step)}`)).toHaveLength(2);
    if (asked !== undefined) expect(tasks).toContain(`asking-${String(step)}`);
    if (decision !== undefined) expect(tasks).toContain(`i${String(step)}`);
  }
  const { items } = await saver.listInterrupts({ threadId: "t", status: "any", limit: 1000 });
  const steps = new Set(tuples.map(({ checkpoint }) => Number(checkpoint.channel_values.step)));
  for (const { id } of items) expect(steps).toContain(Number(/\d+$/.exec(id)?.[0]));
  const decided = acknowledged.filter(({ decision }) => decision !== undefined);
  const verdict = await verifyJournal(saver.readJournal());
  expect(verdict.kind === "intact" && verdict.entries).toBeGreaterThanOrEqual(decided.length);
}

describe("a process that prunes while another runs", () => {
  it("takes nothing that is to stay, wherever both are killed, time after time", async () => {
    const file = newFile();
    const acknowledged: Record<string, unknown>[] = [];
    for (const count of [3, 40, 41, 150, 300, 151]) {
      acknowledged.push(...(await runUntilKilled(file, count)));
      const saver = SqliteSaver.fromConnString(file);
      await checkNewest(saver, acknowledged);
      saver.close();
      checkFile(file);
    }
    const saver = SqliteSaver.fromConnString(file);
    await saver.prune({ keepLast: KEEP });
    expect(await listed(saver)).toHaveLength(KEEP);
    expect(Number((await saver.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint.channel_values.step)).toBeGreaterThan(150);
    saver.close();
  });

  it("keeps what several others fork from each other's past", async () => {
    const file = newFile();
    const names = ["a", "b", "c", "d"];
    let pruned = 0;
    const pruner = await startPruner(file, ({ checkpoints }) => {
      pruned += Number(checkpoints);
      if (pruned > 150) writeFileSync(`${file}.enough`, "");
    });
    const children = names.map((name) => startChild(["fork", file, name]));
    expect(await Promise.all(children.map((child) => child.ended))).toEqual(names.map(() => 0));
    pruner.process.kill("SIGKILL");
    await pruner.ended;
    const saver = SqliteSaver.fromConnString(file);
    const tuples = await listed(saver);
    expect(tuples.length).toBeGreaterThanOrEqual(KEEP);
    expect(children.map(({ said }) => said[0]?.last)).toContain(tuples[0]?.checkpoint.id);
    for (const { checkpoint, metadata } of tuples) {
      expect(checkpoint.channel_values).toEqual({ name: checkpoint.channel_values.name, log: metadata?.log, fixed: "x".repeat(2000) });
    }
    saver.close();
    checkFile(file);
  });
});
