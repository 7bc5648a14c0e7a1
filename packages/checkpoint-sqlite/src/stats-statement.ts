/** Counts of each thread, or of one, the largest first; and on each row those of all of them. Parameters: the thread, twice, if it is one; the limit. */
export function threadStats(isOne: boolean): string {
  const where = isOne ? "WHERE l.thread = ?" : "";
  return `
    WITH saved AS (
      SELECT l.thread AS thread, count(c.data) AS checkpoints,
        sum(coalesce(octet_length(c.data), 0) + coalesce(octet_length(c.metadata), 0)) AS bytes
      FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk ${where} GROUP BY l.thread
    ), written AS (
      SELECT l.thread AS thread, count(*) AS writes, sum(octet_length(w.data)) AS bytes
      FROM holdpoint_line l JOIN holdpoint_checkpoint c ON c.line = l.pk JOIN holdpoint_write w ON w.checkpoint = c.pk ${where} GROUP BY l.thread
    ), each AS (
      SELECT s.thread AS thread, s.checkpoints AS checkpoints, coalesce(w.writes, 0) AS writes, s.bytes + coalesce(w.bytes, 0) AS bytes
      FROM saved s LEFT JOIN written w ON w.thread = s.thread
    )
    SELECT thread, checkpoints, writes, bytes, count(*) OVER () AS threads, sum(checkpoints) OVER () AS allCheckpoints,
      sum(writes) OVER () AS allWrites, sum(bytes) OVER () AS allBytes
    FROM each ORDER BY bytes DESC, thread LIMIT ?`;
}
