import {
  cursorOf,
  fromKeyText,
  type InboxItem,
  type InterruptPage,
  inboxItem,
  inPlace,
  questionPlace,
  type ResolvedQuery,
  readShown,
  type Serializer,
  toKeyText,
} from "@holdpoint/checkpoint";
import type { Session } from "./connection.js";
import { NOBODY } from "./put-writes.js";
import { type InboxPageShape, type InboxSource, inboxPage } from "./statements.js";
import { fromStored, type StoredData } from "./stored-data.js";

interface InboxRow extends StoredData {
  readonly place: number;
  readonly at: number;
  readonly status: number;
  readonly id: string;
  readonly graph: string | null;
  readonly checkpoint: string;
  readonly thread: string;
}

/** Statuses, as numbers in the database. */
const STATUSES: readonly InboxItem["status"][] = ["pending", "decided", "closed"];

/** Reads one page of an inbox. */
export async function readInboxPage(session: Session, serializer: Serializer, query: ResolvedQuery): Promise<InterruptPage> {
  const rows = await session.all<InboxRow>(...inboxQuery(query));
  const shown = rows.slice(0, query.limit);
  const items = shown.map(({ at, status, ...row }) => {
    const [id, threadId] = [fromKeyText(row.id), fromKeyText(row.thread)];
    const graph = row.graph === null ? undefined : fromKeyText(row.graph);
    const place = questionPlace({ threadId, ns: "", checkpointId: row.checkpoint }, id);
    return inPlace(place, () =>
      inboxItem({ id, threadId, status: STATUSES[status], at, graph }, readShown(serializer.loads(fromStored(row), place))),
    );
  });
  return rows.length > query.limit ? { items, next: cursorOf(shown.at(-1)!) } : { items };
}

/** The statement of a page and its values. It asks for one row more than the page holds, which tells whether there is a next one. */
export function inboxQuery(query: ResolvedQuery): [sql: string, ...values: unknown[]] {
  const { statuses, order, limit } = query;
  const [source, keys] = sourceOf(query);
  const filters = filtersOf(query, source);
  const after = query.after ?? { at: order === "newest" ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER, place: 0 };
  const rest = [after.at, after.place, ...filters.flatMap(([, values]) => values), limit + 1];
  const runs = statuses.flatMap((status) => keys.map((key) => [...key, STATUSES.indexOf(status), ...rest]));
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
): [InboxPageShape["filters"][number], unknown[]][] {
  const filters: [InboxPageShape["filters"][number], unknown[]][] = [];
  if (graph !== undefined && source !== "graph") filters.push(["graph", [toKeyText(graph)]]);
  if (expiresBefore !== undefined && source !== "deadline") filters.push(["expiresBefore", [expiresBefore]]);
  if (assignee !== undefined && source !== "assignee") filters.push(["assignee", [toKeyText(assignee), NOBODY]]);
  return filters;
}
