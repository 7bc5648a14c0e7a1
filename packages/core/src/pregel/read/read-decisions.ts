import type { InterruptTerms, JournalEntry } from "@holdpoint/checkpoint";

/** One question of a thread's journal, with everything that came of it. */
export interface DecisionRecord {
  readonly interruptId: string;
  readonly threadId: string;
  readonly graph: string | undefined;
  readonly node: string | undefined;
  /** What was shown, and when it was first asked. */
  readonly value: unknown;
  readonly askedAt: string | undefined;
  /** Who was asked and until when; more than one where that changed. */
  readonly terms: readonly { readonly at: string; readonly terms: InterruptTerms; readonly note?: unknown }[];
  /** Answers that did not decide by themselves. */
  readonly votes: readonly GivenAnswer[];
  /** The answer that counts. */
  readonly decision?: GivenAnswer;
  /** Answers that did not fit the question's schema. */
  readonly refusals: readonly { readonly at: string; readonly issues: unknown }[];
  /** What ran on the decision, with its result or error; the last attempt is last. */
  readonly runs: readonly { readonly at: string; readonly node: string; readonly result?: unknown; readonly error?: string }[];
}

export interface GivenAnswer {
  readonly value: unknown;
  readonly by?: unknown;
  readonly reason?: string;
  readonly note?: unknown;
  readonly at: string;
}

type Data = Record<string, unknown> & { interruptId?: string; interruptIds?: string[] };
type Building = {
  -readonly [Key in keyof DecisionRecord]: DecisionRecord[Key] extends readonly (infer Item)[] ? Item[] : DecisionRecord[Key];
};

/** Puts a journal together by question, in the order in which they were first asked. */
export function readDecisions(entries: readonly JournalEntry[]): DecisionRecord[] {
  const records = new Map<string, Building>();
  for (const { threadId, at, kind, data } of entries) {
    const { interruptId, interruptIds = interruptId === undefined ? [] : [interruptId], ...fields } = data as Data;
    for (const id of interruptIds) {
      const record = records.get(id) ?? empty(id, threadId);
      records.set(id, record);
      addEntry(record, kind, at, fields);
    }
  }
  return [...records.values()];
}

const empty = (interruptId: string, threadId: string): Building => ({
  interruptId,
  threadId,
  graph: undefined,
  node: undefined,
  value: undefined,
  askedAt: undefined,
  terms: [],
  votes: [],
  refusals: [],
  runs: [],
});

function addEntry(
  record: Building,
  kind: string,
  at: string,
  { graph, node, shown, value, terms, by, reason, note, issues, result, error }: Data,
): void {
  const answer = { value, by, reason, note, at } as GivenAnswer;
  // What was shown stands in each answer too: a crash may have come between the question and its entry.
  if (shown !== undefined && record.askedAt === undefined) Object.assign(record, { graph, node, value: shown });
  if (kind === "asked") Object.assign(record, { graph, node, value, askedAt: record.askedAt ?? at });
  if (terms !== undefined) record.terms.push({ at, terms: terms as InterruptTerms, ...(note === undefined ? {} : { note }) });
  if (kind === "voted") record.votes.push(answer);
  else if (kind === "decided") record.decision = answer;
  else if (kind === "refused") {
    record.refusals.push({ at, issues });
    delete record.decision;
  } else if (kind === "ran") record.runs.push({ at, node: String(node), result });
  else if (kind === "failed") record.runs.push({ at, node: String(node), error: String(error) });
}
