import { type CheckpointTuple, verifyJournal } from "@holdpoint/checkpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { PostgresServer } from "./postgres-server.js";
import { newSchema } from "./shared-server.js";
import { startChild } from "./start-child.js";

// A server of its own, which waits for the disk: it is killed, too.
let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.create({ fsync: true });
});
afterAll(() => server.remove());

/** Lets a child write, does something after so many acknowledgements, and returns what was acknowledged before the child ended. */
async function writeUntil(
  schema: string,
  count: number,
  strike: (kill: () => void) => void,
  task = "write",
): Promise<Record<string, unknown>[]> {
  const child = startChild([task, server.url, schema], (said) => {
    if (said === count) strike(() => child.process.kill("SIGKILL"));
  });
  await child.ended;
  return child.said.filter(({ failed }) => failed === undefined);
}

async function check(schema: string, acknowledged: readonly Record<string, unknown>[]): Promise<void> {
  const saver = PostgresSaver.fromConnString(server.url, { schema });
  await checkAll(saver, acknowledged);
  await checkInStep(saver);
  await saver.end();
}

describe("kill -9 of a client", () => {
  it("loses nothing that was acknowledged, wherever it strikes, time after time", async () => {
    const [schema, acknowledged] = [newSchema(), [] as Record<string, unknown>[]];
    for (const count of [1, 2, 3, 4, 7, 20, 51, 133]) {
      acknowledged.push(...(await writeUntil(schema, count, (kill) => kill())));
      await check(schema, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(221);
  });
});

describe("kill -9 among groups of many threads", () => {
  it("of a client, and then of the server, loses nothing that was acknowledged, and leaves no gap in a thread", async () => {
    const [schema, acknowledged] = [newSchema(), [] as Record<string, unknown>[]];
    for (const count of [1, 30, 100, 333]) {
      acknowledged.push(...(await writeUntil(schema, count, (kill) => kill(), "crowd")));
      await checkCrowd(schema, acknowledged);
    }
    let stopped: Promise<void> | undefined;
    const strike = () => {
      stopped = server.stop("SIGKILL");
    };
    acknowledged.push(...(await writeUntil(schema, 200, strike, "crowd")));
    await stopped;
    await server.start();
    await checkCrowd(schema, acknowledged);
    expect(acknowledged.length).toBeGreaterThanOrEqual(664);
  });
});

describe("a server that is killed", () => {
  it.each(["SIGKILL", "SIGQUIT"] as const)("by %s has all that it acknowledged when it is back", async (signal) => {
    const [schema, acknowledged] = [newSchema(), [] as Record<string, unknown>[]];
    for (const count of [3, 40, 81]) {
      let stopped: Promise<void> | undefined;
      acknowledged.push(
        ...(await writeUntil(schema, count, () => {
          stopped = server.stop(signal);
        })),
      );
      await stopped;
      await server.start();
      await check(schema, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(124);
  });
});

async function checkAll(saver: PostgresSaver, acknowledged: readonly Record<string, unknown>[]): Promise<void> {
  const tuples = new Map<unknown, Awaited<ReturnType<PostgresSaver["getTuple"]>>>();
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

/** Each thread is a chain from its first step on, as far as it was saved, and all that was acknowledged is in it. */
async function checkCrowd(schema: string, acknowledged: readonly Record<string, unknown>[]): Promise<void> {
  const saver = PostgresSaver.fromConnString(server.url, { schema });
  const found = new Map<unknown, CheckpointTuple>();
  for (let n = 0; n < 12; n++) {
    const chain: CheckpointTuple[] = [];
    for await (const tuple of saver.list({ configurable: { thread_id: `crowd ${n}` } })) chain.unshift(tuple);
    for (const [at, tuple] of chain.entries()) {
      expect(tuple.checkpoint.channel_values.step).toBe(at + 1);
      expect(tuple.checkpoint.channel_values.log).toHaveLength(at + 1);
      expect(tuple.parentConfig?.configurable?.checkpoint_id).toBe(chain[at - 1]?.checkpoint.id);
      found.set(tuple.checkpoint.id, tuple);
    }
  }
  await saver.end();
  for (const { put, writes, step } of acknowledged) {
    const tuple = found.get(put ?? writes);
    expect(tuple?.checkpoint.channel_values.step).toBe(step);
    if (writes !== undefined) expect(tuple?.pendingWrites).toEqual([[`task-${String(step)}`, "step", step]]);
  }
}

/** The index of questions and the journal follow from the writes, which are saved with them or not at all. */
async function checkInStep(saver: PostgresSaver): Promise<void> {
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
