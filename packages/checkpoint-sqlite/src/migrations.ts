/**
 * Changes of the schema, in order: append only. The first has number 1.
 *
 * A line is one namespace of a thread. A checkpoint is stored whole, or as a patch on its parent (`is_patch`); `live`, `chain` and
 * `patches` are its sizes (see RecordSizes). One without `data` stands only for the writes that came before it. `parent_id` is set
 * where the parent is not in the database. A write with a `revision` is a decision.
 *
 * An interrupt is a question beside a root checkpoint: an index over what the writes say, kept in the same transactions (InterruptIndex).
 * `task` asks it; null once it does not any more. `place` equals `pk`: the key of a row cannot end an index on which a page starts in the
 * middle. An assignee repeats the place of the question in the order, for each name; a question without any is not `assigned`.
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
  `
  CREATE TABLE holdpoint_lease (
    thread TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    expires REAL NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE holdpoint_interrupt (
    pk INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    line INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    expires INTEGER,
    checkpoint TEXT NOT NULL,
    id TEXT NOT NULL,
    task TEXT,
    graph TEXT,
    data NOT NULL
  );
  CREATE UNIQUE INDEX holdpoint_interrupt_by_id ON holdpoint_interrupt (line, checkpoint, id);
  CREATE INDEX holdpoint_interrupt_by_time ON holdpoint_interrupt (status, at, place);
  CREATE INDEX holdpoint_interrupt_by_line ON holdpoint_interrupt (line, status, at, place);
  CREATE INDEX holdpoint_interrupt_by_graph ON holdpoint_interrupt (graph, status, at, place) WHERE graph IS NOT NULL;
  CREATE INDEX holdpoint_interrupt_by_deadline ON holdpoint_interrupt (status, expires) WHERE expires IS NOT NULL;

  CREATE TABLE holdpoint_assignee (
    name TEXT NOT NULL,
    status INTEGER NOT NULL,
    at INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (name, status, at, place)
  ) WITHOUT ROWID;
  CREATE INDEX holdpoint_assignee_by_place ON holdpoint_assignee (place);
  CREATE TRIGGER holdpoint_interrupt_moved AFTER UPDATE OF status ON holdpoint_interrupt WHEN new.status <> old.status BEGIN
    UPDATE holdpoint_assignee SET status = new.status WHERE place = new.place;
  END;
  CREATE TRIGGER holdpoint_interrupt_deleted AFTER DELETE ON holdpoint_interrupt BEGIN
    DELETE FROM holdpoint_assignee WHERE place = old.place;
  END;

  CREATE TABLE holdpoint_journal (
    position INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    thread TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    data NOT NULL
  );
  CREATE INDEX holdpoint_journal_by_thread ON holdpoint_journal (thread);
  CREATE TRIGGER holdpoint_journal_update BEFORE UPDATE ON holdpoint_journal BEGIN
    SELECT raise(ABORT, 'The journal is append-only.');
  END;
  CREATE TRIGGER holdpoint_journal_delete BEFORE DELETE ON holdpoint_journal BEGIN
    SELECT raise(ABORT, 'The journal is append-only.');
  END;
  CREATE TRIGGER holdpoint_journal_replace BEFORE INSERT ON holdpoint_journal
  WHEN EXISTS (SELECT 1 FROM holdpoint_journal WHERE position = new.position) BEGIN
    SELECT raise(ABORT, 'The journal is append-only.');
  END;
  `,
  // What stands beside an older checkpoint waits no more once the thread has gone on, nor does what a task asks that has finished.
  `
  CREATE TRIGGER holdpoint_interrupt_passed AFTER INSERT ON holdpoint_checkpoint WHEN new.data IS NOT NULL BEGIN
    UPDATE holdpoint_interrupt SET status = 2 WHERE line = new.line AND status = 0 AND checkpoint < new.id;
  END;
  CREATE TRIGGER holdpoint_interrupt_done AFTER INSERT ON holdpoint_write WHEN new.idx >= 0 AND EXISTS (
    SELECT 1 FROM holdpoint_checkpoint c JOIN holdpoint_interrupt i ON i.line = c.line AND i.status = 0 WHERE c.pk = new.checkpoint
  ) BEGIN
    UPDATE holdpoint_interrupt SET status = 2
    WHERE (line, checkpoint) = (SELECT c.line, c.id FROM holdpoint_checkpoint c WHERE c.pk = new.checkpoint) AND status = 0 AND task = new.task;
  END;
  `,
  // The plus keeps the planner from the index by id, in which it would look through every question that the thread has ever asked.
  `
  DROP TRIGGER holdpoint_interrupt_passed;
  CREATE TRIGGER holdpoint_interrupt_passed AFTER INSERT ON holdpoint_checkpoint WHEN new.data IS NOT NULL BEGIN
    UPDATE holdpoint_interrupt SET status = 2 WHERE line = new.line AND status = 0 AND +checkpoint < new.id;
  END;
  `,
  // A question for everybody is found by what it says of itself, without a row among the assignees. A trigger that changes rows sets them aside first,
  // even where there are none: what a step costs should not count that.
  `
  ALTER TABLE holdpoint_interrupt ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0;
  UPDATE holdpoint_interrupt SET assigned = 1
  WHERE EXISTS (SELECT 1 FROM holdpoint_assignee a WHERE a.place = holdpoint_interrupt.place AND a.name <> char(1));
  DELETE FROM holdpoint_assignee WHERE name = char(1);
  DROP INDEX holdpoint_interrupt_by_time;
  CREATE INDEX holdpoint_interrupt_by_time ON holdpoint_interrupt (assigned, status, at, place);

  DROP TRIGGER holdpoint_interrupt_moved;
  CREATE TRIGGER holdpoint_interrupt_moved AFTER UPDATE OF status ON holdpoint_interrupt WHEN new.assigned = 1 AND new.status <> old.status BEGIN
    UPDATE holdpoint_assignee SET status = new.status WHERE place = new.place;
  END;
  DROP TRIGGER holdpoint_interrupt_passed;
  CREATE TRIGGER holdpoint_interrupt_passed AFTER INSERT ON holdpoint_checkpoint WHEN new.data IS NOT NULL AND EXISTS (
    SELECT 1 FROM holdpoint_interrupt WHERE line = new.line AND status = 0 AND +checkpoint < new.id
  ) BEGIN
    UPDATE holdpoint_interrupt SET status = 2 WHERE line = new.line AND status = 0 AND +checkpoint < new.id;
  END;
  `,
];
