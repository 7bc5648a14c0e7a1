import { copyFileSync } from "node:fs";
import { type Checkpoint, checkpointId } from "@holdpoint/checkpoint";
import { SqliteSaver } from "../../src/index.js";
import { newFile } from "../new-file.js";
import { openHandle } from "../open-handle.js";
import type { Cell } from "./hostile-values.js";

export const THREAD = "victim";
const META = { source: "loop", step: 0, parents: {}, user: "ada" } as const;

const at = (id?: string, ns = "") => ({ configurable: { thread_id: THREAD, checkpoint_ns: ns, checkpoint_id: id } });

function next(parent: Checkpoint | undefined, changes: Record<string, unknown>): Checkpoint {
  const id = checkpointId(parent?.id);
  const written = Object.fromEntries(Object.keys(changes).map((channel) => [channel, id]));
  return {
    v: 4,
    id,
    ts: "2026-01-01T00:00:00.000Z",
    channel_values: { ...parent?.channel_values, ...changes },
    channel_versions: { ...parent?.channel_versions, ...written },
    versions_seen: { ...parent?.versions_seen, [`node${Object.keys(changes).length}`]: { ...parent?.channel_versions } },
  };
}

/** A file with everything in it: whole checkpoints and changes, writes, questions, decisions, a journal, a lease, a graph inside. */
export async function makeVictim(): Promise<{ readonly file: string; readonly ids: readonly string[] }> {
  const file = newFile();
  const saver = SqliteSaver.fromConnString(file);
  const ids: string[] = [];
  let parent: Checkpoint | undefined;
  const item = (n: number) => ({ id: `m${n}`, text: `message ${n}` });
  for (let n = 0; n < 6; n++) {
    const messages = [...((parent?.channel_values.messages as unknown[] | undefined) ?? []), item(n)];
    const edited = n === 3 ? messages.with(1, { id: "m1", text: "edited" }) : messages;
    const values = {
      messages: edited,
      dict: { ...(parent?.channel_values.dict as object), [`k${n}`]: new Date(n) },
      text: "t".repeat(100 + n),
    };
    const checkpoint = next(parent, n % 2 === 0 ? values : { messages: edited, seen: new Map([[n, new Set([n])]]) });
    await saver.put(at(parent?.id), checkpoint, { ...META, step: n }, {}, parent);
    await saver.putWrites(at(checkpoint.id), [["messages", item(n)]], `task${n}`);
    ids.push(checkpoint.id);
    parent = checkpoint;
  }
  const newest = at(ids.at(-1));
  const questions = ["q1", "q2"].map((id) => ({
    id,
    value: { ask: id },
    ns: ["gate:1"],
    at: "2026-01-01T00:00:00.000Z",
    terms: { assignees: ["ann"] },
  }));
  await saver.putWrites(newest, [["__interrupt__", questions]], "gate");
  const decision = { interruptId: "q1", value: { yes: true }, at: "2026-01-01T00:00:00.000Z", revision: 0 };
  await saver.recordDecisions(newest, [decision], [{ at: decision.at, kind: "decided", data: { id: "q1" } }]);
  await saver.appendJournal(THREAD, [{ at: decision.at, kind: "note", data: { list: [1, new Date(0)] } }]);
  await saver.put(at(undefined, "inner:1"), next(undefined, { a: 1 }), { ...META, parents: { "": ids.at(-1)! } }, {});
  await saver.acquireLease("leased", { id: "l", host: "h", pid: 1, expiresAt: Date.now() + 60_000 }, Date.now());
  saver.close();
  // One file, so that it can be copied.
  const single = newFile();
  const handle = openHandle(file);
  handle.exec(`VACUUM INTO '${single}'`);
  handle.close();
  return { file: single, ids };
}

/** Cells that a hostile hand may change. */
export interface CellPlace {
  readonly table: string;
  readonly column: string;
  readonly rowid: number;
}

const WITHOUT_ROWID = new Set(["holdpoint_lease", "holdpoint_assignee"]);

/** Every cell of every table of ours. */
export function cellsOf(file: string): CellPlace[] {
  const handle = openHandle(file);
  const tables = handle.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'holdpoint_%'").all() as {
    name: string;
  }[];
  const places: CellPlace[] = [];
  for (const { name } of tables) {
    const columns = handle.prepare(`SELECT name FROM pragma_table_info('${name}')`).all() as { name: string }[];
    const key = WITHOUT_ROWID.has(name) ? "row_number() OVER ()" : "rowid";
    for (const { id } of handle.prepare(`SELECT ${key} AS id FROM ${name}`).all() as { id: number }[]) {
      for (const column of columns) if (column.name !== "pk") places.push({ table: name, column: column.name, rowid: id });
    }
  }
  handle.close();
  return places;
}

/** A copy of the file with one cell changed. @returns undefined where the database itself does not take it */
export function damaged(file: string, { table, column, rowid }: CellPlace, change: (cell: Cell) => Cell): string | undefined {
  const copy = newFile();
  copyFileSync(file, copy);
  const handle = openHandle(copy);
  try {
    for (const { name } of handle.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as { name: string }[]) {
      handle.exec(`DROP TRIGGER ${name}`);
    }
    const where = WITHOUT_ROWID.has(table) ? "1 OR ? IS NULL" : "rowid = ?";
    const row = handle.prepare(`SELECT ${column} AS cell FROM ${table} WHERE ${where}`).get(rowid) as { cell: Cell };
    handle.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(change(row.cell) as never, rowid);
    return copy;
  } catch (error) {
    if (!/constraint|must be|datatype mismatch/i.test(String(error))) throw error;
    return undefined;
  } finally {
    handle.close();
  }
}
