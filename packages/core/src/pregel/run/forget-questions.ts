import { INTERRUPT, NAMESPACE_SEPARATOR } from "../../constants.js";
import type { GraphRun } from "../context/run-context.js";
import { readSavedStep } from "../save/saved-tasks.js";

/**
 * Notes in the graphs around a graph whose state is changed that what it asked is over: they run it again, and it goes on from the changed state, or asks
 * anew. Done before the change is saved: where the process ends in between, the same questions are asked again.
 */
export async function forgetQuestions({ fence, saver, threadId, ns }: GraphRun): Promise<void> {
  if (ns === "" || saver === undefined || threadId === undefined) return;
  const path = ns.split(NAMESPACE_SEPARATOR);
  for (const [depth, place] of path.entries()) {
    const around = path.slice(0, depth).join(NAMESPACE_SEPARATOR);
    const tuple = await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: around } });
    const task = place.slice(place.indexOf(":") + 1);
    const asked = readSavedStep(tuple?.pendingWrites).tasks.get(task)?.interrupts ?? [];
    if (tuple !== undefined && asked.length > 0) await fence.pass(() => saver.putWrites(tuple.config, [[INTERRUPT, []]], task));
  }
}
