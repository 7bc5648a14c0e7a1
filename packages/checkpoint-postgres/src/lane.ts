import { type Change, type CheckpointPart, type Part, pointKey, sizeOf } from "./change.js";
import type { PointRow } from "./line-memory.js";

/** A change that waits for its turn. */
export interface Waiting {
  readonly change: Change<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Set where it has failed because of one before it. */
  isOver?: boolean;
}

/** From here on the text of a list costs more than a call of one's own. */
const LARGE = 500_000;

/** The changes of one thread, in the order in which they were handed in. */
export class Lane {
  /** Whether some of them are under way: the next wait for these. */
  isBusy = false;
  #waiting: Waiting[] = [];
  /** Checkpoints that have just failed, by their {@link pointKey}. */
  readonly #failed = new Map<string, unknown>();

  constructor(readonly threadId: string) {}

  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  add(waiting: Waiting): void {
    const { makes, needs } = waiting.change;
    // Another try.
    if (makes !== undefined && this.hasFailed) this.#failed.delete(makes);
    if (needs !== undefined && this.hasFailed && this.#failed.has(needs)) this.#reject(waiting, this.#failed.get(needs));
    else this.#waiting.push(waiting);
  }

  next(): "nothing" | "alone" | "together" {
    const [first] = this.#waiting;
    if (first === undefined) return "nothing";
    return canBeGrouped(first.change.part, NO_ROWS) ? "together" : "alone";
  }

  take(count: number): Waiting[] {
    const taken = this.#waiting;
    if (count >= taken.length) {
      this.#waiting = [];
      return taken;
    }
    this.#waiting = taken.slice(count);
    return taken.slice(0, count);
  }

  /** Takes, from the first one on, what can be made in one transaction: at least one. The lane is busy then. */
  takeTogether(room: number, size: number): { readonly waiting: Waiting[]; readonly size: number } {
    this.isBusy = true;
    const [first] = this.#waiting;
    if (first !== undefined && this.#waiting.length === 1) return { waiting: this.take(1), size: sizeOf(first.change.part) };
    const group = new PartsOfThread();
    let [count, taken] = [0, 0];
    for (const { change } of this.#waiting) {
      if (count >= room || (count > 0 && taken >= size) || !group.admits(change.part)) break;
      taken += sizeOf(change.part);
      count++;
    }
    return { waiting: this.take(count), size: taken };
  }

  /**
   * Rejects a change, and those that stand on it: of the ones that were taken with it, and of those that wait.
   * @returns whether what is handed in next must be told too; see {@link Lane.forgive}
   */
  fail(one: Waiting, takenWith: readonly Waiting[], error: unknown): boolean {
    this.#reject(one, error);
    const { makes } = one.change;
    if (makes === undefined) return false;
    this.#failed.set(makes, error);
    for (const other of [...takenWith, ...this.#waiting]) {
      if (other.isOver !== true && other.change.needs === makes) this.fail(other, takenWith, error);
    }
    this.#waiting = this.#waiting.filter(({ isOver }) => isOver !== true);
    return true;
  }

  /** From here on, whoever hands in something has been told of what failed. */
  forgive(): void {
    this.#failed.clear();
  }

  #reject(waiting: Waiting, error: unknown): void {
    waiting.isOver = true;
    waiting.reject(error);
  }
}

const NO_ROWS: ReadonlySet<PointRow> = new Set();

/** Whether a part can go with others: a checkpoint's parent must be known, or be among these rows. */
function canBeGrouped(part: Part | undefined, rows: ReadonlySet<PointRow>): part is Part {
  if (part === undefined || sizeOf(part) >= LARGE) return false;
  if (part.kind !== "checkpoint" || part.parent === undefined) return true;
  return part.parent.row.pk !== undefined || rows.has(part.parent.row);
}

/** What a group holds of one thread already. */
class PartsOfThread {
  readonly #rows = new Set<PointRow>();
  readonly #taken = new Set<string>();

  /** Adds a part, unless it has to go by itself, or in a later group: a row cannot be written twice in one, and its parent must be known. */
  admits(part: Part | undefined): boolean {
    if (!canBeGrouped(part, this.#rows)) return false;
    if (part.kind !== "checkpoint") return isNew(this.#taken, nameOf(part));
    this.#rows.add(part.row);
    return isNew(this.#taken, pointKey(part.ns, part.id));
  }
}

/** A task beside a checkpoint, or the thread's lease. */
function nameOf(part: Exclude<Part, CheckpointPart>): string {
  return part.kind === "writes" ? `${pointKey(part.ns, part.checkpointId)}\0${part.taskId}` : "";
}

function isNew(names: Set<string>, name: string): boolean {
  if (names.has(name)) return false;
  names.add(name);
  return true;
}
