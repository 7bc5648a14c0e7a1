import type { Runtime } from "@holdpoint/core";
import { AgentError } from "../agent-error.js";
import { loadModel, parseModelName } from "../models/load-model.js";
import type { ToolSet } from "../tools/read-tools.js";
import { bareModel, bindTools, isModel, type ModelRunnable } from "./bind-tools.js";

/** A chat model, a bound one or a chain: anything that answers messages. LangChain's `Runnable` fits, and is dear to compare with. */
export interface ModelLike {
  // biome-ignore lint/suspicious/noExplicitAny: what models take and give differs by model; the agent reads answers as unknown
  invoke(input: any, options?: any): Promise<any>;
}

/** What an agent takes as its model: a LangChain chat model, a name such as "anthropic:claude-sonnet-4-5", or a function that chooses one in each step. */
export type AgentModel<State = Record<string, unknown>, Context = unknown> =
  | string
  | ModelLike
  | ((state: State, runtime: Runtime<Context>) => ModelLike | string | Promise<ModelLike | string>);

/** Gives the models of one step. */
export interface ModelSource {
  /** With the agent's tools bound; at once where the model is always the same and was loaded before. */
  withTools(state: unknown, runtime: Runtime): ModelRunnable | Promise<ModelRunnable>;
  /** The chat model itself, for structured output. */
  bare(state: unknown, runtime: Runtime): Promise<ModelRunnable>;
}

/**
 * Reads the agent's model. What a function chooses must have its tools bound, unless it is a name or has none bound at all.
 * @throws AgentError INVALID_MODEL, UNKNOWN_MODEL
 */
export function readModel(model: AgentModel<never, never> | undefined, tools: ToolSet): ModelSource {
  if (model === undefined || model === null)
    throw new AgentError(
      "INVALID_OPTIONS",
      'createReactAgent needs a model: { model: "anthropic:claude-sonnet-4-5" }, or a LangChain chat model.',
    );
  if (typeof model === "string") parseModelName(model);
  const ready = new WeakMap<object, Promise<ModelRunnable>>();
  const loaded = new Map<string, Promise<ModelRunnable>>();
  const prepared = (chosen: ModelLike | string): Promise<ModelRunnable> => {
    if (typeof chosen === "string") return remember(loaded, chosen, async () => bindTools(await loadModel(chosen), tools));
    checkModel(chosen);
    return remember(ready, chosen, () => bindTools(chosen as ModelRunnable, tools));
  };
  if (typeof model === "function" && !isModel(model)) {
    const choose = model as (state: unknown, runtime: Runtime) => ModelLike | string | Promise<ModelLike | string>;
    const withTools = async (state: unknown, runtime: Runtime) => prepared(await choose(state, runtime));
    return { withTools, bare: async (state, runtime) => bareModel(await withTools(state, runtime)) };
  }
  let always: ModelRunnable | undefined;
  const load = async (): Promise<ModelRunnable> => {
    always = await prepared(model as ModelLike | string);
    return always;
  };
  return { withTools: () => always ?? load(), bare: async () => bareModel(always ?? (await load())) };
}

interface Memory<Key> {
  get(key: Key): Promise<ModelRunnable> | undefined;
  set(key: Key, value: Promise<ModelRunnable>): unknown;
  delete(key: Key): unknown;
}

/** One load for a model, whoever asks first; a failed one is tried again. */
function remember<Key>(memory: Memory<Key>, key: Key, load: () => Promise<ModelRunnable>): Promise<ModelRunnable> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const loading = load();
  memory.set(key, loading);
  loading.catch(() => memory.delete(key));
  return loading;
}

function checkModel(model: unknown): void {
  if (typeof model === "object" && model !== null && typeof (model as { invoke?: unknown }).invoke === "function") return;
  throw new AgentError(
    "INVALID_MODEL",
    `The model is ${model === null ? "null" : `a ${typeof model}`} without an invoke method. Pass a LangChain chat model, a name such as "anthropic:claude-sonnet-4-5", or a function that gives one.`,
  );
}
