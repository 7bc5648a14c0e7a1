// A hostile hand has written into the file. Whatever is called is answered with a value, or with a CheckpointError.
import { rmSync } from "node:fs";
import { types } from "node:util";
import {
  CheckpointError,
  type CheckpointSaver,
  type CheckpointTuple,
  checkpointId,
  MemorySaver,
  OpaqueValue,
  type ThreadRecord,
  verifyJournal,
} from "@holdpoint/checkpoint";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { SqliteSaver } from "../../src/index.js";
import { CELLS, type Cell, damage, FRAGMENTS } from "./hostile-values.js";
import { type CellPlace, cellsOf, damaged, makeVictim, THREAD } from "./victim.js";

let victim: Awaited<ReturnType<typeof makeVictim>>;
let places: readonly CellPlace[];
beforeAll(async () => {
  victim = await makeVictim();
  places = cellsOf(victim.file);
});

const AT = "2026-01-01T00:00:00.000Z";
const at = (id?: string, thread = THREAD) => ({ configurable: { thread_id: thread, checkpoint_ns: "", checkpoint_id: id } });

/** Runs a call; it may fail with a CheckpointError. What it gives must be made of known types. */
async function answered(name: string, call: () => Promise<unknown>): Promise<void> {
  let result: unknown;
  try {
    result = await call();
  } catch (error) {
    if (CheckpointError.is(error)) return;
    throw new Error(`${name} fails with something else: ${error instanceof Error ? error.stack : String(error)}`);
  }
  try {
    checkTypes(result, new Set());
  } catch (error) {
    // Data of a journal's entry is read when it is looked at.
    if (!CheckpointError.is(error)) throw error;
  }
}

function checkTypes(root: unknown, seen: Set<object>): void {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "function") throw new Error("A function came out of the storage.");
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (value instanceof OpaqueValue || types.isDate(value) || types.isRegExp(value) || value instanceof URL || types.isNativeError(value))
      continue;
    if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) continue;
    if (types.isMap(value)) waiting.push(...value.keys(), ...value.values());
    else if (types.isSet(value)) waiting.push(...value);
    else if (prototype === Object.prototype || prototype === null || prototype === Array.prototype) {
      for (const key of Object.keys(value)) waiting.push((value as Record<string, unknown>)[key]);
    } else throw new Error(`An instance of an unknown type came out of the storage: ${String(prototype)}`);
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const one of items) result.push(one);
  return result;
}

/** Shapes that the types of the contract promise of a tuple. */
function checkTuple(tuple: CheckpointTuple | undefined): CheckpointTuple | undefined {
  if (tuple === undefined) return undefined;
  const { checkpoint, metadata, config } = tuple;
  for (const part of [checkpoint.channel_values, checkpoint.channel_versions, checkpoint.versions_seen, metadata]) {
    expect(typeof part === "object" && part !== null && !Array.isArray(part)).toBe(true);
  }
  for (const text of [checkpoint.id, checkpoint.ts, config.configurable?.checkpoint_id, config.configurable?.thread_id])
    expect(typeof text).toBe("string");
  return tuple;
}

/** Everything that can be called, on a file that may hold anything. */
async function callAll(file: string): Promise<void> {
  let saver: SqliteSaver;
  try {
    saver = SqliteSaver.fromConnString(file);
  } catch (error) {
    if (!CheckpointError.is(error)) throw error;
    return;
  }
  try {
    await readAll(saver);
    await writeAll(saver);
  } finally {
    saver.close();
  }
}

async function readAll(saver: SqliteSaver): Promise<void> {
  for (const id of [undefined, ...victim.ids]) await answered("getTuple", async () => checkTuple(await saver.getTuple(at(id))));
  await answered("getTuple of the graph inside", () => saver.getTuple({ configurable: { thread_id: THREAD, checkpoint_ns: "inner:1" } }));
  await answered("list", async () => (await all(saver.list(at()))).map(checkTuple));
  await answered("list of everything", async () => (await all(saver.list({}))).map(checkTuple));
  await answered("list with a filter", () => all(saver.list(at(), { filter: { user: "ada", step: 3 } })));
  await answered("listInterrupts", () => saver.listInterrupts({ status: "any" }));
  await answered("listInterrupts of somebody", () => saver.listInterrupts({ assignee: "ann", expiresBefore: "2030-01-01T00:00:00.000Z" }));
  await answered("readJournal", () => all(saver.readJournal()));
  await answered("verifyJournal", () => verifyJournal(saver.readJournal({ threadId: THREAD })));
  await answered("stats", () => saver.stats({ threadId: THREAD }));
  await answered("stats of everything", () => saver.stats());
  await answered("exportThread", async () => {
    const records: ThreadRecord[] = await all(saver.exportThread(THREAD));
    await answered("importThread", () => new MemorySaver().importThread("copy", records));
    return records;
  });
}

async function writeAll(saver: SqliteSaver & CheckpointSaver): Promise<void> {
  const newest = victim.ids.at(-1)!;
  const decision = (interruptId: string, revision: number) => ({ interruptId, value: "x", at: AT, revision });
  await answered("recordDecisions", () => saver.recordDecisions(at(newest), [decision("q1", 0)]));
  await answered("recordDecisions again", () => saver.recordDecisions(at(newest), [decision("q1", 1), decision("q2", 0)]));
  await answered("putWrites", () => saver.putWrites(at(newest), [["messages", 1]], "later"));
  await answered("putWrites of questions", () =>
    saver.putWrites(at(newest), [["__interrupt__", [{ id: "q2", value: 2, ns: [] }]]], "gate"),
  );
  await answered("put", async () => {
    const id = checkpointId(newest);
    const checkpoint = { v: 4, id, ts: AT, channel_values: { a: 1 }, channel_versions: { a: id }, versions_seen: {} };
    await saver.put(at(newest), checkpoint, { source: "loop", step: 9, parents: {} }, {});
    return checkTuple(await saver.getTuple(at(id)));
  });
  await answered("appendJournal", () => saver.appendJournal(THREAD, [{ at: AT, kind: "note", data: 1 }]));
  await answered("acquireLease", () =>
    saver.acquireLease("leased", { id: "m", host: "h", pid: 2, expiresAt: Date.now() + 1000 }, Date.now()),
  );
  await answered("copyThread", () => saver.copyThread(THREAD, "copy"));
  await answered("prune", () => saver.prune({ keepLast: 1 }));
  await answered("deleteThread", () => saver.deleteThread(THREAD));
}

function survives(place: CellPlace, change: (cell: Cell) => Cell): Promise<void> {
  const file = damaged(victim.file, place, change);
  if (file === undefined) return Promise.resolve();
  return callAll(file).finally(() => rmSync(file, { force: true }));
}

describe("a file that a hostile hand has written into", () => {
  it("is read to its end, or refused with a CheckpointError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), damage, (at, change) => survives(places[at % places.length]!, change)),
      { numRuns: 150 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  /** One place of each kind that holds data. */
  const dataPlaces = () => {
    const chosen = places.filter(({ column }) => column === "data" || column === "metadata");
    return [...new Map(chosen.map((place) => [`${place.table} ${place.column}`, place])).values()];
  };

  it.each(
    CELLS.map((cell) => [typeof cell === "string" && cell.length > 60 ? `${cell.slice(0, 60)}… (${cell.length})` : String(cell), cell]),
  )("may have %s in every kind of place that holds data", async (_, cell) => {
    for (const place of dataPlaces()) await survives(place, () => cell as Cell);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(FRAGMENTS)("may have %s for any cell", async (fragment) => {
    const first = FRAGMENTS.indexOf(fragment);
    const kinds = dataPlaces();
    for (const place of [kinds[first % kinds.length]!, places[(first * 13) % places.length]!]) await survives(place, () => fragment);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("undamaged, answers everything", async () => {
    const calls: string[] = [];
    const saver = SqliteSaver.fromConnString(victim.file);
    for (const id of victim.ids) if (checkTuple(await saver.getTuple(at(id))) !== undefined) calls.push(id);
    expect(calls).toEqual(victim.ids);
    expect((await saver.listInterrupts({ status: "any" })).items).toHaveLength(2);
    expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: 2 });
    saver.close();
  });
});
