import {
  cursorOf,
  type InterruptPage,
  inboxItem,
  inPlace,
  questionPlace,
  type ResolvedQuery,
  readShown,
  type Serializer,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { type InboxPageShape, type InboxSource, inboxPage } from "./inbox-statements.js";
import { STATUSES } from "./interrupt-index.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import type { SqliteValue } from "./sqlite-handle.js";

interface InboxRow {
  readonly place: number;
  readonly at: number;
  readonly status: number;
  readonly id: string;
  readonly graph: string | null;
  readonly checkpoint: string;
  readonly data: string | Uint8Array;
  readonly thread: string;
}

/** Reads one page of an inbox. */
export function readInboxPage(connection: Connection, serializer: Serializer, query: ResolvedQuery): InterruptPage {
  const rows = connection.all<InboxRow>(...inboxQuery(query));
  const shown = rows.slice(0, query.limit);
  const items = shown.map(({ at, status, data, ...row }) => {
    const [id, threadId] = [fromKeyText(row.id), fromKeyText(row.thread)];
    const graph = row.graph === null ? undefined : fromKeyText(row.graph);
    const place = questionPlace({ threadId, ns: "", checkpointId: row.checkpoint }, id);
    return inPlace(place, () => inboxItem({ id, threadId, status: STATUSES[status], at, graph }, readShown(serializer.loads(data, place))));
  });
  return rows.length > query.limit ? { items, next: cursorOf(shown.at(-1)!) } : { items };
}

/** A sorted run of questions: where it is read from, and what narrows it there. */
type Run = readonly [source: InboxSource, key: string | number];

const FOR_EVERYBODY: Run = ["time", 0];
const FOR_SOMEBODY: Run = ["time", 1];

/** The statement of a page and its values. It asks for one row more than the page holds, which tells whether there is a next one. */
export function inboxQuery(query: ResolvedQuery): [sql: string, ...values: SqliteValue[]] {
  const { statuses, order, limit } = query;
  const runs = statuses.flatMap((status) => runsOf(query).map((run) => ({ run, status: STATUSES.indexOf(status) })));
  const filters = filtersOf(query, runs[0]!.run[0]);
  const after = query.after ?? { at: order === "newest" ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER, place: 0 };
  const filterValues = filters.flatMap(([, values]) => values);
  const values = runs.flatMap(({ run: [, key], status }) => [key, status, after.at, after.place, ...filterValues]);
  const shape: InboxPageShape = { runs: runs.map(({ run: [source] }) => source), filters: filters.map(([name]) => name), order };
  return [inboxPage(shape), ...values, limit + 1];
}

/** What narrows the most comes first. */
function runsOf({ threadId, expiresBefore, assignee, graph }: ResolvedQuery): readonly Run[] {
  if (threadId !== undefined) return [["line", toKeyText(threadId)]];
  if (expiresBefore !== undefined) return [["deadline", expiresBefore]];
  if (assignee !== undefined) return [["assignee", toKeyText(assignee)], FOR_EVERYBODY];
  if (graph !== undefined) return [["graph", toKeyText(graph)]];
  return [FOR_SOMEBODY, FOR_EVERYBODY];
}

function filtersOf(
  { expiresBefore, assignee, graph }: ResolvedQuery,
  source: InboxSource,
): [InboxPageShape["filters"][number], SqliteValue[]][] {
  const filters: [InboxPageShape["filters"][number], SqliteValue[]][] = [];
  if (graph !== undefined && source !== "graph") filters.push(["graph", [toKeyText(graph)]]);
  if (expiresBefore !== undefined && source !== "deadline") filters.push(["expiresBefore", [expiresBefore]]);
  if (assignee !== undefined && source !== "assignee") filters.push(["assignee", [toKeyText(assignee)]]);
  return filters;
}
