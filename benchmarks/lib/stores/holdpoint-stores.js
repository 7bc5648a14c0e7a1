import { MemorySaver } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { openHoldpoint } from "./postgres-stores.js";
import { openDatabaseFile } from "./temporary-file.js";

/** Our saver on a new file. */
export function openSqlite() {
  const { database, bytes, remove } = openDatabaseFile();
  const saver = new SqliteSaver(database);
  return {
    saver,
    bytes,
    close() {
      saver.close();
      remove();
    },
  };
}

/** What our runtime saves with, by kind of store. */
export const holdpointStores = {
  none: () => ({}),
  memory: () => ({ saver: new MemorySaver(), keepsInMemory: true }),
  sqlite: openSqlite,
  postgres: openHoldpoint,
};
