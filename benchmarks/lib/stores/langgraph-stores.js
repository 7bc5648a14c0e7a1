import { MemorySaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { openLanggraph } from "./postgres-stores.js";
import { openDatabaseFile } from "./temporary-file.js";

/** The peer's saver on a new file, through the driver that ours uses: `better-sqlite3` is replaced by `libsql` in the root's package.json. */
function openSqlite() {
  const { database, bytes, remove } = openDatabaseFile();
  return {
    saver: new SqliteSaver(database),
    bytes,
    close() {
      database.close();
      remove();
    },
  };
}

/** What the peer saves with, by kind of store. */
export const langgraphStores = {
  none: () => ({}),
  memory: () => ({ saver: new MemorySaver(), keepsInMemory: true }),
  sqlite: openSqlite,
  postgres: openLanggraph,
};
