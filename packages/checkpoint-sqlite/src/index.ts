export type { SqliteHandle, SqliteStatement, SqliteValue } from "./sqlite-handle.js";
export { type SqliteFileOptions, SqliteSaver, type SqliteSaverOptions } from "./sqlite-saver.js";
export { SqliteStore, type SqliteStoreFileOptions } from "./store/sqlite-store.js";
