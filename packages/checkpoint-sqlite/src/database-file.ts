import { statSync } from "node:fs";
import { CheckpointError } from "@holdpoint/checkpoint";

/** Milliseconds between two looks: what is saved into a file that is gone is lost, and a look takes some microseconds. */
const INTERVAL = 1000;

/**
 * Notices that an open database's file was removed, or replaced by another: saves go on into the file that no name leads to any more, and are lost with the
 * process. It is looked at by its name. To open it a second time, even to read, would be worse: closing it gives back all locks that this process has on it.
 */
export class DatabaseFile {
  #lookedAt = Date.now();

  private constructor(
    private readonly path: string,
    private readonly identity: string,
  ) {}

  /** @param path undefined or empty for a database in memory. @returns undefined where there is no file to look at */
  static at(path: string | undefined): DatabaseFile | undefined {
    const identity = path === undefined || path === "" ? undefined : identityOf(path);
    return path === undefined || identity === undefined ? undefined : new DatabaseFile(path, identity);
  }

  /** Looks whether it is still there, once a second at most. @throws CheckpointError STORAGE_FAILED; again at each call, until it is back */
  check(): void {
    const now = Date.now();
    // The clock may be set back.
    if (Math.abs(now - this.#lookedAt) < INTERVAL) return;
    const found = identityOf(this.path);
    if (found !== this.identity) throw gone(this.path, found !== undefined);
    this.#lookedAt = now;
  }
}

/** Tells a file from another one that gets its name. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function gone(path: string, isReplaced: boolean): CheckpointError {
  return new CheckpointError(
    "STORAGE_FAILED",
    `The database file ${JSON.stringify(path)} was ${isReplaced ? "replaced by another one" : "removed"} while it was open. Nothing was saved; what was saved since that happened ` +
      "is only in the file that has no name any more, and goes with this process. It can still be read: bring it out with exportThread(), and open a new saver. Close all savers before a file is removed or restored.",
  );
}
