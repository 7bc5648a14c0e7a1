import type { Json, OpenBy } from "./job.js";

/** Storage that several processes share. */
export interface ProcessStorage {
  /** Name of the saver, as it stands in the report. */
  readonly name: string;
  /** How a process opens a saver. */
  readonly open: OpenBy;
  /** Makes empty storage. @returns the arguments with which the function of `open` finds it. Called once for each case. */
  create(): readonly Json[] | Promise<readonly Json[]>;
  /** Removes what `create` made. */
  dispose?(args: readonly Json[]): void | Promise<void>;
}

/** Gives the case storage of its own. */
export async function withStorage(storage: ProcessStorage, run: (args: readonly Json[]) => Promise<void>): Promise<void> {
  const args = await storage.create();
  try {
    await run(args);
  } finally {
    await storage.dispose?.(args);
  }
}
