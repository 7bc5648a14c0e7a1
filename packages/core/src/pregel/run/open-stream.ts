import { stopUnread } from "../context/abort.js";
import { EventStream } from "../context/event-stream.js";
import type { Outlet, TaskContext } from "../context/run-context.js";
import type { GraphConfig, StreamOptions } from "../model/graph-config.js";
import type { ShownKeys } from "../model/program.js";
import { readModes } from "../model/stream-mode.js";
import { executeRun } from "./execute-run.js";
import { callerOf, type RunnableGraph } from "./start-run.js";

/** What a run inside of a task is shown through besides its own. */
export const outletsAround = (caller: TaskContext | undefined): readonly Outlet[] => caller?.run.outlets ?? [];

/** Begins a run, and gives what happens in it. Whoever leaves off reading stops it. */
export function openStream(graph: RunnableGraph, input: unknown, options: StreamOptions | undefined, shown: ShownKeys): EventStream {
  const { streamMode: mode, subgraphs, ...config } = options ?? {};
  const streamMode = mode ?? "updates";
  const caller = callerOf(config as GraphConfig);
  const cancel = new AbortController();
  const modes = readModes(streamMode);
  const stream = new EventStream({
    modes,
    subgraphs: subgraphs ?? false,
    tagged: typeof streamMode !== "string",
    onCancel: () => stopUnread(cancel),
  });
  const depth = caller === undefined ? 0 : caller.scope.ns.split("|").length + (caller.subgraphs === 0 ? 0 : 1);
  const outlets = [...outletsAround(caller), { sink: stream, depth }];
  stream.follow(executeRun(graph, { input, config, caller, outlets, shown, cancel }));
  return stream;
}
