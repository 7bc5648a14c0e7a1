// All SQL of this package, apart from the schema (migrations.ts). Every value is a bound parameter. `hp` stands for the schema.

/** Looked up by itself, so that a line's checkpoints are walked by their index, whatever the statistics say. */
const LINE = "(SELECT pk FROM hp.line WHERE thread = $1 AND ns = $2)";

const HEAD_COLUMNS = `
  c.pk AS pk, c.line AS line, c.parent AS parent, c.is_patch AS "isPatch", c.live AS live, c.chain AS chain, c.patches AS patches,
  c.id AS id, coalesce(p.id, c.parent_id) AS "parentId"`;
const PARENT = "LEFT JOIN hp.checkpoint p ON p.pk = c.parent";

/** Checkpoints that others are stored as changes of, back to the last whole ones. A base is always older: no circles. */
const CHAIN = `
  SELECT c.pk, CASE WHEN c.is_patch THEN c.parent END FROM link JOIN hp.checkpoint c ON c.pk = link.base AND link.base < link.pk`;

/** One checkpoint with all that a tuple is made of, in one snapshot. `part` 0: its metadata; 1: its chain, itself included; 2: its writes. */
const readTuple = (one: string) => `
  WITH RECURSIVE head AS MATERIALIZED (
    SELECT ${HEAD_COLUMNS}, c.metadata AS data, c.metadata_bytes AS bytes
    FROM (SELECT * FROM hp.checkpoint WHERE line = ${LINE} AND is_saved ${one}) c ${PARENT}
  ), link (pk, base) AS (
    SELECT pk, CASE WHEN "isPatch" THEN parent END FROM head UNION ALL ${CHAIN}
  )
  SELECT 0 AS part, pk, line, parent AS base, "isPatch", live, chain, patches, id, "parentId" AS name, NULL::integer AS idx,
    NULL::integer AS revision, data, bytes
  FROM head
  UNION ALL
  SELECT 1, c.pk, c.line, link.base, NULL, NULL, NULL, NULL, c.id, NULL, NULL, NULL, c.data, c.bytes
  FROM link JOIN hp.checkpoint c ON c.pk = link.pk
  UNION ALL
  SELECT 2, w.pk, NULL, NULL, NULL, NULL, NULL, NULL, w.task, w.channel, w.idx, w.revision, w.data, w.bytes
  FROM head JOIN hp.write w ON w.checkpoint = head.pk`;

/**
 * Leaves out, before anything is decoded, what a filter excludes for certain: metadata whose text lacks a part that it must have. What is not JSON as
 * we write it goes through: the caller checks every row again.
 */
const MAY_MATCH = (filter: string) => `
  (${filter}::text[] IS NULL OR c.metadata IS NULL OR left(c.metadata, 7) = '{"~hp":' OR left(c.metadata, 1) || right(c.metadata, 1) <> '{}'
    OR NOT EXISTS (
    SELECT 1 FROM unnest(${filter}::text[]) AS f (part) WHERE strpos(c.metadata, f.part) = 0))`;

const LISTED_COLUMNS = `
  l.thread AS thread, l.ns AS ns, ${HEAD_COLUMNS}, c.data AS data, c.bytes AS bytes, c.metadata AS metadata, c.metadata_bytes AS "metadataBytes"`;
const LISTED = `SELECT ${LISTED_COLUMNS} FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk ${PARENT}`;

const ENTRY_COLUMNS = "position, thread, seq, at, kind, data, bytes, previous, hash";

export const SQL = {
  /** Statements are to see what others have committed. A process that stops in the middle must not keep its threads for ever. */
  begin: "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = '30s'",
  beginRead: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = '30s'",
  beginSnapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL idle_in_transaction_session_timeout = '30s'",
  commit: "COMMIT",
  rollback: "ROLLBACK",

  lockSetup: "SELECT pg_advisory_xact_lock($1)",
  readEncoding: "SELECT current_setting('server_encoding') AS encoding",
  /** Of the catalogue itself: `to_regnamespace` may answer from what the session knew before it waited for whoever made the schema. */
  findSchema: "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1) AS found",
  findMigrations: "SELECT to_regclass('hp.migration') IS NOT NULL AS found",
  createSchema: "CREATE SCHEMA IF NOT EXISTS hp_schema",
  createMigrations: "CREATE TABLE IF NOT EXISTS hp.migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
  lastMigration: "SELECT coalesce(max(number), 0) AS number FROM hp.migration",
  addMigration: "INSERT INTO hp.migration (number) VALUES ($1)",

  enterAlone: "SELECT hp.enter($1, $2, true)",

  /** A line, and in it the checkpoint of the id, if there is one. */
  findParent: `
    SELECT l.pk AS line, c.pk AS pk, c.live AS live, c.chain AS chain, c.patches AS patches
    FROM hp.line l LEFT JOIN hp.checkpoint c ON c.line = l.pk AND c.id = $3 AND c.is_saved
    WHERE l.thread = $1 AND l.ns = $2`,
  putCheckpoint: `
    SELECT out_line AS line, out_pk AS pk
    FROM hp.put_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
  findCheckpoint: `
    SELECT c.pk AS pk, c.line AS line, c.parent AS parent, c.is_patch AS "isPatch", c.is_saved AS "isSaved",
      c.metadata AS metadata, c.metadata_bytes AS "metadataBytes", c.data AS data, c.bytes AS bytes
    FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk
    WHERE l.thread = $1 AND l.ns = $2 AND c.id = $3`,
  patchChildren: "SELECT pk FROM hp.checkpoint WHERE line = $1 AND parent = $2 AND is_patch",
  makeWhole: "UPDATE hp.checkpoint SET is_patch = false, live = $1, chain = $2, patches = 0, data = $3, bytes = $4 WHERE pk = $5",
  renameCheckpoint: "UPDATE hp.checkpoint SET id = $1 WHERE pk = $2",
  deleteCheckpoint: "DELETE FROM hp.checkpoint WHERE pk = $1",
  moveChildren: "UPDATE hp.checkpoint SET parent = $1 WHERE line = $2 AND parent = $3",
  moveWrites: "UPDATE hp.write SET checkpoint = $1 WHERE checkpoint = $2",

  readNewest: readTuple("ORDER BY id DESC LIMIT 1"),
  readOne: readTuple("AND id = $3"),
  readChains: `
    WITH RECURSIVE link (pk, base) AS (
      SELECT pk, CASE WHEN is_patch THEN parent END FROM hp.checkpoint WHERE pk = ANY ($1)
      UNION ${CHAIN}
    )
    SELECT c.pk AS pk, c.line AS line, link.base AS base, c.id AS id, c.data AS data, c.bytes AS bytes
    FROM link JOIN hp.checkpoint c ON c.pk = link.pk`,
  readWrites: `
    SELECT checkpoint, pk, idx, revision, task AS id, channel AS name, data, bytes FROM hp.write WHERE checkpoint = ANY ($1) ORDER BY pk`,

  listLine: `
    SELECT ${LISTED_COLUMNS}
    FROM (
      SELECT * FROM hp.checkpoint c WHERE line = ${LINE} AND id < $3 AND is_saved AND ${MAY_MATCH("$4")} ORDER BY id DESC LIMIT $5
    ) c JOIN hp.line l ON l.pk = c.line ${PARENT}
    ORDER BY c.id DESC`,
  listThread: `${LISTED}
    WHERE l.thread = $1 AND c.id < $2 AND (c.id, c.pk) < ($3, $4) AND c.is_saved AND ${MAY_MATCH("$5")}
    ORDER BY c.id DESC, c.pk DESC LIMIT $6`,
  listNamespace: `${LISTED}
    WHERE l.ns = $1 AND c.id < $2 AND (c.id, c.pk) < ($3, $4) AND c.is_saved AND ${MAY_MATCH("$5")}
    ORDER BY c.id DESC, c.pk DESC LIMIT $6`,
  listAll: `${LISTED}
    WHERE c.id < $1 AND (c.id, c.pk) < ($2, $3) AND c.is_saved AND ${MAY_MATCH("$4")}
    ORDER BY c.id DESC, c.pk DESC LIMIT $5`,

  putWrites: "SELECT hp.put_writes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
  putQuestions: `
    SELECT hp.put_questions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
  /** A checkpoint, and the decisions beside it that stand for some interrupts. */
  readDecisions: `
    SELECT c.pk AS pk, c.line AS line, w.task AS id, w.data AS data, w.bytes AS bytes
    FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk
      LEFT JOIN hp.write w ON w.checkpoint = c.pk AND w.task = ANY ($4) AND w.idx = -4 AND w.revision IS NOT NULL
    WHERE l.thread = $1 AND l.ns = $2 AND c.id = $3 AND c.is_saved`,
  saveDecisions: "SELECT hp.save_decisions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
  saveCheckpoint: `
    SELECT out_line AS line, out_pk AS pk
    FROM hp.save_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
  appendCheckpoint: "SELECT hp.append_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS pk",
  /** See schema-groups.ts. The order of the parameters is that of GroupParameters. */
  saveGroup: `
    SELECT out_entered AS entered, out_leased AS leased, out_line AS lines, out_pk AS pks
    FROM hp.save_group(${Array.from({ length: 36 }, (_, at) => `$${at + 1}`).join(", ")})`,
  deleteThread: "SELECT hp.delete_thread($1, $2, $3)",

  takeLease: "SELECT hp.take_lease($1, $2, $3, $4, $5, $6, $7, $8) AS taken",
  readLease: "SELECT id, host, pid, expires FROM hp.lease WHERE thread = $1",
  replaceLease: "SELECT hp.replace_lease($1, $2, $3, $4, $5, $6, $7, $8, $9) AS taken",
  deleteLease: "DELETE FROM hp.lease WHERE thread = $1 AND id = $2",

  lastEntry: "SELECT seq, hash FROM hp.journal WHERE thread = $1 ORDER BY position DESC LIMIT 1",
  addEntries: `
    INSERT INTO hp.journal (thread, seq, at, kind, previous, hash, data, bytes)
    SELECT $1, e.seq, e.at, e.kind, e.previous, e.hash, e.data, e.bytes
    FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
      AS e (seq, at, kind, previous, hash, data, bytes)
    ORDER BY e.seq
    RETURNING position, seq`,
  readThreadJournal: `SELECT ${ENTRY_COLUMNS} FROM hp.journal WHERE thread = $1 AND position > $2 ORDER BY position LIMIT $3`,
  readJournal: `SELECT ${ENTRY_COLUMNS} FROM hp.journal WHERE position > $1 ORDER BY position LIMIT $2`,

  /** Threads in an order of their own. */
  threadsAfter: "SELECT DISTINCT thread FROM hp.line WHERE thread > $1 ORDER BY thread LIMIT $2",
  hasLines: "SELECT 1 AS found FROM hp.line WHERE thread = $1 LIMIT 1",
  /** What decides which checkpoints of a thread stay. The metadata counts in subgraphs alone. */
  readFacts: `
    SELECT c.pk AS pk, c.line AS line, l.ns AS ns, c.parent AS parent, c.is_patch AS "isPatch", c.id AS id, p.id AS "parentId",
      c.is_saved AS "isSaved", CASE WHEN l.ns <> '' THEN c.metadata END AS data, CASE WHEN l.ns <> '' THEN c.metadata_bytes END AS bytes,
      EXISTS (SELECT 1 FROM hp.interrupt i WHERE i.line = c.line AND i.status = 0 AND i.checkpoint = c.id) AS "isAsking"
    FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk ${PARENT}
    WHERE l.thread = $1`,
  deleteWrites: "DELETE FROM hp.write WHERE checkpoint = ANY ($1)",
  deleteInterrupts: `
    DELETE FROM hp.interrupt WHERE (line, checkpoint) IN (SELECT line, id FROM hp.checkpoint WHERE pk = ANY ($1)) RETURNING pk`,
  deleteCheckpoints: "DELETE FROM hp.checkpoint WHERE pk = ANY ($1)",
  dropParents: "UPDATE hp.checkpoint SET parent = NULL, parent_id = NULL WHERE pk = ANY ($1)",
  deleteEmptyLines: "DELETE FROM hp.line l WHERE thread = $1 AND NOT EXISTS (SELECT 1 FROM hp.checkpoint c WHERE c.line = l.pk)",
  tell: "SELECT hp.tell($1, $2)",

  hasCheckpoints: "SELECT 1 AS found FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk WHERE l.thread = $1 LIMIT 1",
  /** A change comes after what it is a change of: that has the smaller key. */
  exportCheckpoints: `
    SELECT l.ns AS ns, c.id AS id, coalesce(p.id, c.parent_id) AS "parentId", c.is_patch AS "isPatch", c.live AS live, c.chain AS chain,
      c.patches AS patches, c.metadata AS metadata, c.metadata_bytes AS "metadataBytes", c.data AS data, c.bytes AS bytes
    FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk ${PARENT}
    WHERE l.thread = $1 AND c.is_saved ORDER BY c.pk`,
  exportWrites: `
    SELECT l.ns AS ns, c.id AS checkpoint, w.task AS task, w.idx AS idx, w.channel AS channel, w.data AS data, w.bytes AS bytes,
      w.revision AS revision
    FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk JOIN hp.write w ON w.checkpoint = c.pk
    WHERE l.thread = $1 ORDER BY w.pk`,
  makeLine: "SELECT hp.line_of($1, $2) AS pk",
  newKeys: "SELECT nextval(pg_get_serial_sequence('hp.checkpoint', 'pk')) AS pk FROM generate_series(1, $1::integer)",
  importCheckpoints: `
    INSERT INTO hp.checkpoint
      (pk, line, parent, is_patch, is_saved, live, chain, patches, id, parent_id, metadata, metadata_bytes, data, bytes)
    OVERRIDING SYSTEM VALUE
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::boolean[], $6::bigint[], $7::bigint[], $8::integer[],
      $9::text[], $10::text[], $11::text[], $12::bytea[], $13::text[], $14::bytea[])`,
  /** The parent may come after one that is stored whole. */
  linkParents: `
    UPDATE hp.checkpoint c SET parent_id = NULL, parent = p.pk FROM hp.checkpoint p
    WHERE c.line = ANY ($1) AND c.parent_id IS NOT NULL AND p.line = c.line AND p.id = c.parent_id AND p.is_saved`,
  importWrites: `
    INSERT INTO hp.write (checkpoint, idx, revision, is_refused, task, channel, data, bytes)
    SELECT w.checkpoint, w.idx, w.revision, w.refused, w.task, w.channel, w.data, w.bytes
    FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::bytea[])
      WITH ORDINALITY AS w (checkpoint, idx, revision, refused, task, channel, data, bytes, n)
    ORDER BY w.n`,

  listen: 'LISTEN "hp_channel"',
  addListener: "SELECT hp.add_listener() AS pk",
  /** Nothing if it was silent for so long that it may not have been told everything. */
  keepListener:
    "UPDATE hp.listener SET seen = clock_timestamp() WHERE pk = $1 AND seen > clock_timestamp() - interval '60 seconds' RETURNING pk",
  removeListener: "DELETE FROM hp.listener WHERE pk = $1",
} as const;

const INBOX_COLUMNS = `
  i.pk AS place, i.at AS at, i.status AS status, i.id AS id, i.graph AS graph, i.checkpoint AS checkpoint, i.data AS data, i.bytes AS bytes,
  l.thread AS thread`;
const INBOX_LINE = "JOIN hp.line l ON l.pk = i.line";

/** Where a page starts from, by what it is narrowed to: the index that each of them has is sorted as the page is. */
export const INBOX_SOURCES = {
  status: { from: "hp.interrupt i", where: "i.status = ?", order: ["i.at", "i.pk"] },
  line: {
    from: "hp.interrupt i",
    where: "i.line = (SELECT pk FROM hp.line WHERE thread = ? AND ns = '') AND i.status = ?",
    order: ["i.at", "i.pk"],
  },
  graph: { from: "hp.interrupt i", where: "i.graph = ? AND i.status = ?", order: ["i.at", "i.pk"] },
  assignee: {
    from: "hp.assignee a JOIN hp.interrupt i ON i.pk = a.place",
    where: "a.name = ? AND a.status = ?",
    order: ["a.at", "a.place"],
  },
  deadline: { from: "hp.interrupt i", where: "i.expires < ? AND i.status = ?", order: ["i.at", "i.pk"] },
} as const;

export type InboxSource = keyof typeof INBOX_SOURCES;

export const INBOX_FILTERS = {
  graph: " AND i.graph = ?",
  expiresBefore: " AND i.expires < ?",
  assignee: " AND EXISTS (SELECT 1 FROM hp.assignee a WHERE a.place = i.pk AND a.name IN (?, ?))",
} as const;

export interface InboxPageShape {
  readonly source: InboxSource;
  /** Sorted runs that are merged: one for each status and name. */
  readonly runs: number;
  readonly filters: readonly (keyof typeof INBOX_FILTERS)[];
  readonly order: "newest" | "oldest";
}

/** The statement of a page. Parameters: of each run its key (if the source has one), status, cursor (at, place), those of the filters, limit; then the limit. */
export function inboxPage({ source, runs, filters, order }: InboxPageShape): string {
  const { from, where, order: by } = INBOX_SOURCES[source];
  const narrowed = filters.map((name) => INBOX_FILTERS[name]).join("");
  const [sign, direction] = order === "newest" ? ["<", "DESC"] : [">", "ASC"];
  const sorted = `ORDER BY ${by[0]} ${direction}, ${by[1]} ${direction} LIMIT ?`;
  const run = `SELECT ${INBOX_COLUMNS} FROM ${from} ${INBOX_LINE} WHERE ${where} AND (${by.join(", ")}) ${sign} (?, ?)${narrowed} ${sorted}`;
  const all = Array<string>(runs).fill(`(${run})`).join(" UNION ALL ");
  const page = `SELECT * FROM (${all}) AS page ORDER BY at ${direction}, place ${direction} LIMIT ?`;
  let count = 0;
  return page.replaceAll("?", () => `$${++count}`);
}

/** Counts of each thread, or of one, the largest first; and on each row those of all of them. Parameters: the limit; the thread, if it is one. */
export function threadStats(isOne: boolean): string {
  const where = isOne ? "WHERE l.thread = $2" : "";
  const length = (...columns: string[]) => columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(" + ");
  return `
    WITH saved AS (
      SELECT l.thread, count(*) FILTER (WHERE c.is_saved) AS checkpoints,
        sum(${length("c.data", "c.bytes", "c.metadata", "c.metadata_bytes")}) AS bytes
      FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk ${where} GROUP BY l.thread
    ), written AS (
      SELECT l.thread, count(*) AS writes, sum(${length("w.data", "w.bytes")}) AS bytes
      FROM hp.line l JOIN hp.checkpoint c ON c.line = l.pk JOIN hp.write w ON w.checkpoint = c.pk ${where} GROUP BY l.thread
    ), counted AS (
      SELECT s.thread, s.checkpoints, coalesce(w.writes, 0) AS writes, s.bytes + coalesce(w.bytes, 0) AS bytes
      FROM saved s LEFT JOIN written w ON w.thread = s.thread
    )
    SELECT thread, checkpoints, writes, bytes::bigint AS bytes, count(*) OVER () AS threads, sum(checkpoints) OVER ()::bigint AS "allCheckpoints",
      sum(writes) OVER ()::bigint AS "allWrites", sum(bytes) OVER ()::bigint AS "allBytes"
    FROM counted ORDER BY bytes DESC, thread LIMIT $1`;
}
