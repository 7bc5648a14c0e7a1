import { CheckpointError } from "@holdpoint/checkpoint";
import type { SqliteValue } from "./sqlite-handle.js";

/** Changes that wait for their transaction at most: whoever hands in more without waiting waits here. */
const MAX_WAITING = 256;

/** Taken when the module is loaded: tests with a false clock put another one in its place, which would stop the writing. */
const nextTurn = setImmediate;

/** A change of the database. It may be run again, after what it did was rolled back. */
export interface Change<T> {
  /** Runs within a transaction. */
  readonly run: () => T;
  /** The usual case as one statement, which needs no transaction around it. Gives undefined if it changed nothing: then `run` has its turn. */
  readonly alone?: () => T | undefined;
  /** True if it can go with the next one, which comes at once. */
  readonly mayWait?: boolean;
  /** What it adds, where that can be done in one go with what the changes next to it add. */
  readonly rows?: Rows;
}

/** Rows of one place. */
export interface Rows {
  readonly values: readonly (readonly SqliteValue[])[];
  isBeside(other: Rows): boolean;
  /**
   * Adds the rows of several changes, which stand beside each other, but for those that are there.
   * @returns false if nothing could be added: then each change has its turn
   */
  addAll(values: readonly (readonly SqliteValue[])[]): boolean;
}

interface Waiting {
  readonly change: Change<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  value?: unknown;
}

/** How a group of changes ended. */
type Attempt =
  | { readonly kind: "committed" }
  /** Nothing was saved. `culprit` is the change that failed by itself; undefined where the storage did. */
  | { readonly kind: "failed"; readonly error: unknown; readonly culprit: Waiting | undefined };

/**
 * Commits together what is handed in within one turn of the event loop, be it by one run that does not wait or by many that do: a transaction
 * costs as much as some ten rows. The first of a turn is committed at once, since what it saves has happened already; those after it at the
 * turn's end. Changes take effect in the order in which they came, and each is made as a whole or not at all.
 */
export class WriteQueue {
  #waiting: Waiting[] = [];
  /** Whether the end of this turn is waited for. */
  #turn: "quiet" | "scheduled" | "committed" = "quiet";

  /** @param transact runs all of it or nothing */
  constructor(private readonly transact: (run: () => void) => void) {}

  /** Hands in a change. @returns what it returned, once it is committed */
  add<T>(change: Change<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (this.#turn === "quiet") nextTurn(() => this.#endTurn());
      const isFirst = this.#turn !== "committed" && change.mayWait !== true;
      this.#turn = isFirst ? "committed" : this.#turn === "quiet" ? "scheduled" : this.#turn;
      if (isFirst || this.#waiting.length >= MAX_WAITING) this.flush();
    });
  }

  #endTurn(): void {
    this.#turn = "quiet";
    this.flush();
  }

  /** Commits at once what waits, so that what is read afterwards is there. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    let group = this.#waiting;
    this.#waiting = [];
    while (group.length > 0) {
      const attempt = this.#commit(group);
      if (attempt.kind === "committed") {
        for (const { resolve, value } of group) resolve(value as never);
        return;
      }
      const { error, culprit } = attempt;
      for (const one of group) if (culprit === undefined || one === culprit) one.reject(error);
      // One that fails by itself must not take the others with it.
      group = culprit === undefined ? [] : group.filter((one) => one !== culprit);
    }
  }

  #commit(group: readonly Waiting[]): Attempt {
    let running: Waiting | undefined;
    try {
      if (group.length === 1 && ranAlone(group[0]!)) return { kind: "committed" };
      this.transact(() => {
        for (let at = 0; at < group.length; ) {
          const end = endOfRows(group, at);
          running = group[at]!;
          if (end - at > 1 && addRows(group, at, end)) at = end;
          for (; at < end; at++) {
            running = group[at]!;
            running.value = running.change.run();
          }
        }
        running = undefined;
      });
      return { kind: "committed" };
    } catch (error) {
      return { kind: "failed", error, culprit: isOfStorage(error) ? undefined : running };
    }
  }
}

/** @returns the end of those changes from `at` on whose rows can be added in one go; the next place where there are none */
function endOfRows(group: readonly Waiting[], at: number): number {
  const { rows } = group[at]!.change;
  let end = at + 1;
  for (; rows !== undefined && end < group.length; end++) {
    const next = group[end]!.change.rows;
    if (next === undefined || !rows.isBeside(next)) break;
  }
  return end;
}

function addRows(group: readonly Waiting[], at: number, end: number): boolean {
  const changes = group.slice(at, end);
  const isDone = changes[0]!.change.rows!.addAll(changes.flatMap(({ change }) => change.rows!.values));
  if (isDone) for (const one of changes) one.value = true;
  return isDone;
}

function ranAlone(waiting: Waiting): boolean {
  waiting.value = waiting.change.alone?.();
  return waiting.value !== undefined;
}

/** A full disk, a lock, a closed database: the next change would meet the same, and wait for it as long. */
function isOfStorage(error: unknown): boolean {
  return CheckpointError.is(error) && error.code.startsWith("STORAGE_");
}
