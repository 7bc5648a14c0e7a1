import { CheckpointError } from "@holdpoint/checkpoint";

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
        for (const one of group) {
          running = one;
          one.value = one.change.run();
        }
        running = undefined;
      });
      return { kind: "committed" };
    } catch (error) {
      return { kind: "failed", error, culprit: isOfStorage(error) ? undefined : running };
    }
  }
}

function ranAlone(waiting: Waiting): boolean {
  waiting.value = waiting.change.alone?.();
  return waiting.value !== undefined;
}

/** A full disk, a lock, a closed database: the next change would meet the same, and wait for it as long. */
function isOfStorage(error: unknown): boolean {
  return CheckpointError.is(error) && error.code.startsWith("STORAGE_");
}
