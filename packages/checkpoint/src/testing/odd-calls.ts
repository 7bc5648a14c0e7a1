import { checkpointId } from "../index.js";
import type { BaseStore } from "../store/base-store.js";
import type { Checkpoint, CheckpointSaver } from "../types.js";

type Calls = Record<string, (odd: never) => unknown>;

const META = { source: "loop", step: 0, parents: {} } as const;

const checkpointOf = (changes: Partial<Record<keyof Checkpoint, unknown>>): Checkpoint =>
  ({
    v: 4,
    id: checkpointId(),
    ts: new Date().toISOString(),
    channel_values: { a: 1 },
    channel_versions: { a: 1 },
    versions_seen: {},
    ...changes,
  }) as Checkpoint;

/** Every method of a saver, with each of its arguments left to be odd. For {@link rawFailures}. */
export async function oddSaverCalls(saver: CheckpointSaver): Promise<Calls> {
  const thread = { configurable: { thread_id: "odd", checkpoint_ns: "" } };
  const { configurable } = await saver.put(thread, checkpointOf({}), { ...META }, { a: 1 });
  const point = { configurable: { ...thread.configurable, ...configurable } };
  const at = new Date().toISOString();
  const decision = { interruptId: "q", value: 1, at, revision: 0 };
  const calls: Calls = {
    "getTuple(x)": (odd) => saver.getTuple(odd),
    "list(x)": (odd) => saver.list(odd),
    "list(config, x)": (odd) => saver.list(thread, odd),
    "put(x)": (odd) => saver.put(odd, checkpointOf({}), { ...META }, {}),
    "put(config, x)": (odd) => saver.put(thread, odd, { ...META }, {}),
    "put(config, checkpoint, x)": (odd) => saver.put(thread, checkpointOf({}), odd, {}),
    "put(config, checkpoint, metadata, x)": (odd) => saver.put(thread, checkpointOf({}), { ...META }, odd),
    "put(…, x)": (odd) => saver.put(point, checkpointOf({}), { ...META }, {}, odd),
    "putWrites(x)": (odd) => saver.putWrites(odd, [["a", 1]], "task"),
    "putWrites(config, x)": (odd) => saver.putWrites(point, odd, "task"),
    "putWrites(config, [x])": (odd) => saver.putWrites(point, [odd], "task"),
    "putWrites(config, [[x]])": (odd) => saver.putWrites(point, [[odd, 1]], "task"),
    "putWrites(config, writes, x)": (odd) => saver.putWrites(point, [["a", 1]], odd),
    "deleteThread(x)": (odd) => saver.deleteThread(odd),
    "recordDecisions(x)": (odd) => saver.recordDecisions?.(odd, [decision]),
    "recordDecisions(config, x)": (odd) => saver.recordDecisions?.(point, odd),
    "recordDecisions(config, [x])": (odd) => saver.recordDecisions?.(point, [odd]),
    "recordDecisions(config, decisions, x)": (odd) =>
      saver.recordDecisions?.(point, [{ ...decision, interruptId: String(Math.random()) }], odd),
    "recordDecisions(config, decisions, [x])": (odd) =>
      saver.recordDecisions?.(point, [{ ...decision, interruptId: String(Math.random()) }], [odd]),
    "acquireLease(x)": (odd) => saver.acquireLease?.(odd, { id: "l", host: "h", pid: 1, expiresAt: Date.now() + 1 }, Date.now()),
    "acquireLease(thread, x)": (odd) => saver.acquireLease?.("odd-lease", odd, Date.now()),
    "acquireLease(thread, lease, x)": (odd) => saver.acquireLease?.("odd-lease", { id: "l", host: "h", pid: 1, expiresAt: 1 }, odd),
    "releaseLease(x)": (odd) => saver.releaseLease?.(odd, "l"),
    "releaseLease(thread, x)": (odd) => saver.releaseLease?.("odd-lease", odd),
    "listInterrupts(x)": (odd) => saver.listInterrupts?.(odd),
    "appendJournal(x)": (odd) => saver.appendJournal?.(odd, [{ at, kind: "note", data: 1 }]),
    "appendJournal(thread, x)": (odd) => saver.appendJournal?.("odd", odd),
    "appendJournal(thread, [x])": (odd) => saver.appendJournal?.("odd", [odd]),
    "readJournal(x)": (odd) => saver.readJournal?.(odd),
    "prune(x)": (odd) => saver.prune?.(odd),
    "stats(x)": (odd) => saver.stats?.(odd),
    "copyThread(x)": (odd) => saver.copyThread?.(odd, "odd-copy"),
    "copyThread(from, x)": (odd) => saver.copyThread?.("odd", odd),
    "exportThread(x)": (odd) => saver.exportThread?.(odd),
    "importThread(x)": (odd) => saver.importThread?.(odd, []),
    "importThread(thread, x)": (odd) => saver.importThread?.("odd-import", odd),
    "importThread(thread, [x])": (odd) => saver.importThread?.("odd-import", [odd]),
  };
  for (const key of ["thread_id", "checkpoint_ns", "checkpoint_id"]) {
    const config = (odd: unknown) => ({ configurable: { ...point.configurable, [key]: odd } }) as never;
    calls[`getTuple, ${key} x`] = (odd) => saver.getTuple(config(odd));
    calls[`list, ${key} x`] = (odd) => saver.list(config(odd));
    calls[`put, ${key} x`] = (odd) => saver.put(config(odd), checkpointOf({}), { ...META }, {});
    calls[`putWrites, ${key} x`] = (odd) => saver.putWrites(config(odd), [["a", 1]], "task");
  }
  for (const key of ["limit", "before", "filter"]) calls[`list, ${key} x`] = (odd) => saver.list(thread, { [key]: odd });
  for (const key of ["id", "ts", "channel_values", "channel_versions", "versions_seen"] as const)
    calls[`put, ${key} x`] = (odd) => saver.put(thread, checkpointOf({ [key]: odd }), { ...META }, {});
  for (const key of ["status", "threadId", "graph", "assignee", "expiresBefore", "before", "limit", "order"])
    calls[`listInterrupts, ${key} x`] = (odd) => saver.listInterrupts?.({ [key]: odd });
  for (const key of ["threadId", "after", "limit"]) calls[`readJournal, ${key} x`] = (odd) => saver.readJournal?.({ [key]: odd });
  // Of a thread of its own: what is odd may count as left out.
  for (const key of ["threadId", "keepLast", "olderThan"])
    calls[`prune, ${key} x`] = (odd) => saver.prune?.({ threadId: "odd-pruned", [key]: odd });
  return calls;
}

/** Every method of a store, with each of its arguments left to be odd. For {@link rawFailures}. */
export function oddStoreCalls(store: BaseStore): Calls {
  const calls: Calls = {
    "get(x)": (odd) => store.get(odd, "key"),
    "get([x])": (odd) => store.get([odd], "key"),
    "get(namespace, x)": (odd) => store.get(["odd"], odd),
    "get(namespace, key, x)": (odd) => store.get(["odd"], "key", odd),
    "put(x)": (odd) => store.put(odd, "key", { a: 1 }),
    "put(namespace, x)": (odd) => store.put(["odd"], odd, { a: 1 }),
    "put(namespace, key, x)": (odd) => store.put(["odd"], "key", odd),
    "put(namespace, key, value, x)": (odd) => store.put(["odd"], "key", { a: 1 }, odd),
    "put(namespace, key, value, index, x)": (odd) => store.put(["odd"], "key", { a: 1 }, undefined, odd),
    "search(x)": (odd) => store.search(odd),
    "search(prefix, x)": (odd) => store.search(["odd"], odd),
    "delete(x)": (odd) => store.delete(odd, "key"),
    "delete(namespace, x)": (odd) => store.delete(["odd"], odd),
    "listNamespaces(x)": (odd) => store.listNamespaces(odd),
    "batch(x)": (odd) => store.batch(odd),
    "batch([x])": (odd) => store.batch([odd]),
    "batch([{ matchConditions: [x] }])": (odd) => store.batch([{ matchConditions: [odd] }]),
  };
  for (const key of ["filter", "limit", "offset", "query", "refreshTtl"])
    calls[`search, ${key} x`] = (odd) => store.search(["odd"], { [key]: odd });
  for (const key of ["prefix", "suffix", "maxDepth", "limit", "offset"])
    calls[`listNamespaces, ${key} x`] = (odd) => store.listNamespaces({ [key]: odd });
  for (const key of ["ttl", "index"]) calls[`put, ${key} x`] = (odd) => store.put(["odd"], "key", { a: 1 }, { [key]: odd });
  return calls;
}
