import { type CheckpointTuple, verifyJournal } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { startChild } from "./start-child.js";

/** Lets a child write, kills it after so many acknowledgements, and returns those. */
async function writeUntilKilled(file: string, acknowledgements: number): Promise<Record<string, unknown>[]> {
  const child = startChild(["write", file], (count) => {
    if (count === acknowledgements) child.process.kill("SIGKILL");
  });
  await child.ended;
  expect(child.process.signalCode).toBe("SIGKILL");
  return child.said;
}

describe("kill -9", () => {
  it("loses nothing that was acknowledged, wherever it strikes, time after time", async () => {
    const file = newFile();
    const acknowledged: Record<string, unknown>[] = [];
    for (const count of [1, 2, 3, 4, 7, 20, 50, 51, 52, 133, 300]) {
      acknowledged.push(...(await writeUntilKilled(file, count)));
      const saver = SqliteSaver.fromConnString(file);
      await checkAll(saver, acknowledged);
      await checkInStep(saver);
      saver.close();
    }
    expect(acknowledged.length).toBeGreaterThan(620);
  });
});

async function checkAll(saver: SqliteSaver, acknowledged: readonly Record<string, unknown>[]): Promise<void> {
  const tuples = new Map<unknown, Awaited<ReturnType<SqliteSaver["getTuple"]>>>();
  for await (const tuple of saver.list({ configurable: { thread_id: "t" } })) tuples.set(tuple.checkpoint.id, tuple);
  for (const { put, writes, asked, decision, kind, step } of acknowledged) {
    const tuple = tuples.get(put ?? writes ?? asked ?? decision);
    expect(tuple?.checkpoint.channel_values.step).toBe(step);
    expect(tuple?.checkpoint.channel_values.log).toHaveLength(step as number);
    if (writes !== undefined) expect(tuple?.pendingWrites?.filter(([task]) => task === `task-${String(step)}`)).toHaveLength(2);
    if (decision === undefined) continue;
    expect(kind).toBe("recorded");
    expect(tuple?.pendingWrites).toContainEqual([
      `i${String(step)}`,
      "__resume__",
      { interruptId: `i${String(step)}`, value: step, at: "", revision: 0 },
    ]);
  }
}

/** The index of questions and the journal follow from the writes, which are saved with them or not at all. */
async function checkInStep(saver: SqliteSaver): Promise<void> {
  const expected: Record<string, string> = {};
  const decided: unknown[] = [];
  let newest: string | undefined;
  for await (const tuple of saver.list({ configurable: { thread_id: "t" } })) {
    newest ??= tuple.checkpoint.id;
    const answers = new Set(valuesOf(tuple, "__resume__").map((decision) => (decision as { interruptId: string }).interruptId));
    for (const { id } of valuesOf(tuple, "__interrupt__").flat() as { id: string }[]) {
      expected[id] = answers.has(id) ? "decided" : tuple.checkpoint.id === newest ? "pending" : "closed";
    }
    if (answers.size > 0) decided.push({ step: tuple.checkpoint.channel_values.step });
  }
  const found: Record<string, string> = {};
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await saver.listInterrupts({ status: "any", before: cursor });
    for (const { id, status } of page.items) found[id] = status;
    cursor = page.next;
  }
  expect(found).toEqual(expected);
  const journal: unknown[] = [];
  for await (const { data } of saver.readJournal({ threadId: "t" })) journal.unshift(data);
  expect(journal).toEqual(decided);
  expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: decided.length });
}

function valuesOf(tuple: CheckpointTuple, channel: string): unknown[] {
  return (tuple.pendingWrites ?? []).filter(([, name]) => name === channel).map(([, , value]) => value);
}
