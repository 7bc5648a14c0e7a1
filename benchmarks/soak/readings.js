import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";

const countByName = (names) => {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Open handles and timers of this process, by kind, and listeners of the shared signal and of the process. */
export function readHandles(signal) {
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return {
    ...countByName(process.getActiveResourcesInfo()),
    signalListeners: getEventListeners(signal, "abort").length,
    processListeners: listeners,
  };
}

/** Memory in bytes: what the process has of the machine, and what the heap holds after a collection. */
export async function readMemory() {
  globalThis.gc();
  await setImmediate();
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external };
}
