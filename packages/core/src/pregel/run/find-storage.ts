import type { CheckpointSaver } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import type { GraphConfig } from "../model/graph-config.js";
import { callerOf, threadName } from "./start-run.js";

/** The saver that has a thread, and the place in it that a config asks for. */
export interface ThreadStorage {
  readonly saver: CheckpointSaver;
  readonly config: {
    readonly configurable: { readonly thread_id: string; readonly checkpoint_ns?: string; readonly checkpoint_id?: string };
  };
}

/**
 * Finds where a graph's thread is saved, for who reads or changes it: in the graph's saver, or in that of the graph around.
 * @throws GraphError MISSING_CHECKPOINTER, MISSING_THREAD_ID, INVALID_CONFIG
 */
export function findStorage(
  graph: { readonly name: string; readonly checkpointer: CheckpointSaver | boolean | undefined },
  config: GraphConfig,
): ThreadStorage {
  const saver = typeof graph.checkpointer === "object" ? graph.checkpointer : callerOf(config)?.run.saver;
  if (saver === undefined)
    throw new GraphError(
      "MISSING_CHECKPOINTER",
      `"${graph.name}" has no checkpointer, so nothing of its runs is saved. Pass one: compile({ checkpointer }).`,
    );
  const threadId = threadName(config.configurable?.thread_id);
  if (threadId === undefined) throw new GraphError("MISSING_THREAD_ID", 'Say which thread: { configurable: { thread_id: "…" } }.');
  const { checkpoint_ns, checkpoint_id } = config.configurable ?? {};
  if (checkpoint_ns !== undefined && typeof checkpoint_ns !== "string")
    throw new GraphError(
      "INVALID_CONFIG",
      `configurable.checkpoint_ns must be a string, not ${checkpoint_ns === null ? "null" : typeof checkpoint_ns}.`,
    );
  return {
    saver,
    config: {
      configurable: {
        thread_id: threadId,
        ...(checkpoint_ns === undefined ? {} : { checkpoint_ns }),
        ...(checkpoint_id === undefined ? {} : { checkpoint_id }),
      },
    },
  };
}
