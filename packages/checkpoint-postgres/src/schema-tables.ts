/** The tables of the first migration; see migrations.ts for what they hold. */
export const TABLES = `
CREATE TABLE hp.line (
  pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  thread text COLLATE "C" NOT NULL,
  ns text COLLATE "C" NOT NULL,
  UNIQUE (thread, ns)
);
CREATE TABLE hp.checkpoint (
  pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  line bigint NOT NULL,
  parent bigint,
  live bigint NOT NULL,
  chain bigint NOT NULL,
  patches integer NOT NULL,
  is_patch boolean NOT NULL,
  is_saved boolean NOT NULL,
  id text COLLATE "C" NOT NULL,
  parent_id text COLLATE "C",
  metadata text,
  metadata_bytes bytea,
  data text,
  bytes bytea
);
CREATE UNIQUE INDEX checkpoint_by_id ON hp.checkpoint (line, id);
CREATE TABLE hp.write (
  pk bigint GENERATED ALWAYS AS IDENTITY,
  checkpoint bigint NOT NULL,
  idx integer NOT NULL,
  revision integer,
  is_refused boolean,
  task text COLLATE "C" NOT NULL,
  channel text NOT NULL,
  data text,
  bytes bytea,
  PRIMARY KEY (checkpoint, task, idx)
);

CREATE TABLE hp.interrupt (
  pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  line bigint NOT NULL,
  at bigint NOT NULL,
  expires bigint,
  status smallint NOT NULL,
  checkpoint text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  task text COLLATE "C",
  graph text COLLATE "C",
  data text,
  bytes bytea
);
CREATE UNIQUE INDEX interrupt_by_id ON hp.interrupt (line, checkpoint, id);
CREATE INDEX interrupt_by_time ON hp.interrupt (status, at, pk);
CREATE INDEX interrupt_by_line ON hp.interrupt (line, status, at, pk);
CREATE INDEX interrupt_by_graph ON hp.interrupt (graph, status, at, pk) WHERE graph IS NOT NULL;
CREATE INDEX interrupt_by_deadline ON hp.interrupt (status, expires) WHERE expires IS NOT NULL;
CREATE TABLE hp.assignee (
  name text COLLATE "C" NOT NULL,
  status smallint NOT NULL,
  at bigint NOT NULL,
  place bigint NOT NULL REFERENCES hp.interrupt ON DELETE CASCADE,
  PRIMARY KEY (name, status, at, place)
);
CREATE INDEX assignee_by_place ON hp.assignee (place);

CREATE TABLE hp.lease (
  thread text COLLATE "C" PRIMARY KEY,
  id text NOT NULL,
  host text NOT NULL,
  pid bigint NOT NULL,
  expires double precision NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE hp.listener (
  pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seen timestamptz NOT NULL
) WITH (fillfactor = 50);

-- lz4 takes a fraction of the time of the default; not every build of PostgreSQL has it.
DO $do$
DECLARE place text;
BEGIN
  FOREACH place IN ARRAY ARRAY['checkpoint ALTER metadata', 'checkpoint ALTER data', 'write ALTER data', 'interrupt ALTER data'] LOOP
    EXECUTE 'ALTER TABLE hp.' || place || ' SET COMPRESSION lz4';
  END LOOP;
EXCEPTION WHEN OTHERS THEN NULL;
END $do$;
`;

/** The journal: rows are added, and nothing else. */
export const JOURNAL = `
CREATE TABLE hp.journal (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seq bigint NOT NULL,
  thread text COLLATE "C" NOT NULL,
  at text NOT NULL,
  kind text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  data text,
  bytes bytea
);
CREATE INDEX journal_by_thread ON hp.journal (thread, position);
CREATE FUNCTION hp.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The journal is append-only.';
END $$;
CREATE TRIGGER journal_change BEFORE UPDATE OR DELETE OR TRUNCATE ON hp.journal FOR EACH STATEMENT EXECUTE FUNCTION hp.refuse_change();
`;
