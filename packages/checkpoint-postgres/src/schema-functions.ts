// Functions of the first migration. Parameters are named in_…, what they return out_….

/** Taking turns, and telling listeners. */
export const TURNS = `
-- Waits for its turn at a thread, until the transaction ends. A statement of the function that comes after sees all that was done before.
CREATE FUNCTION hp.enter(in_key bigint, in_wait text, in_alone boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'This needs the isolation level "read committed". Set default_transaction_isolation for the role or the pool.';
  END IF;
  PERFORM set_config('lock_timeout', in_wait, true);
  IF in_alone THEN
    PERFORM pg_advisory_xact_lock(in_key);
  ELSE
    PERFORM pg_advisory_xact_lock_shared(in_key);
  END IF;
END $$;

-- Tells listeners of a change, when it is committed: kind "t" (thread) or "i" (interrupts), and the thread. Transactions that tell something are
-- committed one after the other, so nothing is told where nobody listens. The last turn that a transaction takes: a new listener waits for it, and
-- hears all that comes after.
CREATE FUNCTION hp.tell(in_kind text, in_thread text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('hp_channel', 0));
  PERFORM 1 FROM hp.listener WHERE seen > clock_timestamp() - interval '90 seconds' LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  -- A message has less than 8,000 bytes. For a longer name listeners are told to look for themselves.
  PERFORM pg_notify('hp_channel', CASE WHEN octet_length(in_thread) < 7900 THEN in_kind || in_thread ELSE 'g' END);
END $$;

-- From the end of the transaction on, everything is told to the listener that this names.
CREATE FUNCTION hp.add_listener() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE new_pk bigint;
BEGIN
  -- Whoever has something to tell waits behind this one. It gives up before they do.
  PERFORM set_config('lock_timeout', '3s', true);
  PERFORM pg_advisory_xact_lock(hashtextextended('hp_channel', 0));
  DELETE FROM hp.listener WHERE seen < clock_timestamp() - interval '1 hour';
  INSERT INTO hp.listener (seen) VALUES (clock_timestamp()) RETURNING pk INTO new_pk;
  RETURN new_pk;
END $$;

CREATE FUNCTION hp.line_of(in_thread text, in_ns text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found_pk bigint;
BEGIN
  SELECT pk INTO found_pk FROM hp.line WHERE thread = in_thread AND ns = in_ns;
  IF FOUND THEN RETURN found_pk; END IF;
  INSERT INTO hp.line (thread, ns) VALUES (in_thread, in_ns) ON CONFLICT DO NOTHING;
  SELECT pk INTO found_pk FROM hp.line WHERE thread = in_thread AND ns = in_ns;
  RETURN found_pk;
END $$;
`;

/** The index of questions. */
export const QUESTIONS = `
CREATE FUNCTION hp.move_assignees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE hp.assignee SET status = new.status WHERE place = new.pk;
  RETURN NULL;
END $$;
CREATE TRIGGER interrupt_moved AFTER UPDATE OF status ON hp.interrupt
  FOR EACH ROW WHEN (new.status <> old.status) EXECUTE FUNCTION hp.move_assignees();

-- Status of a question, as questionStatus() of @holdpoint/checkpoint tells it: 0 pending, 1 decided, 2 closed.
CREATE FUNCTION hp.status_of(in_point bigint, in_line bigint, in_checkpoint text, in_id text, in_task text) RETURNS smallint
LANGUAGE sql STABLE AS $$
  SELECT (CASE
    WHEN EXISTS (SELECT 1 FROM hp.write WHERE checkpoint = in_point AND task = in_id AND idx = -4 AND NOT is_refused) THEN 1
    WHEN in_task IS NULL
      OR EXISTS (SELECT 1 FROM hp.write WHERE checkpoint = in_point AND task = in_task AND idx >= 0)
      OR EXISTS (SELECT 1 FROM hp.checkpoint WHERE line = in_line AND id > in_checkpoint AND is_saved) THEN 2
    ELSE 0
  END)::smallint
$$;

-- The thread went on to a checkpoint: what stands beside older ones waits no more. Locked in the order of their keys first, so that two that
-- close the same questions never wait for each other.
CREATE FUNCTION hp.close_before(in_line bigint, in_checkpoint text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM hp.interrupt WHERE line = in_line AND status = 0 AND checkpoint < in_checkpoint ORDER BY pk FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE hp.interrupt SET status = 2 WHERE line = in_line AND status = 0 AND checkpoint < in_checkpoint;
  RETURN true;
END $$;

-- A task has finished: it waits for no answer.
CREATE FUNCTION hp.close_task(in_line bigint, in_checkpoint text, in_task text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM hp.interrupt WHERE line = in_line AND status = 0 AND checkpoint = in_checkpoint AND task = in_task ORDER BY pk FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE hp.interrupt SET status = 2 WHERE line = in_line AND status = 0 AND checkpoint = in_checkpoint AND task = in_task;
  RETURN true;
END $$;
`;

/** Leases. Together with what changes the thread, but not while something is alone with it: what is deleted is not leased. */
export const LEASES = `
-- Takes a lease that is free, one's own, or over by its time.
CREATE FUNCTION hp.take_lease(
  in_key bigint, in_wait text, in_thread text, in_id text, in_host text, in_pid bigint, in_expires double precision, in_now double precision
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hp.enter(in_key, in_wait, false);
  INSERT INTO hp.lease (thread, id, host, pid, expires) VALUES (in_thread, in_id, in_host, in_pid, in_expires)
  ON CONFLICT (thread) DO UPDATE SET id = excluded.id, host = excluded.host, pid = excluded.pid, expires = excluded.expires
  WHERE lease.id = excluded.id OR lease.expires <= in_now;
  RETURN FOUND;
END $$;

-- Takes the place of a holder that is gone, if it still is the holder.
CREATE FUNCTION hp.replace_lease(
  in_key bigint, in_wait text, in_thread text, in_id text, in_host text, in_pid bigint, in_expires double precision,
  in_gone text, in_gone_expires double precision
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hp.enter(in_key, in_wait, false);
  UPDATE hp.lease SET id = in_id, host = in_host, pid = in_pid, expires = in_expires
  WHERE thread = in_thread AND id = in_gone AND expires = in_gone_expires;
  RETURN FOUND;
END $$;
`;

/** What changes a thread within one statement. */
export const CHANGES = `
-- Saves a checkpoint; gives nothing if there is one with its id, or if the parent has gone or is another one meanwhile.
CREATE FUNCTION hp.put_checkpoint(
  in_key bigint, in_wait text, in_thread text, in_ns text,
  in_line bigint, in_parent bigint, in_parent_id text, in_id text,
  in_is_patch boolean, in_live bigint, in_chain bigint, in_patches integer,
  in_metadata text, in_metadata_bytes bytea, in_data text, in_bytes bytea,
  OUT out_line bigint, OUT out_pk bigint
) LANGUAGE plpgsql AS $$
DECLARE has_closed boolean := false;
BEGIN
  PERFORM hp.enter(in_key, in_wait, false);
  IF in_parent IS NULL THEN
    out_line := hp.line_of(in_thread, in_ns);
  ELSE
    SELECT line INTO out_line FROM hp.checkpoint WHERE pk = in_parent AND line = in_line AND id = in_parent_id AND is_saved;
    IF NOT FOUND THEN RETURN; END IF;
  END IF;
  INSERT INTO hp.checkpoint
    (line, parent, is_patch, live, chain, patches, is_saved, id, parent_id, metadata, metadata_bytes, data, bytes)
  VALUES (out_line, in_parent, in_is_patch, in_live, in_chain, in_patches, true, in_id,
    CASE WHEN in_parent IS NULL THEN in_parent_id END, in_metadata, in_metadata_bytes, in_data, in_bytes)
  ON CONFLICT DO NOTHING RETURNING pk INTO out_pk;
  IF NOT FOUND THEN RETURN; END IF;
  IF in_ns = '' THEN has_closed := hp.close_before(out_line, in_id); END IF;
  PERFORM hp.tell('t', in_thread);
  IF has_closed THEN PERFORM hp.tell('i', in_thread); END IF;
END $$;

-- Saves writes of a task, beside a checkpoint that may come later. A decision is never replaced by a write.
CREATE FUNCTION hp.save_writes(
  in_thread text, in_ns text, in_id text, in_task text, in_idx integer[], in_channel text[], in_data text[], in_bytes bytea[],
  OUT out_line bigint, OUT out_pk bigint
) LANGUAGE plpgsql AS $$
BEGIN
  out_line := hp.line_of(in_thread, in_ns);
  SELECT pk INTO out_pk FROM hp.checkpoint WHERE line = out_line AND id = in_id;
  IF NOT FOUND THEN
    INSERT INTO hp.checkpoint (line, is_patch, live, chain, patches, is_saved, id) VALUES (out_line, false, 0, 0, 0, false, in_id)
    ON CONFLICT DO NOTHING;
    SELECT pk INTO out_pk FROM hp.checkpoint WHERE line = out_line AND id = in_id;
  END IF;
  INSERT INTO hp.write (checkpoint, task, idx, channel, data, bytes)
  SELECT out_pk, in_task, w.idx, w.channel, w.data, w.bytes
  FROM unnest(in_idx, in_channel, in_data, in_bytes) AS w (idx, channel, data, bytes) ORDER BY w.idx
  ON CONFLICT (checkpoint, task, idx) DO UPDATE SET channel = excluded.channel, data = excluded.data, bytes = excluded.bytes
  WHERE excluded.idx < 0 AND write.revision IS NULL;
END $$;

CREATE FUNCTION hp.put_writes(
  in_key bigint, in_wait text, in_thread text, in_ns text, in_id text, in_task text, in_finishes boolean,
  in_idx integer[], in_channel text[], in_data text[], in_bytes bytea[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE point record;
  has_closed boolean := false;
BEGIN
  PERFORM hp.enter(in_key, in_wait, false);
  SELECT * INTO point FROM hp.save_writes(in_thread, in_ns, in_id, in_task, in_idx, in_channel, in_data, in_bytes);
  IF in_finishes AND in_ns = '' THEN has_closed := hp.close_task(point.out_line, in_id, in_task); END IF;
  PERFORM hp.tell('t', in_thread);
  IF has_closed THEN PERFORM hp.tell('i', in_thread); END IF;
END $$;

-- The same with the newest list of what the task asks, at a root checkpoint. in_owner and in_name are pairs: a question and one of its assignees.
CREATE FUNCTION hp.put_questions(
  in_key bigint, in_wait text, in_thread text, in_id text, in_task text,
  in_idx integer[], in_channel text[], in_data text[], in_bytes bytea[], in_now bigint,
  in_asked text[], in_at bigint[], in_expires bigint[], in_graph text[], in_shown text[], in_shown_bytes bytea[],
  in_owner text[], in_name text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE point record;
BEGIN
  PERFORM hp.enter(in_key, in_wait, true);
  SELECT * INTO point FROM hp.save_writes(in_thread, '', in_id, in_task, in_idx, in_channel, in_data, in_bytes);
  INSERT INTO hp.interrupt (line, at, expires, status, checkpoint, id, task, graph, data, bytes)
  SELECT point.out_line, coalesce(q.at, in_now), q.expires, hp.status_of(point.out_pk, point.out_line, in_id, q.id, in_task),
    in_id, q.id, in_task, q.graph, q.data, q.bytes
  FROM unnest(in_asked, in_at, in_expires, in_graph, in_shown, in_shown_bytes) WITH ORDINALITY AS q (id, at, expires, graph, data, bytes, n)
  ORDER BY q.n
  ON CONFLICT (line, checkpoint, id) DO UPDATE SET expires = excluded.expires, status = excluded.status, task = excluded.task,
    graph = excluded.graph, data = excluded.data, bytes = excluded.bytes;
  UPDATE hp.interrupt SET task = NULL, status = hp.status_of(point.out_pk, line, checkpoint, id, NULL)
  WHERE line = point.out_line AND checkpoint = in_id AND task = in_task AND id <> ALL (in_asked);
  DELETE FROM hp.assignee WHERE place IN (
    SELECT pk FROM hp.interrupt WHERE line = point.out_line AND checkpoint = in_id AND id = ANY (in_asked));
  INSERT INTO hp.assignee (name, status, at, place)
  SELECT a.name, i.status, i.at, i.pk
  FROM unnest(in_owner, in_name) AS a (owner, name)
    JOIN hp.interrupt i ON i.line = point.out_line AND i.checkpoint = in_id AND i.id = a.owner
  ON CONFLICT DO NOTHING;
  PERFORM hp.tell('t', in_thread), hp.tell('i', in_thread);
END $$;

-- Saves decisions that were found to follow those that stand, within a transaction that is alone with the thread.
CREATE FUNCTION hp.save_decisions(
  in_thread text, in_ns text, in_line bigint, in_point bigint, in_id text, in_channel text,
  in_asked text[], in_revision integer[], in_refused boolean[], in_data text[], in_bytes bytea[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hp.write (checkpoint, task, idx, revision, is_refused, channel, data, bytes)
  SELECT in_point, d.id, -4, d.revision, d.refused, in_channel, d.data, d.bytes
  FROM unnest(in_asked, in_revision, in_refused, in_data, in_bytes) AS d (id, revision, refused, data, bytes)
  ON CONFLICT (checkpoint, task, idx) DO UPDATE SET revision = excluded.revision, is_refused = excluded.is_refused,
    channel = excluded.channel, data = excluded.data, bytes = excluded.bytes;
  IF in_ns = '' THEN
    UPDATE hp.interrupt SET status = hp.status_of(in_point, line, checkpoint, id, task)
    WHERE line = in_line AND checkpoint = in_id AND id = ANY (in_asked);
  END IF;
  PERFORM hp.tell('t', in_thread), hp.tell('i', in_thread);
END $$;

CREATE FUNCTION hp.delete_thread(in_key bigint, in_wait text, in_thread text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE lines bigint[];
  had_questions boolean;
BEGIN
  PERFORM hp.enter(in_key, in_wait, true);
  lines := ARRAY (SELECT pk FROM hp.line WHERE thread = in_thread);
  IF cardinality(lines) = 0 THEN RETURN; END IF;
  DELETE FROM hp.interrupt WHERE line = ANY (lines);
  had_questions := FOUND;
  DELETE FROM hp.write WHERE checkpoint IN (SELECT pk FROM hp.checkpoint WHERE line = ANY (lines));
  DELETE FROM hp.checkpoint WHERE line = ANY (lines);
  DELETE FROM hp.line WHERE pk = ANY (lines);
  PERFORM hp.tell('t', in_thread);
  IF had_questions THEN PERFORM hp.tell('i', in_thread); END IF;
END $$;
`;
