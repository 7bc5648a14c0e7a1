// All SQL of this package, apart from the schema (migrations.ts), and what is put together (inbox-statements.ts, stats-statement.ts). Every value is a bound parameter.
// No statement takes a single parameter that may be null or bytes: libsql would take it for a set of named ones.
// What is inserted is looked up within VALUES. SQLite sets the rows of an INSERT … SELECT aside first, where the table has a trigger or is read itself: that costs
// more than the insertion. Where nothing is found, a NOT NULL leaves the row out.

const HEAD_COLUMNS = `
  c.pk AS pk, c.parent AS parent, c.is_patch AS isPatch, c.live AS live, c.chain AS chain, c.patches AS patches, c.id AS id, coalesce(p.id, c.parent_id) AS parentId,
  EXISTS (SELECT 1 FROM holdpoint_write w WHERE w.checkpoint = c.pk) AS hasWrites, c.metadata AS metadata, c.data AS data`;

const LISTED = `
  SELECT l.thread AS thread, l.ns AS ns, ${HEAD_COLUMNS}
  FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk LEFT JOIN holdpoint_checkpoint p ON p.pk = c.parent`;

/**
 * Leaves out, before anything is decoded, what a filter excludes for certain. The filter is a JSON object of scalars, or null. What is not
 * JSON as we write it goes through: the caller checks every row again.
 */
const MAY_MATCH = `
  (? IS NULL OR typeof(c.metadata) <> 'text' OR NOT json_valid(c.metadata) OR substr(c.metadata, 1, 7) = '{"~hp":' OR NOT EXISTS (
    SELECT 1 FROM json_each(?) f WHERE NOT EXISTS (
      SELECT 1 FROM json_each(c.metadata) m WHERE m.key = f.key AND m.type = f.type AND m.atom IS f.atom)))`;

const ENTRY_COLUMNS = "position, thread, seq, at, kind, data AS stored, previous, hash";

export const SQL = {
  readFile: "SELECT file FROM pragma_database_list WHERE name = 'main'",
  begin: "BEGIN",
  beginWrite: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",

  setBusyTimeout: (ms: number) => `PRAGMA busy_timeout = ${Math.trunc(ms)}`,
  setSynchronous: (mode: "normal" | "full") => `PRAGMA synchronous = ${mode}`,
  /** Counts for new files only. A message of a kilobyte leaves a quarter of a smaller page empty. */
  setPageSize: "PRAGMA page_size = 8192",
  /** Pages of the log before it is written back. The more, the fewer times at which the disk is waited for; a page that changed often is written once. */
  setLogSize: "PRAGMA wal_autocheckpoint = 4000",
  readJournalMode: "PRAGMA journal_mode",
  setWriteAheadLog: "PRAGMA journal_mode = WAL",

  hasMigrations: "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = 'holdpoint_migration'",
  createMigrations: "CREATE TABLE IF NOT EXISTS holdpoint_migration (number INTEGER PRIMARY KEY, at TEXT NOT NULL)",
  lastMigration: "SELECT coalesce(max(number), 0) AS number FROM holdpoint_migration",
  addMigration: "INSERT INTO holdpoint_migration (number, at) VALUES (?, ?)",

  findParent: `
    SELECT c.pk AS pk, c.live AS live, c.chain AS chain, c.patches AS patches
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk
    WHERE l.thread = ? AND l.ns = ? AND c.id = ? AND c.data IS NOT NULL`,

  insertLine: "INSERT INTO holdpoint_line (thread, ns) VALUES (?, ?) ON CONFLICT DO NOTHING",

  /** Inserts a checkpoint unless there is one with its id. */
  insertCheckpoint: `
    INSERT OR IGNORE INTO holdpoint_checkpoint (line, parent, is_patch, live, chain, patches, id, parent_id, metadata, data)
    VALUES ((SELECT pk FROM holdpoint_line WHERE thread = ? AND ns = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** The first of a new line, whose row is known. */
  insertFirst: `
    INSERT INTO holdpoint_checkpoint (line, is_patch, live, chain, patches, id, parent_id, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** The same after a parent whose row is known, unless that is not the parent's row any more. */
  appendCheckpoint: `
    INSERT OR IGNORE INTO holdpoint_checkpoint (line, parent, is_patch, live, chain, patches, id, metadata, data)
    VALUES ((
      SELECT p.line FROM holdpoint_checkpoint p CROSS JOIN holdpoint_line l ON l.pk = p.line
      WHERE p.pk = ?1 AND p.id = ?2 AND p.data IS NOT NULL AND l.thread = ?3 AND l.ns = ?4
    ), ?1, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`,
  /** The same after one that was written in this transaction. */
  insertBehind: `
    INSERT INTO holdpoint_checkpoint (line, parent, is_patch, live, chain, patches, id, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`,
  lineOf: "SELECT line FROM holdpoint_checkpoint WHERE pk = ?",

  findCheckpoint: `
    SELECT c.pk AS pk, c.line AS line, c.parent AS parent, c.is_patch AS isPatch, c.metadata AS metadata, c.data AS data
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk
    WHERE l.thread = ? AND l.ns = ? AND c.id = ?`,
  /** The same for what is written beside it. */
  findPoint: `
    SELECT c.pk AS pk, c.line AS line, c.data IS NOT NULL AS isSaved
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk
    WHERE l.thread = ? AND l.ns = ? AND c.id = ?`,
  /** The same for a question; `isKnown` tells whether anything but "pending" is to be expected of it. Parameters: its task, twice its id, the place. */
  findPointToAsk: `
    SELECT c.pk AS pk, c.line AS line, c.data IS NOT NULL AS isSaved, (
      EXISTS (SELECT 1 FROM holdpoint_write w WHERE w.checkpoint = c.pk AND w.task = ? AND (w.idx >= 0 OR w.idx = -3))
      OR EXISTS (SELECT 1 FROM holdpoint_write w WHERE w.checkpoint = c.pk AND w.task = ? AND w.idx = -4)
      OR EXISTS (SELECT 1 FROM holdpoint_interrupt i WHERE i.line = c.line AND i.checkpoint = c.id AND i.id = ?)
      OR EXISTS (SELECT 1 FROM holdpoint_checkpoint n WHERE n.line = c.line AND n.id > c.id AND n.data IS NOT NULL)
    ) AS isKnown
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk
    WHERE l.thread = ? AND l.ns = ? AND c.id = ?`,
  patchChildren: "SELECT pk FROM holdpoint_checkpoint WHERE line = ? AND parent = ? AND is_patch = 1",
  makeWhole: "UPDATE holdpoint_checkpoint SET is_patch = 0, live = ?, chain = ?, patches = 0, data = ? WHERE pk = ?",
  renameCheckpoint: "UPDATE holdpoint_checkpoint SET id = ? WHERE pk = ?",
  deleteCheckpoint: "DELETE FROM holdpoint_checkpoint WHERE pk = ?",
  moveChildren: "UPDATE holdpoint_checkpoint SET parent = ? WHERE line = ? AND parent = ?",
  moveWrites: "UPDATE holdpoint_write SET checkpoint = ? WHERE checkpoint = ?",
  insertPlaceholder: `
    INSERT OR IGNORE INTO holdpoint_checkpoint (line, is_patch, live, chain, patches, id)
    VALUES ((SELECT pk FROM holdpoint_line WHERE thread = ? AND ns = ?), 0, 0, 0, 0, ?)`,

  readNewest: `
    SELECT ${HEAD_COLUMNS}
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk LEFT JOIN holdpoint_checkpoint p ON p.pk = c.parent
    WHERE l.thread = ? AND l.ns = ? AND c.data IS NOT NULL
    ORDER BY c.id DESC LIMIT 1`,
  readOne: `
    SELECT ${HEAD_COLUMNS}
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk LEFT JOIN holdpoint_checkpoint p ON p.pk = c.parent
    WHERE l.thread = ? AND l.ns = ? AND c.id = ? AND c.data IS NOT NULL`,
  /**
   * A checkpoint and those of its line that it is stored as a change of, back to the last whole one: each before its base, which is always older (no
   * circles). What is stored is looked up last: rows that wait in a recursion are copied.
   */
  readChain: `
    WITH RECURSIVE link (pk, line, base) AS (
      SELECT pk, line, CASE WHEN is_patch THEN parent END FROM holdpoint_checkpoint WHERE pk = ?
      UNION ALL
      SELECT c.pk, c.line, CASE WHEN c.is_patch THEN c.parent END
      FROM link CROSS JOIN holdpoint_checkpoint c ON c.pk = link.base AND link.base < link.pk AND c.line = link.line
    )
    SELECT c.pk AS pk, c.id AS id, c.data AS data FROM link CROSS JOIN holdpoint_checkpoint c ON c.pk = link.pk`,

  listLine: `${LISTED}
    WHERE l.thread = ? AND l.ns = ? AND c.id < ? AND c.data IS NOT NULL AND ${MAY_MATCH}
    ORDER BY c.id DESC LIMIT ?`,
  listThread: `${LISTED}
    WHERE l.thread = ? AND c.id < ? AND (c.id, c.pk) < (?, ?) AND c.data IS NOT NULL AND ${MAY_MATCH}
    ORDER BY c.id DESC, c.pk DESC LIMIT ?`,
  listNamespace: `${LISTED}
    WHERE l.ns = ? AND c.id < ? AND (c.id, c.pk) < (?, ?) AND c.data IS NOT NULL AND ${MAY_MATCH}
    ORDER BY c.id DESC, c.pk DESC LIMIT ?`,
  listAll: `${LISTED}
    WHERE c.id < ? AND (c.id, c.pk) < (?, ?) AND c.data IS NOT NULL AND ${MAY_MATCH}
    ORDER BY c.id DESC, c.pk DESC LIMIT ?`,

  /** Keys of deleted rows are used again: by another thread, or by a placeholder. */
  isThere: `
    SELECT 1 AS found FROM holdpoint_checkpoint c JOIN holdpoint_line l ON l.pk = c.line
    WHERE c.pk = ? AND c.id = ? AND l.thread = ? AND l.ns = ? AND c.data IS NOT NULL`,

  /** What stands beside several checkpoints, whose keys are a JSON array. */
  readWritesOf: `
    SELECT checkpoint, task, idx, channel, data, revision FROM holdpoint_write
    WHERE checkpoint IN (SELECT value FROM json_each(?)) ORDER BY pk`,
  readWrites: "SELECT task, idx, channel, data, revision FROM holdpoint_write WHERE checkpoint = ? ORDER BY pk",
  addWrite: `
    INSERT INTO holdpoint_write (checkpoint, idx, task, channel, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`,
  /** The same in one statement, where the checkpoint is there. */
  addWriteTo: `
    INSERT OR IGNORE INTO holdpoint_write (checkpoint, idx, task, channel, data)
    VALUES ((
      SELECT c.pk FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk WHERE l.thread = ? AND l.ns = ? AND c.id = ?
    ), ?, ?, ?, ?)`,
  /** The same for so many rows. */
  addWrites: (rows: number) => `
    INSERT OR IGNORE INTO holdpoint_write (checkpoint, idx, task, channel, data) VALUES (?, ?, ?, ?, ?)${", (?, ?, ?, ?, ?)".repeat(rows - 1)}`,
  /** A decision is never replaced by a write. */
  replaceWrite: `
    INSERT INTO holdpoint_write (checkpoint, idx, task, channel, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (checkpoint, task, idx) DO UPDATE SET channel = excluded.channel, data = excluded.data WHERE revision IS NULL`,
  readDecision: "SELECT data FROM holdpoint_write WHERE checkpoint = ? AND task = ? AND idx = ? AND revision IS NOT NULL",
  saveDecision: `
    INSERT INTO holdpoint_write (checkpoint, idx, revision, task, channel, data) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (checkpoint, task, idx) DO UPDATE SET revision = excluded.revision, channel = excluded.channel, data = excluded.data`,

  findLine: "SELECT pk FROM holdpoint_line WHERE thread = ? AND ns = ?",
  hasLater: "SELECT 1 AS found FROM holdpoint_checkpoint WHERE line = ? AND id > ? AND data IS NOT NULL LIMIT 1",
  hasFinished: "SELECT 1 AS found FROM holdpoint_write WHERE checkpoint = ? AND task = ? AND idx >= 0 LIMIT 1",
  findInterrupt: "SELECT pk, at, task FROM holdpoint_interrupt WHERE line = ? AND checkpoint = ? AND id = ?",
  interruptsOfTask: "SELECT pk, id FROM holdpoint_interrupt WHERE line = ? AND checkpoint = ? AND task = ?",
  addInterrupt: `
    INSERT INTO holdpoint_interrupt (pk, place, line, at, status, expires, checkpoint, id, assigned, task, graph, data)
    VALUES (
      (SELECT coalesce(max(pk), 0) + 1 FROM holdpoint_interrupt), (SELECT coalesce(max(pk), 0) + 1 FROM holdpoint_interrupt),
      ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
    )`,
  changeInterrupt: "UPDATE holdpoint_interrupt SET status = ?, expires = ?, assigned = ?, task = ?, graph = ?, data = ? WHERE pk = ?",
  dropInterrupt: "UPDATE holdpoint_interrupt SET status = ?, task = NULL WHERE pk = ?",
  settleInterrupt: "UPDATE holdpoint_interrupt SET status = ? WHERE pk = ?",
  decideInterrupt: "UPDATE holdpoint_interrupt SET status = 1 WHERE line = ? AND checkpoint = ? AND id = ? AND status <> 1",
  removeAssignees: "DELETE FROM holdpoint_assignee WHERE place = ?",
  addAssignee: "INSERT INTO holdpoint_assignee (name, status, at, place) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  /** Questions that were saved before there was an index, in the order in which they came. */
  savedInterrupts: `
    SELECT w.pk AS pk, w.checkpoint AS point, w.task AS task, w.data AS data, c.id AS checkpoint, c.line AS line, l.thread AS thread
    FROM holdpoint_write w JOIN holdpoint_checkpoint c ON c.pk = w.checkpoint JOIN holdpoint_line l ON l.pk = c.line
    WHERE w.pk > ? AND w.idx = -3 AND w.channel = ? AND l.ns = '' ORDER BY w.pk LIMIT ?`,

  /** Takes a lease that is free, out of date, or one's own. */
  takeLease: `
    INSERT INTO holdpoint_lease (thread, id, host, pid, expires) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (thread) DO UPDATE SET id = excluded.id, host = excluded.host, pid = excluded.pid, expires = excluded.expires
    WHERE holdpoint_lease.id = excluded.id OR holdpoint_lease.expires <= ?`,
  readLease: "SELECT id, host, pid, expires FROM holdpoint_lease WHERE thread = ?",
  saveLease: `
    INSERT INTO holdpoint_lease (thread, id, host, pid, expires) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (thread) DO UPDATE SET id = excluded.id, host = excluded.host, pid = excluded.pid, expires = excluded.expires`,
  deleteLease: "DELETE FROM holdpoint_lease WHERE thread = ? AND id = ?",

  lastEntry: "SELECT seq, hash FROM holdpoint_journal WHERE thread = ? ORDER BY position DESC LIMIT 1",
  addEntry: "INSERT INTO holdpoint_journal (thread, seq, at, kind, previous, hash, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
  readThreadJournal: `SELECT ${ENTRY_COLUMNS} FROM holdpoint_journal WHERE thread = ? AND position > ? ORDER BY position LIMIT ?`,
  readJournal: `SELECT ${ENTRY_COLUMNS} FROM holdpoint_journal WHERE position > ? ORDER BY position LIMIT ?`,

  /** Threads in an order of their own. */
  threadsAfter: "SELECT DISTINCT thread FROM holdpoint_line WHERE thread > ? ORDER BY thread LIMIT ?",
  hasLines: "SELECT 1 AS found FROM holdpoint_line WHERE thread = ? LIMIT 1",
  /** What decides which checkpoints of a thread stay. The metadata counts in subgraphs alone. */
  readFacts: `
    SELECT c.pk AS pk, c.line AS line, l.ns AS ns, c.parent AS parent, c.is_patch AS isPatch, c.id AS id, p.id AS parentId,
      c.data IS NOT NULL AS isSaved, CASE WHEN l.ns <> '' THEN c.metadata END AS metadata,
      EXISTS (SELECT 1 FROM holdpoint_interrupt i WHERE i.line = c.line AND i.status = 0 AND i.checkpoint = c.id) AS isAsking
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk LEFT JOIN holdpoint_checkpoint p ON p.pk = c.parent
    WHERE l.thread = ?`,
  deleteWrites: "DELETE FROM holdpoint_write WHERE checkpoint = ?",
  deleteInterrupts: "DELETE FROM holdpoint_interrupt WHERE line = ? AND checkpoint = ?",
  dropParent: "UPDATE holdpoint_checkpoint SET parent = NULL, parent_id = NULL WHERE pk = ?",
  deleteEmptyLines: `
    DELETE FROM holdpoint_line WHERE thread = ? AND NOT EXISTS (SELECT 1 FROM holdpoint_checkpoint c WHERE c.line = holdpoint_line.pk)`,
  vacuum: "VACUUM",
  truncateLog: "PRAGMA wal_checkpoint(TRUNCATE)",

  hasCheckpoints: `
    SELECT 1 AS found FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk WHERE l.thread = ? LIMIT 1`,
  /** A change comes after what it is a change of: that has the smaller key. */
  exportCheckpoints: `
    SELECT l.ns AS ns, c.id AS id, coalesce(p.id, c.parent_id) AS parentId, c.is_patch AS isPatch, c.live AS live, c.chain AS chain,
      c.patches AS patches, c.metadata AS metadata, c.data AS data
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk LEFT JOIN holdpoint_checkpoint p ON p.pk = c.parent
    WHERE l.thread = ? AND c.data IS NOT NULL ORDER BY c.pk`,
  exportWrites: `
    SELECT l.ns AS ns, c.id AS checkpoint, w.task AS task, w.idx AS idx, w.channel AS channel, w.data AS data, w.revision AS revision
    FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk JOIN holdpoint_write w ON w.checkpoint = c.pk
    WHERE l.thread = ? ORDER BY w.pk`,
  importCheckpoint: `
    INSERT INTO holdpoint_checkpoint (line, parent, is_patch, live, chain, patches, id, parent_id, metadata, data)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** The parent may come after one that is stored whole. */
  linkParents: `
    UPDATE holdpoint_checkpoint SET parent_id = NULL, parent = (
      SELECT p.pk FROM holdpoint_checkpoint p WHERE p.line = holdpoint_checkpoint.line AND p.id = holdpoint_checkpoint.parent_id)
    WHERE line = ? AND parent_id IS NOT NULL AND EXISTS (
      SELECT 1 FROM holdpoint_checkpoint p WHERE p.line = holdpoint_checkpoint.line AND p.id = holdpoint_checkpoint.parent_id AND p.data IS NOT NULL)`,
  importWrite: "INSERT INTO holdpoint_write (checkpoint, idx, revision, task, channel, data) VALUES (?, ?, ?, ?, ?, ?)",

  deleteInterruptsOfThread: "DELETE FROM holdpoint_interrupt WHERE line IN (SELECT pk FROM holdpoint_line WHERE thread = ?)",
  deleteWritesOfThread: `
    DELETE FROM holdpoint_write WHERE checkpoint IN (
      SELECT c.pk FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk WHERE l.thread = ?)`,
  deleteCheckpointsOfThread: "DELETE FROM holdpoint_checkpoint WHERE line IN (SELECT pk FROM holdpoint_line WHERE thread = ?)",
  deleteLinesOfThread: "DELETE FROM holdpoint_line WHERE thread = ?",
} as const;
