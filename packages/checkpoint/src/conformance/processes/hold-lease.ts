import { newLease } from "../../index.js";
import type { CheckpointSaver } from "../../types.js";
import { say } from "./say.js";

/** Thread that the lease is for. */
export const HELD_THREAD = "held";

/** Takes the lease of a thread for an hour, and keeps it until the process is killed. */
export async function holdLease(saver: CheckpointSaver): Promise<never> {
  const lease = newLease(Date.now(), 3_600_000);
  const outcome = await saver.acquireLease!(HELD_THREAD, lease, Date.now());
  say({ kind: "result", value: outcome.kind });
  return new Promise<never>(() => undefined);
}
