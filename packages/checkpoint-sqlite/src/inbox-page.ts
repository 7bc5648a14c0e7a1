import {
  cursorOf,
  type InterruptPage,
  inboxItem,
  questionPlace,
  type ResolvedQuery,
  readShown,
  type Serializer,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { type InboxPageShape, type InboxSource, inboxPage } from "./inbox-statements.js";
import { NOBODY, STATUSES } from "./interrupt-index.js";
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
    return inboxItem({ id, threadId, status: STATUSES[status], at, graph }, readShown(serializer.loads(data, place)));
  });
  return rows.length > query.limit ? { items, next: cursorOf(shown.at(-1)!) } : { items };
}

/** The statement of a page and its values. It asks for one row more than the page holds, which tells whether there is a next one. */
export function inboxQuery(query: ResolvedQuery): [sql: string, ...values: SqliteValue[]] {
  const { statuses, order, limit } = query;
  const [source, keys] = sourceOf(query);
  const filters = filtersOf(query, source);
  const after = query.after ?? { at: order === "newest" ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER, place: 0 };
  const filterValues = filters.flatMap(([, values]) => values);
  const runs = statuses.flatMap((status) => keys.map((key) => [...key, STATUSES.indexOf(status), after.at, after.place, ...filterValues]));
  const shape: InboxPageShape = { source, runs: runs.length, filters: filters.map(([name]) => name), order };
  return [inboxPage(shape), ...runs.flat(), limit + 1];
}

/** What narrows the most comes first. Each key is a sorted run of its own. */
function sourceOf({ threadId, expiresBefore, assignee, graph }: ResolvedQuery): [InboxSource, (string | number)[][]] {
  if (threadId !== undefined) return ["line", [[toKeyText(threadId)]]];
  if (expiresBefore !== undefined) return ["deadline", [[expiresBefore]]];
  if (assignee !== undefined) return ["assignee", [[toKeyText(assignee)], [NOBODY]]];
  if (graph !== undefined) return ["graph", [[toKeyText(graph)]]];
  return ["status", [[]]];
}

function filtersOf(
  { expiresBefore, assignee, graph }: ResolvedQuery,
  source: InboxSource,
): [InboxPageShape["filters"][number], SqliteValue[]][] {
  const filters: [InboxPageShape["filters"][number], SqliteValue[]][] = [];
  if (graph !== undefined && source !== "graph") filters.push(["graph", [toKeyText(graph)]]);
  if (expiresBefore !== undefined && source !== "deadline") filters.push(["expiresBefore", [expiresBefore]]);
  if (assignee !== undefined && source !== "assignee") filters.push(["assignee", [toKeyText(assignee), NOBODY]]);
  return filters;
}
