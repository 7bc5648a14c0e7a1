import type { CheckpointSaver, JournalEntry } from "@holdpoint/checkpoint";
import { ApprovalError } from "../approval-error.js";
import { checkLimit, checkSaver, readOptions } from "../read-options.js";
import { readDecider } from "../rules/decider.js";

/** Which entries of the audit trail are wanted: those that fit everything that is said here. */
export interface AuditQuery {
  readonly threadId?: string;
  /** Id of somebody who voted or decided; "deadline" for what rules answered. */
  readonly by?: string;
  readonly kind?: AuditKind | readonly AuditKind[];
  /** Only entries of this time or later, ISO 8601. */
  readonly since?: string;
  /** Only entries before this time, ISO 8601. */
  readonly until?: string;
  /** Only entries after this position: that of the last one that was read. */
  readonly after?: number;
  readonly limit?: number;
}

/** `asked`, `voted`, `decided`; `terms`: others are asked, or until another time; `refused`: an answer that did not fit; `ran`, `failed`: what was done with it. */
export type AuditKind = "asked" | "terms" | "voted" | "decided" | "refused" | "ran" | "failed";

/**
 * Reads the audit trail over all threads, oldest first: what was shown, what was voted and decided, by whom, when and why, and what ran on it
 * with which result. For one thread, put together by question, use `graph.getDecisions(config)`.
 * @throws ApprovalError MISSING_CAPABILITY, INVALID_OPTIONS
 */
export async function* readAudit(saver: CheckpointSaver, given?: AuditQuery): AsyncIterableIterator<JournalEntry> {
  const query = readOptions("readAudit()", given, ["threadId", "by", "kind", "since", "until", "after", "limit"]);
  const { threadId, after, limit = Number.POSITIVE_INFINITY } = query;
  checkLimit("readAudit()", limit);
  const fits = readFilter(query);
  let count = 0;
  if (limit <= 0) return;
  for await (const entry of journalOf(saver, { threadId, after })) {
    if (!fits(entry)) continue;
    yield entry;
    if (++count >= limit) return;
  }
}

/** @throws ApprovalError MISSING_CAPABILITY */
export function journalOf(
  saver: CheckpointSaver,
  { threadId, after }: Pick<AuditQuery, "threadId" | "after">,
): AsyncIterableIterator<JournalEntry> {
  checkSaver("The audit trail", saver);
  if (saver.readJournal === undefined) {
    throw new ApprovalError(
      "MISSING_CAPABILITY",
      "The audit trail needs a saver that keeps a journal, such as SqliteSaver or MemorySaver.",
    );
  }
  return saver.readJournal({ ...(threadId === undefined ? {} : { threadId }), ...(after === undefined ? {} : { after }) });
}

function readFilter({ by, kind, since, until }: AuditQuery): (entry: JournalEntry) => boolean {
  const kinds = kind === undefined ? undefined : [kind].flat();
  const [from, to] = [since, until].map(readTime);
  return (entry) => {
    if (kinds !== undefined && !(kinds as readonly string[]).includes(entry.kind)) return false;
    const at = Date.parse(entry.at);
    if ((from !== undefined && at < from) || (to !== undefined && at >= to)) return false;
    return by === undefined || readDecider((entry.data as { by?: unknown } | undefined)?.by)?.id === by;
  };
}

function readTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new ApprovalError(
      "INVALID_OPTIONS",
      `${typeof text === "string" ? JSON.stringify(text) : `A ${typeof text}`} is no time of ISO 8601.`,
    );
  return time;
}
