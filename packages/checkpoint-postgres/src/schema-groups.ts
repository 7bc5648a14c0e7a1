/**
 * Functions of the second migration: many changes, of many threads, in one call. Numbers are places, from 1 on, in another list of the call: a line names
 * its thread, a checkpoint its line (`in_at`) and a parent that is saved with it (`in_base`),
 * writes their line (`in_beside`) and a checkpoint that is saved with them (`in_new`), a row its writes (`in_of`).
 */
export const GROUPS = `
-- Tells of many threads what hp.tell tells of one, where somebody listens.
CREATE FUNCTION hp.tell_all(in_changed text[], in_asked text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('hp_channel', CASE WHEN octet_length(m.thread) < 7900 THEN m.kind || m.thread ELSE 'g' END)
  FROM (
    SELECT DISTINCT 't' AS kind, thread FROM unnest(in_changed) AS c (thread)
    UNION ALL SELECT DISTINCT 'i', thread FROM unnest(in_asked) AS c (thread)
  ) AS m;
END $$;

-- Keys for new rows of a table. With the rights of whoever made the schema: others need none on sequences.
CREATE FUNCTION hp.new_keys(in_table text, in_count integer) RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE place regclass := pg_get_serial_sequence('hp.' || in_table, 'pk');
BEGIN
  RETURN ARRAY(SELECT nextval(place) FROM generate_series(1, in_count));
END $$;

-- Closes the questions beside checkpoints older than those of the two lists, and those of tasks that have finished. Locked in the order of their keys,
-- whatever asks for it. Gives the lines of those that were closed.
CREATE FUNCTION hp.close_questions(
  in_line bigint[], in_id text[], in_task_line bigint[], in_point text[], in_task text[], OUT out_lines bigint[]
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE open bigint[];
BEGIN
  out_lines := '{}';
  -- OFFSET 0: line by line, by the index, however small the table was when this was planned.
  open := ARRAY(
    SELECT q.pk FROM unnest(in_line, in_id) AS c (line, id) CROSS JOIN LATERAL (
      SELECT i.pk FROM hp.interrupt i WHERE i.line = c.line AND i.status = 0 AND i.checkpoint < c.id OFFSET 0) AS q
    UNION ALL SELECT q.pk FROM unnest(in_task_line, in_point, in_task) AS w (line, point, task) CROSS JOIN LATERAL (
      SELECT i.pk FROM hp.interrupt i WHERE i.line = w.line AND i.status = 0 AND i.checkpoint = w.point AND i.task = w.task OFFSET 0) AS q);
  IF cardinality(open) = 0 THEN RETURN; END IF;
  PERFORM 1 FROM hp.interrupt WHERE pk = ANY (open) ORDER BY pk FOR UPDATE;
  WITH closed AS (UPDATE hp.interrupt SET status = 2 WHERE pk = ANY (open) AND status = 0 RETURNING line)
  SELECT coalesce(array_agg(DISTINCT line), '{}') INTO out_lines FROM closed;
END $$;

-- Makes the changes of a group, or none of them. Never waits for its turn at a thread: all changes of a thread that cannot be entered at once are left
-- to others, and so are those of which one needs a closer look (a checkpoint whose id is there already or whose parent is not, writes beside a checkpoint
-- that is not there). out_entered says of each thread whether its changes were made. A lease that somebody has is not taken.
-- No scans: a plan that was made while a table was small stays in use when it has grown, until the server counts its rows again.
CREATE FUNCTION hp.save_group(
  in_wait text, in_key bigint[], in_thread text[],
  in_gone integer[], in_gone_id text[],
  in_wanted integer[], in_lease text[], in_host text[], in_pid bigint[], in_expires double precision[], in_now double precision,
  in_line integer[], in_ns text[],
  in_at integer[], in_parent bigint[], in_base integer[], in_parent_id text[], in_id text[],
  in_is_patch boolean[], in_live bigint[], in_chain bigint[], in_patches integer[],
  in_metadata text[], in_metadata_bytes bytea[], in_data text[], in_bytes bytea[],
  in_beside integer[], in_new integer[], in_point text[], in_task text[], in_finishes boolean[],
  in_of integer[], in_idx integer[], in_channel text[], in_value text[], in_value_bytes bytea[],
  OUT out_entered boolean[], OUT out_leased boolean[], OUT out_line bigint[], OUT out_pk bigint[]
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  place integer;
  names text[];
  points bigint[];
  closed bigint[] := '{}';
  made integer;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'This needs the isolation level "read committed". Set default_transaction_isolation for the role or the pool.';
  END IF;
  PERFORM set_config('lock_timeout', in_wait, true);
  -- What only gives a lease back has no key.
  out_entered := ARRAY(SELECT coalesce(pg_try_advisory_xact_lock_shared(k.key), true) FROM unnest(in_key) AS k (key));

  -- From here on nothing else is alone with these threads.
  IF cardinality(in_line) > 0 THEN
    out_line := ARRAY(
      SELECT (SELECT l.pk FROM hp.line l WHERE l.thread = in_thread[n.i] AND l.ns = n.ns) FROM unnest(in_line, in_ns) AS n (i, ns));
  END IF;
  IF cardinality(in_point) > 0 THEN
    points := ARRAY(
      SELECT (SELECT c.pk FROM hp.checkpoint c WHERE c.line = out_line[w.beside] AND c.id = w.point) FROM unnest(in_beside, in_point) AS w (beside, point));
    FOR place IN SELECT in_line[w.beside] FROM unnest(points, in_new, in_beside) AS w (pk, new, beside) WHERE w.pk IS NULL AND w.new IS NULL LOOP
      out_entered[place] := false;
    END LOOP;
  END IF;
  IF cardinality(in_id) > 0 THEN
    FOR place IN
      SELECT in_line[c.at] FROM unnest(in_at, in_parent, in_parent_id, in_id) AS c (at, parent, parent_id, id)
      WHERE (SELECT s.pk FROM hp.checkpoint s WHERE s.line = out_line[c.at] AND s.id = c.id) IS NOT NULL
        OR (c.parent IS NOT NULL AND (
          SELECT p.pk FROM hp.checkpoint p WHERE p.pk = c.parent AND p.line = out_line[c.at] AND p.id = c.parent_id AND p.is_saved) IS NULL)
    LOOP
      out_entered[place] := false;
    END LOOP;
  END IF;

  -- Rows of leases are locked in one order, whether they are taken or given back.
  IF cardinality(in_gone) + cardinality(in_wanted) > 0 THEN
    names := ARRAY(SELECT in_thread[i] FROM unnest(in_gone || in_wanted) AS t (i));
    PERFORM 1 FROM hp.lease WHERE thread = ANY (names) ORDER BY thread FOR UPDATE;
  END IF;
  IF cardinality(in_gone) > 0 THEN
    DELETE FROM hp.lease WHERE thread = ANY (names) AND id = in_gone_id[array_position(names, thread)]
      AND out_entered[in_gone[array_position(names, thread)]];
  END IF;
  IF cardinality(in_wanted) > 0 THEN
    WITH taken AS (
      INSERT INTO hp.lease (thread, id, host, pid, expires)
      SELECT in_thread[l.i], l.id, l.host, l.pid, l.expires
      FROM unnest(in_wanted, in_lease, in_host, in_pid, in_expires) AS l (i, id, host, pid, expires)
      WHERE out_entered[l.i] ORDER BY in_thread[l.i] COLLATE "C"
      ON CONFLICT (thread) DO UPDATE SET id = excluded.id, host = excluded.host, pid = excluded.pid, expires = excluded.expires
      WHERE lease.id = excluded.id OR lease.expires <= in_now
      RETURNING thread
    )
    SELECT array_agg(t.thread IS NOT NULL ORDER BY l.n) INTO out_leased
    FROM unnest(in_wanted) WITH ORDINALITY AS l (i, n) LEFT JOIN taken t ON t.thread = in_thread[l.i];
  END IF;

  IF cardinality(in_line) = 0 THEN RETURN; END IF;
  IF array_position(out_line, NULL) IS NOT NULL THEN
    INSERT INTO hp.line (thread, ns)
    SELECT in_thread[n.i], n.ns FROM unnest(in_line, in_ns, out_line) AS n (i, ns, pk)
    WHERE n.pk IS NULL AND out_entered[n.i] ORDER BY in_thread[n.i] COLLATE "C", n.ns COLLATE "C"
    ON CONFLICT DO NOTHING;
    out_line := ARRAY(
      SELECT (SELECT l.pk FROM hp.line l WHERE l.thread = in_thread[n.i] AND l.ns = n.ns) FROM unnest(in_line, in_ns) AS n (i, ns));
  END IF;
  IF cardinality(in_id) > 0 THEN
    -- A base comes first, and has the smaller key.
    out_pk := hp.new_keys('checkpoint', cardinality(in_id));
    INSERT INTO hp.checkpoint
      (pk, line, parent, is_patch, live, chain, patches, is_saved, id, parent_id, metadata, metadata_bytes, data, bytes)
    OVERRIDING SYSTEM VALUE
    SELECT c.pk, out_line[c.at], coalesce(c.parent, out_pk[c.base]), c.is_patch, c.live, c.chain, c.patches, true, c.id,
      CASE WHEN c.parent IS NULL AND c.base IS NULL THEN c.parent_id END, c.metadata, c.metadata_bytes, c.data, c.bytes
    FROM unnest(out_pk, in_at, in_parent, in_base, in_parent_id, in_id, in_is_patch, in_live, in_chain, in_patches,
      in_metadata, in_metadata_bytes, in_data, in_bytes)
      AS c (pk, at, parent, base, parent_id, id, is_patch, live, chain, patches, metadata, metadata_bytes, data, bytes)
    WHERE out_entered[in_line[c.at]] ORDER BY out_line[c.at], c.id COLLATE "C"
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    IF made < (SELECT count(*) FROM unnest(in_at) AS c (at) WHERE out_entered[in_line[c.at]]) THEN
      RAISE EXCEPTION 'Another process has just saved one of these checkpoints.' USING ERRCODE = '40001';
    END IF;
  END IF;
  IF cardinality(in_point) > 0 THEN
    -- Numbered in the order in which they came, inserted in one that is the same for everyone.
    points := ARRAY(SELECT coalesce(w.pk, out_pk[w.new]) FROM unnest(points, in_new) AS w (pk, new));
    INSERT INTO hp.write (pk, checkpoint, task, idx, channel, data, bytes) OVERRIDING SYSTEM VALUE
    SELECT r.pk, points[r.op], in_task[r.op], r.idx, r.channel, r.data, r.bytes
    FROM unnest(hp.new_keys('write', cardinality(in_of)), in_of, in_idx, in_channel, in_value, in_value_bytes)
      AS r (pk, op, idx, channel, data, bytes)
    WHERE out_entered[in_line[in_beside[r.op]]] ORDER BY points[r.op], in_task[r.op] COLLATE "C", r.idx
    ON CONFLICT (checkpoint, task, idx) DO UPDATE SET channel = excluded.channel, data = excluded.data, bytes = excluded.bytes
    WHERE excluded.idx < 0 AND write.revision IS NULL;
  END IF;

  IF (SELECT true FROM unnest(in_at, in_id) AS c (at, id) WHERE in_ns[c.at] = '' AND (
      SELECT i.pk FROM hp.interrupt i WHERE i.line = out_line[c.at] AND i.status = 0 AND i.checkpoint < c.id LIMIT 1) IS NOT NULL LIMIT 1)
    OR (SELECT true FROM unnest(in_beside, in_finishes) AS w (beside, done) WHERE w.done AND (
      SELECT i.pk FROM hp.interrupt i WHERE i.line = out_line[w.beside] AND i.status = 0 LIMIT 1) IS NOT NULL LIMIT 1)
  THEN
    closed := hp.close_questions(
      ARRAY(SELECT out_line[c.at] FROM unnest(in_at) AS c (at) WHERE in_ns[c.at] = '' AND out_entered[in_line[c.at]]),
      ARRAY(SELECT c.id FROM unnest(in_at, in_id) AS c (at, id) WHERE in_ns[c.at] = '' AND out_entered[in_line[c.at]]),
      ARRAY(SELECT out_line[w.beside] FROM unnest(in_beside, in_finishes) AS w (beside, done) WHERE w.done AND out_entered[in_line[w.beside]]),
      ARRAY(SELECT w.point FROM unnest(in_beside, in_point, in_finishes) AS w (beside, point, done) WHERE w.done AND out_entered[in_line[w.beside]]),
      ARRAY(SELECT w.task FROM unnest(in_beside, in_task, in_finishes) AS w (beside, task, done) WHERE w.done AND out_entered[in_line[w.beside]]));
  END IF;
  -- The last turn that it takes; see hp.tell.
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('hp_channel', 0));
  IF EXISTS (SELECT 1 FROM hp.listener WHERE seen > clock_timestamp() - interval '90 seconds') THEN
    PERFORM hp.tell_all(
      ARRAY(SELECT in_thread[n.i] FROM unnest(in_line) AS n (i) WHERE out_entered[n.i]),
      ARRAY(SELECT in_thread[n.i] FROM unnest(in_line, out_line) AS n (i, pk) WHERE n.pk = ANY (closed)));
  END IF;
END $$;

-- A group of one checkpoint. Nothing is returned where it is left to others.
CREATE FUNCTION hp.save_checkpoint(
  in_key bigint, in_wait text, in_thread text, in_ns text,
  in_line bigint, in_parent bigint, in_parent_id text, in_id text,
  in_is_patch boolean, in_live bigint, in_chain bigint, in_patches integer,
  in_metadata text, in_metadata_bytes bytea, in_data text, in_bytes bytea,
  OUT out_line bigint, OUT out_pk bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  is_asked boolean := false;
  is_heard boolean;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'This needs the isolation level "read committed". Set default_transaction_isolation for the role or the pool.';
  END IF;
  -- Expressions, not statements, which take ten times as long. Listeners are waited for by others.
  IF set_config('lock_timeout', in_wait, true) IS NULL OR NOT pg_try_advisory_xact_lock_shared(in_key)
    OR NOT pg_try_advisory_xact_lock_shared(hashtextextended('hp_channel', 0))
  THEN
    RETURN;
  END IF;
  IF in_parent IS NULL THEN
    in_line := hp.line_of(in_thread, in_ns);
    INSERT INTO hp.checkpoint
      (line, is_patch, live, chain, patches, is_saved, id, parent_id, metadata, metadata_bytes, data, bytes)
    VALUES (in_line, in_is_patch, in_live, in_chain, in_patches, true, in_id, in_parent_id, in_metadata, in_metadata_bytes, in_data, in_bytes)
    ON CONFLICT DO NOTHING
    RETURNING line, pk, EXISTS (SELECT 1 FROM hp.interrupt i WHERE i.line = in_line AND i.status = 0 AND i.checkpoint < in_id),
      EXISTS (SELECT 1 FROM hp.listener WHERE seen > clock_timestamp() - interval '90 seconds')
    INTO out_line, out_pk, is_asked, is_heard;
  ELSE
    INSERT INTO hp.checkpoint
      (line, parent, is_patch, live, chain, patches, is_saved, id, metadata, metadata_bytes, data, bytes)
    SELECT in_line, in_parent, in_is_patch, in_live, in_chain, in_patches, true, in_id, in_metadata, in_metadata_bytes, in_data, in_bytes
    FROM hp.checkpoint p WHERE p.pk = in_parent AND p.line = in_line AND p.id = in_parent_id AND p.is_saved
    ON CONFLICT DO NOTHING
    RETURNING line, pk, EXISTS (SELECT 1 FROM hp.interrupt i WHERE i.line = in_line AND i.status = 0 AND i.checkpoint < in_id),
      EXISTS (SELECT 1 FROM hp.listener WHERE seen > clock_timestamp() - interval '90 seconds')
    INTO out_line, out_pk, is_asked, is_heard;
  END IF;
  IF out_pk IS NULL THEN RETURN; END IF;
  IF is_asked AND in_ns = '' THEN is_asked := hp.close_before(out_line, in_id); ELSE is_asked := false; END IF;
  IF is_heard THEN
    PERFORM hp.tell_all(ARRAY[in_thread], CASE WHEN is_asked THEN ARRAY[in_thread] ELSE '{}' END);
  END IF;
END $$;
`;
