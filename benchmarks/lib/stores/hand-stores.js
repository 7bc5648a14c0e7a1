// What somebody would write by hand to keep the steps of one loop: a log of what each step changed, by thread.
import { openByHand } from "./postgres-stores.js";
import { openDatabaseFile } from "./temporary-file.js";

/** Steps that share a transaction where a step need not be durable before the next: as many as our `async` durability leaves open. */
const GROUP = 64;

const none = () => ({ keepsNothing: true, append() {}, flush() {}, newest: () => undefined, list: () => [] });

function memory() {
  const threads = new Map();
  const log = (thread) => threads.get(thread) ?? [];
  return {
    keepsInMemory: true,
    append(thread, change) {
      const text = JSON.stringify(change);
      const known = threads.get(thread);
      if (known === undefined) threads.set(thread, [text]);
      else known.push(text);
    },
    flush() {},
    newest: (thread) => JSON.parse(log(thread).at(-1)),
    list: (thread, limit = Number.POSITIVE_INFINITY) => log(thread).slice(-limit).map(parse),
  };
}

/** An append-only table: the least that keeps each step, of several threads. */
function openTable() {
  const { database, bytes, remove } = openDatabaseFile();
  database.exec(`
    CREATE TABLE steps (id INTEGER PRIMARY KEY, thread TEXT NOT NULL, change TEXT NOT NULL);
    CREATE INDEX steps_of_thread ON steps (thread)`);
  const insert = database.prepare("INSERT INTO steps (thread, change) VALUES (?, ?)");
  const newest = database.prepare("SELECT change FROM steps WHERE thread = ? ORDER BY id DESC LIMIT 1");
  const list = database.prepare("SELECT change FROM (SELECT id, change FROM steps WHERE thread = ? ORDER BY id DESC LIMIT ?) ORDER BY id");
  return {
    database,
    bytes,
    append: (thread, change) => void insert.run(thread, JSON.stringify(change)),
    flush() {},
    newest: (thread) => JSON.parse(newest.get(thread).change),
    list: (thread, limit = -1) => list.all(thread, limit).map(({ change }) => JSON.parse(change)),
    close() {
      database.close();
      remove();
    },
  };
}

/** Commits 64 steps at a time, and what is left at the end of a run. */
function openGroupedTable() {
  const table = openTable();
  const { database } = table;
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  let open = 0;
  const flush = () => {
    if (open > 0) commit.run();
    open = 0;
  };
  return {
    ...table,
    append(thread, change) {
      if (open === 0) begin.run();
      table.append(thread, change);
      if (++open === GROUP) flush();
    },
    flush,
  };
}

const parse = (text) => JSON.parse(text);

/** By kind of store and durability. `append` is as synchronous as the driver: await it. */
export const handStores = {
  none,
  memory,
  postgres: openByHand,
  sqlite: (durability) => (durability === "async" ? openGroupedTable() : openTable()),
};
