import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Checkpoint, type CheckpointSaver, type CheckpointTuple, checkpointId } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { onTestFinished } from "vitest";

/** Stands in every value: it must not be shown by commands that show none. */
export const SECRET = "top secret words";

const META = { source: "loop", parents: {} } as const;
const AT = "2026-01-01T00:00:00.000Z";

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function next(parent: Checkpoint | undefined, changes: Record<string, unknown>): Checkpoint {
  const id = checkpointId(parent?.id);
  const written = Object.fromEntries(Object.keys(changes).map((channel) => [channel, id]));
  return {
    v: 4,
    id,
    ts: AT,
    channel_values: { ...parent?.channel_values, ...changes },
    channel_versions: { ...parent?.channel_versions, ...written },
    versions_seen: {},
  };
}

/** Saves a thread with steps, a graph inside, writes, a question that waits, one that is answered, and a journal. */
export async function saveThread(saver: CheckpointSaver, threadId: string, steps = 5): Promise<readonly string[]> {
  const at = (id?: string, ns = "") => ({ configurable: { thread_id: threadId, checkpoint_ns: ns, checkpoint_id: id } });
  const ids: string[] = [];
  let parent: Checkpoint | undefined;
  for (let n = 0; n < steps; n++) {
    const messages = [...((parent?.channel_values.messages as unknown[] | undefined) ?? []), { text: `${SECRET} ${n}`, at: new Date(n) }];
    const checkpoint = next(parent, n === 0 ? { messages, bytes: new Uint8Array([1, 2]), static: "s".repeat(500) } : { messages });
    await saver.put(at(parent?.id), checkpoint, { ...META, step: n, note: SECRET }, {}, parent);
    await saver.putWrites(at(checkpoint.id), [["messages", SECRET]], `task-${n}`);
    ids.push(checkpoint.id);
    parent = checkpoint;
  }
  const newest = ids.at(-1)!;
  const questions = ["asked", "answered"].map((id) => ({ id: `${threadId} ${id}`, value: SECRET, ns: ["gate:1"] }));
  await saver.putWrites(at(newest), [["__interrupt__", questions]], "gate");
  const decision = { interruptId: `${threadId} answered`, value: SECRET, at: AT, revision: 0 };
  await saver.recordDecisions!(at(newest), [decision], [{ at: AT, kind: "decided", data: SECRET }]);
  const inner = next(undefined, { inner: SECRET });
  await saver.put(at(undefined, "gate:1"), inner, { ...META, step: 0, parents: { "": newest } }, {});
  return ids;
}

/** A file with some threads. */
export async function newStorage(threads: readonly string[] = ["alpha", "beta"]): Promise<string> {
  const file = join(newFolder(), "threads.db");
  const saver = SqliteSaver.fromConnString(file);
  for (const thread of threads) await saveThread(saver, thread);
  saver.close();
  return file;
}

/** Everything of a thread, as its reader sees it. */
export async function readThread(saver: CheckpointSaver, threadId: string): Promise<CheckpointTuple[]> {
  const tuples: CheckpointTuple[] = [];
  for await (const tuple of saver.list({ configurable: { thread_id: threadId } })) tuples.push(tuple);
  return tuples;
}

export async function readFile(file: string, threadId: string): Promise<CheckpointTuple[]> {
  const saver = SqliteSaver.fromConnString(file);
  try {
    return await readThread(saver, threadId);
  } finally {
    saver.close();
  }
}
