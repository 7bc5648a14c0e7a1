// SQL of a page of the inbox, put together from fixed pieces. Every value is a bound parameter.

const INBOX_COLUMNS = `
  i.place AS place, i.at AS at, i.status AS status, i.id AS id, i.graph AS graph, i.checkpoint AS checkpoint, i.data AS data,
  l.thread AS thread`;
const INBOX_LINE = "CROSS JOIN holdpoint_line l ON l.pk = i.line";

/**
 * Where a page starts from, by what it is narrowed to; each is sorted by time. The index is named: without it the statement must fail, not become slow.
 * "time" is narrowed to questions for everybody (0) or for somebody in particular (1).
 */
export const INBOX_SOURCES = {
  time: { from: "holdpoint_interrupt i INDEXED BY holdpoint_interrupt_by_time", where: "i.assigned = ? AND i.status = ?", order: "i" },
  line: {
    from: "holdpoint_interrupt i INDEXED BY holdpoint_interrupt_by_line",
    where: "i.line = (SELECT pk FROM holdpoint_line WHERE thread = ? AND ns = '') AND i.status = ?",
    order: "i",
  },
  graph: { from: "holdpoint_interrupt i INDEXED BY holdpoint_interrupt_by_graph", where: "i.graph = ? AND i.status = ?", order: "i" },
  assignee: {
    from: "holdpoint_assignee a CROSS JOIN holdpoint_interrupt i ON i.pk = a.place",
    where: "a.name = ? AND a.status = ?",
    order: "a",
  },
  deadline: {
    from: "holdpoint_interrupt i INDEXED BY holdpoint_interrupt_by_deadline",
    where: "i.expires < ? AND i.status = ?",
    order: "i",
  },
} as const;

export type InboxSource = keyof typeof INBOX_SOURCES;

export const INBOX_FILTERS = {
  graph: " AND i.graph = ?",
  expiresBefore: " AND i.expires < ?",
  assignee: " AND (i.assigned = 0 OR EXISTS (SELECT 1 FROM holdpoint_assignee a WHERE a.place = i.place AND a.name = ?))",
} as const;

export interface InboxPageShape {
  /** Sorted runs that are merged: one for each status and key. No question is in two. */
  readonly runs: readonly InboxSource[];
  readonly filters: readonly (keyof typeof INBOX_FILTERS)[];
  readonly order: "newest" | "oldest";
}

/** The statement of a page. Parameters: of each run its key, status, cursor (at, place), those of the filters; then the limit. */
export function inboxPage({ runs, filters, order }: InboxPageShape): string {
  const narrowed = filters.map((name) => INBOX_FILTERS[name]).join("");
  const [sign, direction] = order === "newest" ? ["<", "DESC"] : [">", "ASC"];
  const selects = runs.map((source) => {
    const { from, where, order: by } = INBOX_SOURCES[source];
    const columns = INBOX_COLUMNS.replace("i.place", `${by}.place`).replace("i.at", `${by}.at`);
    return `SELECT ${columns} FROM ${from} ${INBOX_LINE} WHERE ${where} AND (${by}.at, ${by}.place) ${sign} (?, ?)${narrowed}`;
  });
  return `${selects.join(" UNION ALL ")} ORDER BY at ${direction}, place ${direction} LIMIT ?`;
}
