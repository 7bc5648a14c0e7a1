/** Functions of the third migration: the step of a run, as short as it can be. */
export const APPENDS = `
-- What hp.save_checkpoint does for a checkpoint behind one whose row is known: gives the key of the new row, or null where it is left to others. A scalar
-- and not a row, which would be stored before it is sent; one condition and one statement, for each of them costs. Questions stand in root lines only.
CREATE FUNCTION hp.append_checkpoint(
  in_key bigint, in_wait text, in_line bigint, in_parent bigint, in_parent_id text, in_id text,
  in_is_patch boolean, in_live bigint, in_chain bigint, in_patches integer,
  in_metadata text, in_metadata_bytes bytea, in_data text, in_bytes bytea
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  new_pk bigint;
  is_asked boolean;
  is_heard boolean;
  name text;
BEGIN
  -- Others say what is wrong with the isolation level.
  IF current_setting('transaction_isolation') <> 'read committed' OR set_config('lock_timeout', in_wait, true) IS NULL
    OR NOT pg_try_advisory_xact_lock_shared(in_key) OR NOT pg_try_advisory_xact_lock_shared(hashtextextended('hp_channel', 0))
  THEN
    RETURN NULL;
  END IF;
  INSERT INTO hp.checkpoint
    (line, parent, is_patch, live, chain, patches, is_saved, id, metadata, metadata_bytes, data, bytes)
  SELECT in_line, in_parent, in_is_patch, in_live, in_chain, in_patches, true, in_id, in_metadata, in_metadata_bytes, in_data, in_bytes
  FROM hp.checkpoint p WHERE p.pk = in_parent AND p.line = in_line AND p.id = in_parent_id AND p.is_saved
  ON CONFLICT DO NOTHING
  RETURNING pk, EXISTS (SELECT 1 FROM hp.interrupt i WHERE i.line = in_line AND i.status = 0 AND i.checkpoint < in_id),
    EXISTS (SELECT 1 FROM hp.listener WHERE seen > clock_timestamp() - interval '90 seconds')
  INTO new_pk, is_asked, is_heard;
  IF new_pk IS NOT NULL AND (is_asked OR is_heard) THEN
    is_asked := is_asked AND hp.close_before(in_line, in_id);
    IF is_heard THEN
      SELECT thread INTO name FROM hp.line WHERE pk = in_line;
      PERFORM hp.tell_all(ARRAY[name], CASE WHEN is_asked THEN ARRAY[name] ELSE '{}' END);
    END IF;
  END IF;
  RETURN new_pk;
END $$;
`;
