// All SQL of the store, apart from its schema (store-migrations.ts). Every value is a bound parameter.
// No statement takes a single parameter that may be null or bytes: libsql would take it for a set of named ones.

/** What is over is not there, whether or not it was swept. Parameter: now. */
const IS_LIVE = "(expires IS NULL OR expires > ?)";
/**
 * Leaves out what does not hold one of two texts, unless these say nothing of it. Parameters: the texts; an empty one is in every text. What they let
 * through is looked at again.
 */
const MAY_MATCH = `(typeof(data) <> 'text' OR substr(data, 1, 7) = '{"~hp":' OR (instr(data, ?) > 0 AND instr(data, ?) > 0))`;
const COLUMNS = "pk, created, updated, duration, namespace, key, data";

export const STORE_SQL = {
  hasMigrations: "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = 'holdpoint_store_migration'",
  createMigrations: "CREATE TABLE IF NOT EXISTS holdpoint_store_migration (number INTEGER PRIMARY KEY, at TEXT NOT NULL)",
  lastMigration: "SELECT coalesce(max(number), 0) AS number FROM holdpoint_store_migration",
  addMigration: "INSERT INTO holdpoint_store_migration (number, at) VALUES (?, ?)",

  get: `SELECT ${COLUMNS} FROM holdpoint_document WHERE namespace = ? AND key = ? AND ${IS_LIVE}`,
  put: `
    INSERT OR REPLACE INTO holdpoint_document (created, updated, duration, expires, namespace, key, data)
    VALUES (coalesce((SELECT created FROM holdpoint_document WHERE namespace = ? AND key = ? AND ${IS_LIVE}), ?), ?, ?, ?, ?, ?, ?)`,
  delete: "DELETE FROM holdpoint_document WHERE namespace = ? AND key = ?",
  refresh: "UPDATE holdpoint_document SET expires = ? + duration WHERE pk = ? AND duration IS NOT NULL AND expires > ?",

  /** Sorting the keys alone leaves the values of what is not on the page unread. */
  pageUnder: `SELECT pk FROM holdpoint_document WHERE namespace >= ? AND namespace < ? AND ${IS_LIVE} ORDER BY pk DESC LIMIT ? OFFSET ?`,
  pageOfAll: `SELECT pk FROM holdpoint_document WHERE ${IS_LIVE} ORDER BY pk DESC LIMIT ? OFFSET ?`,
  matchesUnder: `SELECT pk FROM holdpoint_document WHERE namespace >= ? AND namespace < ? AND ${IS_LIVE} AND ${MAY_MATCH} ORDER BY pk DESC`,
  matchesBefore: `SELECT pk FROM holdpoint_document WHERE pk < ? AND ${IS_LIVE} AND ${MAY_MATCH} ORDER BY pk DESC LIMIT ?`,
  /** Parameter: the keys, as a JSON list. */
  read: `SELECT ${COLUMNS} FROM holdpoint_document WHERE pk IN (SELECT value FROM json_each(?)) ORDER BY pk DESC`,

  /** Goes from one namespace to the next by the index, whatever the number of documents in each. Parameters: from, to, to, now. */
  namespaces: `
    WITH RECURSIVE listed (namespace) AS (
      SELECT min(namespace) FROM holdpoint_document WHERE namespace >= ? AND namespace < ?
      UNION ALL
      SELECT (SELECT min(d.namespace) FROM holdpoint_document d WHERE d.namespace > listed.namespace AND d.namespace < ?)
      FROM listed WHERE listed.namespace IS NOT NULL)
    SELECT namespace FROM listed l
    WHERE namespace IS NOT NULL AND EXISTS (SELECT 1 FROM holdpoint_document d WHERE d.namespace = l.namespace AND ${IS_LIVE})`,

  sweep: "DELETE FROM holdpoint_document WHERE pk IN (SELECT pk FROM holdpoint_document WHERE expires <= ? LIMIT ?)",
} as const;
