import { type Runnable, RunnableBinding, RunnableSequence } from "@langchain/core/runnables";
import { AgentError } from "../agent-error.js";
import type { ToolSet } from "../tools/read-tools.js";

/** Anything that answers messages with a message: a chat model, one with tools bound, a chain that holds one. */
// biome-ignore lint/suspicious/noExplicitAny: LangChain's own bound for any runnable
export type ModelRunnable = Runnable<any, any>;

interface BindsTools {
  bindTools(tools: unknown[]): ModelRunnable;
}

/** A model that is chosen when it is called: langchain's initChatModel. */
interface Configurable {
  _model(config?: unknown): Promise<ModelRunnable>;
}

const bindsTools = (model: unknown): model is BindsTools => typeof (model as { bindTools?: unknown }).bindTools === "function";
const isConfigurable = (model: unknown): model is Configurable =>
  typeof model === "object" &&
  model !== null &&
  "_queuedMethodOperations" in model &&
  typeof (model as { _model?: unknown })._model === "function";

/**
 * Tells a model of its tools. One that has been told of them already is left as it is, if they are the same.
 * @throws AgentError MODEL_WITHOUT_TOOLS, INVALID_MODEL
 */
export async function bindTools(model: ModelRunnable, tools: ToolSet): Promise<ModelRunnable> {
  if (tools.all.length === 0) return model;
  const bound = await boundTools(model);
  if (bound === undefined) return bind(model, tools);
  checkBound(bound, tools);
  return model;
}

async function bind(model: ModelRunnable, tools: ToolSet): Promise<ModelRunnable> {
  if (isConfigurable(model)) return bind(await model._model(), tools);
  if (RunnableSequence.isRunnableSequence(model)) {
    const at = model.steps.findIndex(isModelStep);
    if (at < 0) throw withoutTools(model);
    const steps = model.steps.slice();
    steps[at] = await bind(steps[at] as ModelRunnable, tools);
    return RunnableSequence.from(steps as [ModelRunnable, ...ModelRunnable[], ModelRunnable]);
  }
  if (bindsTools(model)) return model.bindTools([...tools.all]);
  if (!RunnableBinding.isRunnableBinding(model)) throw withoutTools(model);
  const inner = await bind(model.bound as ModelRunnable, tools);
  const { config, kwargs, configFactories } = model;
  if (!RunnableBinding.isRunnableBinding(inner)) return new RunnableBinding({ bound: inner, config, kwargs, configFactories });
  return new RunnableBinding({
    bound: inner.bound,
    config: { ...config, ...inner.config },
    kwargs: { ...kwargs, ...inner.kwargs },
    configFactories: inner.configFactories ?? configFactories,
  });
}

const isModelStep = (step: unknown): boolean =>
  RunnableBinding.isRunnableBinding(step) || bindsTools(step) || isConfigurable(step) || isModel(step);

/** Tells whether something is a chat model itself, with nothing around it. */
export const isModel = (value: unknown): boolean =>
  typeof value === "object" && value !== null && typeof (value as { _modelType?: unknown })._modelType === "function";

/** The definitions that the model was bound to; undefined if it was to none. */
async function boundTools(model: ModelRunnable): Promise<readonly unknown[] | undefined> {
  const inner = await modelIn(model);
  if (!RunnableBinding.isRunnableBinding(inner)) return undefined;
  const { kwargs, config } = inner as { kwargs?: { tools?: unknown }; config?: { tools?: unknown } };
  const tools = kwargs?.tools ?? config?.tools;
  if (!Array.isArray(tools)) return undefined;
  const [first] = tools as { functionDeclarations?: unknown }[];
  return tools.length === 1 && Array.isArray(first?.functionDeclarations) ? first.functionDeclarations : tools;
}

async function modelIn(model: ModelRunnable): Promise<ModelRunnable> {
  const step = RunnableSequence.isRunnableSequence(model) ? ((model.steps.find(isModelStep) as ModelRunnable | undefined) ?? model) : model;
  return isConfigurable(step) ? step._model() : step;
}

/** The chat model itself, without what is bound to it. */
export async function bareModel(model: ModelRunnable): Promise<ModelRunnable> {
  const inner = await modelIn(model);
  return RunnableBinding.isRunnableBinding(inner) ? bareModel(inner.bound as ModelRunnable) : inner;
}

function checkBound(bound: readonly unknown[], { all, client }: ToolSet): void {
  const names = new Set(bound.map(nameOf));
  const missing = [...client.keys()].filter((name) => !names.has(name));
  if (missing.length === 0 && bound.length === all.length) return;
  throw new AgentError(
    "INVALID_MODEL",
    `The model is bound to ${bound.length} tools (${[...names].join(", ")}), the agent has ${all.length} (${[...client.keys()].join(", ")})${missing.length === 0 ? "" : `; the model lacks ${missing.join(", ")}`}. ` +
      "Pass the model without bindTools, and the agent binds its tools; or give both the same.",
  );
}

function nameOf(definition: unknown): string | undefined {
  const {
    type,
    name,
    function: called,
    toolSpec,
  } = definition as { type?: string; name?: string; function?: { name?: string }; toolSpec?: { name?: string } };
  return type === "function" && called !== undefined ? called.name : (name ?? toolSpec?.name);
}

const withoutTools = (model: object): AgentError =>
  new AgentError(
    "MODEL_WITHOUT_TOOLS",
    `The model ${model.constructor.name} has no bindTools method, so that it cannot be told of the agent's tools. Pass a chat model that calls tools, or leave tools out.`,
  );
