/**
 * Changes of the schema, in order: append only. The first has number 1.
 *
 * A line is one namespace of a thread. A checkpoint is stored whole, or as a patch on its parent (`is_patch`); `live`, `chain` and
 * `patches` are its sizes (see RecordSizes). One without `data` stands only for the writes that came before it. `parent_id` is set
 * where the parent is not in the database. A write with a `revision` is a decision.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE holdpoint_line (
    pk INTEGER PRIMARY KEY,
    thread TEXT NOT NULL,
    ns TEXT NOT NULL,
    UNIQUE (thread, ns)
  );
  CREATE TABLE holdpoint_checkpoint (
    pk INTEGER PRIMARY KEY,
    line INTEGER NOT NULL,
    parent INTEGER,
    is_patch INTEGER NOT NULL,
    live INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    patches INTEGER NOT NULL,
    id TEXT NOT NULL,
    parent_id TEXT,
    metadata,
    data
  );
  CREATE UNIQUE INDEX holdpoint_checkpoint_by_id ON holdpoint_checkpoint (line, id);
  CREATE TABLE holdpoint_write (
    pk INTEGER PRIMARY KEY,
    checkpoint INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    revision INTEGER,
    task TEXT NOT NULL,
    channel TEXT NOT NULL,
    data NOT NULL
  );
  CREATE UNIQUE INDEX holdpoint_write_by_task ON holdpoint_write (checkpoint, task, idx);
  `,
];
