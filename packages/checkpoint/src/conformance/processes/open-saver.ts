import type { CheckpointSaver } from "../../types.js";
import type { Assignment } from "./job.js";

/** Finds the function that opens a saver; calling it opens the storage. */
export async function findOpener({ open, args }: Assignment): Promise<() => Promise<CheckpointSaver>> {
  const module = (await import(open.module)) as Readonly<Record<string, unknown>>;
  const path = open.export.split(".");
  let holder: unknown;
  let found: unknown = module;
  for (const name of path) {
    holder = found;
    found = (found as Readonly<Record<string, unknown>> | undefined)?.[name];
  }
  if (typeof found !== "function") {
    throw new Error(`${open.module} exports no function ${open.export}. It has: ${Object.keys(module).join(", ")}.`);
  }
  const opener = found as (...args: unknown[]) => CheckpointSaver | Promise<CheckpointSaver>;
  return async () => opener.apply(holder, [...args]);
}

/** Closes a saver that has a method for it. */
export async function closeSaver(saver: CheckpointSaver): Promise<void> {
  const { close, end } = saver as { close?: () => unknown; end?: () => unknown };
  await (close ?? end)?.call(saver);
}
