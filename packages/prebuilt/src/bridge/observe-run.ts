import { isGraphInterrupt, type ObservedRun, type RunObserver } from "@holdpoint/core";
import { CallbackManager, type Callbacks } from "@langchain/core/callbacks/manager";

/** LangSmith's switches, as LangChain reads them. */
const TRACING_SWITCHES = ["LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING"];

const isTracingOn = (): boolean => TRACING_SWITCHES.some((name) => process.env[name] === "true");

/**
 * Reports a graph's run, or a node's, to callback handlers as a chain run: its name, input and output, and the run that it is part of.
 * Undefined, at no cost, where there is no handler and LangSmith's environment variables ask for no trace.
 */
export function observeRun(run: ObservedRun): Promise<RunObserver | undefined> | undefined {
  if (isEmpty(run.callbacks) && !isTracingOn()) return undefined;
  return startRun(run);
}

const isEmpty = (callbacks: unknown): boolean =>
  callbacks === undefined || callbacks === null || (Array.isArray(callbacks) && callbacks.length === 0);

async function startRun({ kind, name, input, callbacks, tags, metadata, runId }: ObservedRun): Promise<RunObserver | undefined> {
  // As LangGraph tags its nodes' runs, where traces are searched for them.
  const own = kind === "node" ? [`graph:step:${String(metadata.langgraph_step)}`] : undefined;
  const manager = CallbackManager.configure(callbacks as Callbacks, undefined, [...tags], own, { ...metadata });
  if (manager === undefined) return undefined;
  const chain = { lc: 1 as const, type: "not_implemented" as const, id: ["holdpoint", kind, name] };
  const started = await manager.handleChainStart(chain, asRecord(input, "input"), runId, undefined, undefined, undefined, name);
  return {
    callbacks: started.getChild(),
    end: async (output) => {
      await started.handleChainEnd(asRecord(output, "output"));
    },
    fail: async (error) => {
      // A pause is no failure: the run ends, with what it waits for.
      if (isGraphInterrupt(error)) await started.handleChainEnd({ __interrupt__: error.interrupts });
      else await started.handleChainError(error);
    },
  };
}

const asRecord = (value: unknown, key: string): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : { [key]: value };
