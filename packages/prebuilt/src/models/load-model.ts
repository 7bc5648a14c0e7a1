import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AgentError } from "../agent-error.js";
import { PROVIDERS, type Provider, providerOf } from "./providers.js";

/** Fetches a package; tests give their own. */
export type ImportPackage = (name: string) => Promise<Record<string, unknown>>;

const importPackage: ImportPackage = (name) => import(name) as Promise<Record<string, unknown>>;

/**
 * Loads a chat model by name: `"anthropic:claude-sonnet-4-5"`, or a bare name of a known family. The provider's LangChain package is
 * imported when it is asked for; its own environment variables (`ANTHROPIC_API_KEY` …) and defaults count.
 * @throws AgentError UNKNOWN_MODEL, MISSING_MODEL_PACKAGE (with the command that installs it), INVALID_MODEL
 * @example
 * ```ts
 * import { loadModel } from "@holdpoint/prebuilt";
 * const model = await loadModel("anthropic:claude-sonnet-4-5", { maxRetries: 2 });
 * ```
 */
export async function loadModel(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
  load: ImportPackage = importPackage,
): Promise<BaseChatModel> {
  const { model, provider } = parseModelName(name);
  const ChatModel = (await loadPackage(name, provider, load))[provider.className];
  if (typeof ChatModel !== "function") {
    throw new AgentError(
      "INVALID_MODEL",
      `${provider.package} has no ${provider.className}, which the model "${name}" needs. Update it: npm install ${provider.package}@latest`,
    );
  }
  return new (ChatModel as new (fields: unknown) => BaseChatModel)({ ...options, model });
}

/** @throws AgentError UNKNOWN_MODEL */
export function parseModelName(name: string): { readonly model: string; readonly provider: Provider } {
  if (typeof name !== "string")
    throw new AgentError("UNKNOWN_MODEL", `A model is loaded by its name, such as "anthropic:claude-sonnet-4-5", not by a ${typeof name}.`);
  const colon = name.indexOf(":");
  const word = colon < 0 ? "" : name.slice(0, colon);
  // "llama3.1:8b" has a colon, and no provider before it.
  const known = Object.hasOwn(PROVIDERS, word) ? PROVIDERS[word] : undefined;
  if (known !== undefined && colon < name.length - 1) return { provider: known, model: name.slice(colon + 1) };
  const inferred = providerOf(name);
  if (known === undefined && inferred !== undefined) return { provider: PROVIDERS[inferred] as Provider, model: name };
  throw new AgentError(
    "UNKNOWN_MODEL",
    `The model "${name}" is of no known provider. Write "provider:model", such as "anthropic:claude-sonnet-4-5"; providers: ${Object.keys(PROVIDERS).join(", ")}. Or pass a LangChain chat model.`,
  );
}

async function loadPackage(name: string, provider: Provider, load: ImportPackage): Promise<Record<string, unknown>> {
  try {
    return await load(provider.package);
  } catch (cause) {
    if (!isMissing(cause, provider.package)) throw cause;
    throw new AgentError(
      "MISSING_MODEL_PACKAGE",
      `The model "${name}" needs the package ${provider.package}, which is not installed. Install it: npm install ${provider.package}`,
      { cause },
    );
  }
}

/** The package itself is missing, not one that it imports. Bundlers word it in their own ways. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const text = String(message);
  const says = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND" || /could not resolve/i.test(text);
  return says && (text.includes(`'${name}'`) || text.includes(`"${name}"`));
}
