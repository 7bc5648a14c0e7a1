import type { ResolvedPrune } from "./resolve-prune.js";

/** What decides whether a checkpoint of a thread stays. Ids are unique in their line, and sort by time. */
export interface CheckpointFacts {
  readonly ns: string;
  readonly id: string;
  /** False where only writes came so far, and the checkpoint that they stand beside has not. */
  readonly isSaved: boolean;
  /** The parent in the same line; undefined if it is not in the storage. */
  readonly parentId: string | undefined;
  /** The checkpoint of the same line that this one is stored as a change of; undefined if it is stored whole. */
  readonly baseId: string | undefined;
  /** Milliseconds since 1970; undefined if the id does not tell. */
  readonly time: number | undefined;
  /** `metadata.parents`: checkpoints of the graphs around, by namespace. Not looked at in the root's line. */
  readonly parents: Readonly<Record<string, string>> | undefined;
  /** Whether a question beside it waits for its answer. */
  readonly isAsking: boolean;
}

/** What is to be done to a thread. */
export interface PrunePlan<Facts extends CheckpointFacts> {
  /** Go, with the writes and questions beside them. */
  readonly going: readonly Facts[];
  /** Stay, and lose their parent. */
  readonly orphaned: readonly Facts[];
  /** Stay, and have to be stored whole, for what they are stored as a change of goes. */
  readonly detached: readonly Facts[];
}

type Line<Facts> = readonly Facts[];

/** What is known while the lines of a thread are gone through, from the root inwards. */
interface Kept {
  has(ns: string, id: string): boolean;
  readonly hasRoot: boolean;
  /** "" if the root has no checkpoint. */
  readonly newestRoot: string;
}

/**
 * Decides what of a thread is not worth keeping. In each line the newest `keepLast` stay. Those younger than `olderThan` stay, also where their id
 * does not tell their age; so do those beside which a question waits, and those of subgraphs that belong to any that stays.
 *
 * A line of one call of a subgraph (its namespace holds a task's id, as in `node:task`) is needed by the step that made the call alone: it goes with
 * that, whatever `keepLast` says. A subgraph's lasting line belongs to the thread's state: its newest stays as long as a root checkpoint does.
 */
export function planPrune<Facts extends CheckpointFacts>(facts: readonly Facts[], options: ResolvedPrune): PrunePlan<Facts> {
  const keys = new Set<string>();
  const lines = linesOf(facts);
  const newestRoot = lines.find(([ns]) => ns === "")?.[1].find(({ isSaved }) => isSaved)?.id ?? "";
  let hasRoot = false;
  for (const [ns, line] of lines) {
    const kept: Kept = { has: (space: string, id: string) => keys.has(keyOf(space, id)), hasRoot, newestRoot };
    const staying = stayingOf(ns, line, kept, options);
    for (const { id } of staying) keys.add(keyOf(ns, id));
    if (ns === "") hasRoot = staying.some(({ isSaved }) => isSaved);
  }
  const goes = (ns: string, id: string | undefined) => id !== undefined && !keys.has(keyOf(ns, id));
  const staying = facts.filter(({ ns, id }) => !goes(ns, id));
  return {
    going: facts.filter(({ ns, id }) => goes(ns, id)),
    orphaned: staying.filter(({ ns, parentId }) => goes(ns, parentId)),
    detached: staying.filter(({ ns, baseId }) => goes(ns, baseId)),
  };
}

/** Lines from the outermost inwards, each with its newest first. A graph around another has fewer levels in its namespace. */
function linesOf<Facts extends CheckpointFacts>(facts: readonly Facts[]): [ns: string, line: Line<Facts>][] {
  const lines = new Map<string, Facts[]>();
  for (const one of facts) {
    const line = lines.get(one.ns);
    if (line === undefined) lines.set(one.ns, [one]);
    else line.push(one);
  }
  return [...lines]
    .sort(([a], [b]) => levelsOf(a) - levelsOf(b))
    .map(([ns, line]) => [ns, line.toSorted((a, b) => (a.id < b.id ? 1 : -1))]);
}

function levelsOf(ns: string): number {
  return ns === "" ? 0 : ns.split("|").length;
}

function stayingOf<Facts extends CheckpointFacts>(
  ns: string,
  line: Line<Facts>,
  kept: Kept,
  { keepLast, olderThan }: ResolvedPrune,
): Facts[] {
  const belonging = new Set(
    ns === ""
      ? []
      : line.filter(({ parents }) => belongsToKept(parents ?? {}, kept) || (keepLast > 0 && isAheadOfRoot(parents ?? {}, kept))),
  );
  const saved = line.filter(({ isSaved }) => isSaved);
  const count = belonging.size === 0 && isOfOneCall(ns, saved) ? 0 : isLasting(ns) && kept.hasRoot ? Math.max(1, keepLast) : keepLast;
  const newest = new Set(saved.slice(0, count));
  const isYoung = ({ time }: Facts) => olderThan !== undefined && (time === undefined || time >= olderThan);
  const stays = (one: Facts) => newest.has(one) || belonging.has(one) || one.isAsking || isYoung(one);
  // Writes that came before their checkpoint wait for it, unless the line went on without, or nothing of it stays.
  const mayGoOn = saved.length === 0 ? keepLast > 0 : saved.some(stays);
  const isAhead = ({ isSaved, id }: Facts) => !isSaved && mayGoOn && id > (saved[0]?.id ?? "");
  return line.filter((one) => stays(one) || isAhead(one));
}

function belongsToKept(parents: Readonly<Record<string, string>>, kept: Kept): boolean {
  // Metadata of others, and damaged ones, may hold anything.
  return Object.entries(parents).some(([ns, id]) => typeof id === "string" && kept.has(ns, id));
}

/** A root checkpoint that is newer than all that are saved is still on its way. */
function isAheadOfRoot(parents: Readonly<Record<string, string>>, { newestRoot }: Kept): boolean {
  return typeof parents[""] === "string" && parents[""] > newestRoot;
}

/** Whether a line is that of one call, and its root checkpoints are known. */
function isOfOneCall(ns: string, saved: Line<CheckpointFacts>): boolean {
  return ns.includes(":") && saved.length > 0 && saved.every(({ parents }) => parents?.[""] !== undefined);
}

function isLasting(ns: string): boolean {
  return ns !== "" && !ns.includes(":");
}

function keyOf(ns: string, id: string): string {
  return `${ns.length} ${ns}${id}`;
}
