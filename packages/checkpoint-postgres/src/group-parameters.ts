import { toKeyText } from "@holdpoint/checkpoint";
import type { CheckpointPart, LeasePart, Part, ReleasePart, WritesPart } from "./change.js";
import { type Data, toStored } from "./stored-data.js";
import type { Turns } from "./turn.js";

/** A part of a group, and the thread that it changes. */
export interface Grouped {
  readonly threadId: string;
  readonly part: Part;
}

/** What `hp.save_group` returns: lists as PostgreSQL writes them, null where there is nothing. */
export interface GroupRow {
  readonly entered: string;
  readonly leased: string | null;
  readonly lines: string | null;
  readonly pks: string | null;
}

/** Numbers things from 1 on, in the order in which they are first named. */
class Places<Item> {
  readonly items: Item[] = [];
  readonly #places = new Map<string, number>();

  of(key: string, make: () => Item): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.items.push(make());
    this.#places.set(key, this.items.length);
    return this.items.length;
  }
}

/** A group as the parameters of `hp.save_group`; see schema-groups.ts. A parent, or what writes stand beside, comes before what needs it. */
export class GroupParameters {
  readonly #threads = new Places<{ readonly threadId: string; enters: boolean }>();
  readonly #lines = new Places<readonly [thread: number, ns: string]>();
  readonly #releases: (readonly [thread: number, part: ReleasePart])[] = [];
  readonly #leases: (readonly [thread: number, part: LeasePart])[] = [];
  readonly #checkpoints: (readonly [line: number, part: CheckpointPart])[] = [];
  readonly #writes: (readonly [line: number, part: WritesPart])[] = [];
  /** Checkpoints of the group, by their rows. */
  readonly #bases = new Map<object, number>();

  constructor(private readonly group: readonly Grouped[]) {
    for (const { threadId, part } of group) this.#add(threadId, part);
  }

  #add(threadId: string, part: Part): void {
    const thread = this.#threads.of(threadId, () => ({ threadId, enters: false }));
    if (part.kind === "release") {
      this.#releases.push([thread, part]);
      return;
    }
    this.#threads.items[thread - 1]!.enters = true;
    if (part.kind === "lease") {
      this.#leases.push([thread, part]);
      return;
    }
    const line = this.#lines.of(`${thread} ${part.ns}`, () => [thread, part.ns]);
    if (part.kind === "writes") this.#writes.push([line, part]);
    else this.#bases.set(part.row, this.#checkpoints.push([line, part]));
  }

  values(turns: Turns): unknown[] {
    const threads = this.#threads.items;
    return [
      turns.wait,
      threads.map(({ threadId, enters }) => (enters ? turns.keyOf(threadId) : null)),
      threads.map(({ threadId }) => toKeyText(threadId)),
      this.#releases.map(([thread]) => thread),
      this.#releases.map(([, { leaseId }]) => toKeyText(leaseId)),
      ...this.#leaseColumns(),
      this.#lines.items.map(([thread]) => thread),
      this.#lines.items.map(([, ns]) => toKeyText(ns)),
      ...this.#checkpointColumns(),
      ...this.#writeColumns(),
    ];
  }

  #leaseColumns(): unknown[] {
    const column = <T>(of: (part: LeasePart) => T) => this.#leases.map(([, part]) => of(part));
    return [
      this.#leases.map(([thread]) => thread),
      column(({ lease }) => toKeyText(lease.id)),
      column(({ lease }) => toKeyText(lease.host)),
      column(({ lease }) => lease.pid),
      column(({ lease }) => lease.expiresAt),
      // What is over for the first of them is over for all.
      Math.min(...column(({ now }) => now), Number.MAX_SAFE_INTEGER),
    ];
  }

  #checkpointColumns(): unknown[] {
    const column = <T>(of: (part: CheckpointPart) => T) => this.#checkpoints.map(([, part]) => of(part));
    const baseOf = ({ parent }: CheckpointPart) => (parent === undefined ? undefined : this.#bases.get(parent.row));
    return [
      this.#checkpoints.map(([line]) => line),
      column((part) => (baseOf(part) === undefined ? (part.parent?.row.pk ?? null) : null)),
      column((part) => baseOf(part) ?? null),
      column(({ parentId }) => parentId ?? null),
      column(({ id }) => id),
      column(({ isPatch }) => isPatch),
      column(({ sizes }) => sizes.liveSize),
      column(({ sizes }) => sizes.chainSize),
      column(({ sizes }) => sizes.patchCount),
      ...dataColumns(column(({ metadata }) => metadata)),
      ...dataColumns(column(({ data }) => data)),
    ];
  }

  #writeColumns(): unknown[] {
    const column = <T>(of: (part: WritesPart) => T) => this.#writes.map(([, part]) => of(part));
    const made = new Map(this.#checkpoints.map(([line, { id }], at) => [`${line} ${id}`, at + 1]));
    const rows = this.#writes.flatMap(([, part], at) => part.rows.map((row) => ({ ...row, of: at + 1 })));
    return [
      this.#writes.map(([line]) => line),
      this.#writes.map(([line, { checkpointId }]) => made.get(`${line} ${checkpointId}`) ?? null),
      column(({ checkpointId }) => checkpointId),
      column(({ taskId }) => toKeyText(taskId)),
      column(({ finishes, ns }) => finishes && ns === ""),
      rows.map(({ of }) => of),
      rows.map(({ index }) => index),
      rows.map(({ channel }) => toKeyText(channel)),
      ...dataColumns(rows.map(({ data }) => data)),
    ];
  }

  /** Takes in what the database says, and tells of each part whether it was made. */
  take({ entered, leased, lines, pks }: GroupRow): boolean[] {
    const [wasEntered, wasLeased] = [listOf(entered), listOf(leased)];
    const [lineKeys, keys] = [listOf(lines), listOf(pks)];
    const isMade = (thread: number) => wasEntered[thread - 1] === "t";
    for (const [at, [line, { row }]] of this.#checkpoints.entries()) {
      if (!isMade(this.#lines.items[line - 1]![0])) continue;
      row.line = Number(lineKeys[line - 1]);
      row.pk = Number(keys[at]);
    }
    let leases = 0;
    return this.group.map(({ threadId, part }) => {
      const made = isMade(this.#threads.of(threadId, noThread));
      return part.kind === "lease" ? wasLeased[leases++] === "t" && made : made;
    });
  }
}

function noThread(): never {
  throw new Error("A group names a thread that it does not have.");
}

/** Two lists, text and bytes. A list of nothing but nulls goes as an empty one: what is not there is null. */
function dataColumns(data: readonly Data[]): [texts: unknown[], bytes: unknown[]] {
  const stored = data.map(toStored);
  const column = (at: 0 | 1) => (stored.every((one) => one[at] === null) ? [] : stored.map((one) => one[at]));
  return [column(0), column(1)];
}

/** Items of a list of numbers or truth values. */
function listOf(list: string | null): string[] {
  return list === null || list === "{}" ? [] : list.slice(1, -1).split(",");
}
