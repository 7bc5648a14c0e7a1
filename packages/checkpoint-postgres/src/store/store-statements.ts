// All SQL of the store, apart from its schema (store-migrations.ts). Every value is a bound parameter. `hp` stands for the schema.

const COLUMNS = "place, turn, created, updated, duration, namespace, key, data, bytes";
const NEWEST_FIRST = "ORDER BY place DESC, turn DESC";
/** What is over is not there, whether or not it was swept. */
const isLive = (now: string) => `(expires IS NULL OR expires > ${now})`;
/**
 * Leaves out what does not hold one of two texts, unless these say nothing of it; an empty one is in every text. What they let through is looked at
 * again.
 */
const mayMatch = (one: string, other: string) =>
  `(data IS NULL OR left(data, 7) = '{"~hp":' OR (strpos(data, ${one}) > 0 AND strpos(data, ${other}) > 0))`;

export const STORE_SQL = {
  findMigrations: "SELECT to_regclass('hp.store_migration') IS NOT NULL AS found",
  createMigrations: "CREATE TABLE IF NOT EXISTS hp.store_migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
  lastMigration: "SELECT coalesce(max(number), 0) AS number FROM hp.store_migration",
  addMigration: "INSERT INTO hp.store_migration (number) VALUES ($1)",

  get: `SELECT ${COLUMNS} FROM hp.document WHERE namespace = $1 AND key = $2 AND ${isLive("$3")}`,
  write: "SELECT hp.write_documents($1, $2, $3, $4, $5, $6, $7, $8, $9)",
  /**
   * Waits for what others write, and lets them write nothing more until the transaction ends. As the first statement of a transaction, it is done before
   * this has a snapshot.
   */
  lock: (ms: number) => `SET LOCAL lock_timeout = ${Math.trunc(ms)}; LOCK TABLE hp.document IN SHARE ROW EXCLUSIVE MODE`,
  /** One that somebody else has in hand gets a time of its own from them. Parameters: places, turns, now. */
  refresh: `
    UPDATE hp.document d SET expires = $3::bigint + d.duration
    FROM (
      SELECT place, turn FROM hp.document
      WHERE (place, turn) IN (SELECT * FROM unnest($1::bigint[], $2::integer[])) AND duration IS NOT NULL AND expires > $3
      FOR UPDATE SKIP LOCKED
    ) AS taken WHERE d.place = taken.place AND d.turn = taken.turn`,

  pageUnder: `
    SELECT ${COLUMNS} FROM hp.document WHERE namespace >= $1 AND namespace < $2 AND ${isLive("$3")} ${NEWEST_FIRST} LIMIT $4 OFFSET $5`,
  pageOfAll: `SELECT ${COLUMNS} FROM hp.document WHERE ${isLive("$1")} ${NEWEST_FIRST} LIMIT $2 OFFSET $3`,
  matchesUnder: `
    SELECT ${COLUMNS} FROM hp.document
    WHERE namespace >= $1 AND namespace < $2 AND ${isLive("$3")} AND ${mayMatch("$4", "$5")} AND (place, turn) < ($6, $7) ${NEWEST_FIRST} LIMIT $8`,
  matchesOfAll: `
    SELECT ${COLUMNS} FROM hp.document
    WHERE ${isLive("$1")} AND ${mayMatch("$2", "$3")} AND (place, turn) < ($4, $5) ${NEWEST_FIRST} LIMIT $6`,

  /** Goes from one namespace to the next by the index, whatever the number of documents in each. Parameters: from, to, now. */
  namespaces: `
    WITH RECURSIVE listed (namespace) AS (
      SELECT min(namespace) FROM hp.document WHERE namespace >= $1 AND namespace < $2
      UNION ALL
      SELECT (SELECT min(d.namespace) FROM hp.document d WHERE d.namespace > listed.namespace AND d.namespace < $2)
      FROM listed WHERE listed.namespace IS NOT NULL)
    SELECT namespace FROM listed l
    WHERE namespace IS NOT NULL AND EXISTS (SELECT 1 FROM hp.document d WHERE d.namespace = l.namespace AND ${isLive("$3")})`,

  sweep: "SELECT hp.sweep_documents($1, $2) AS swept",
} as const;
