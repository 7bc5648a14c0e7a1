import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Day } from "./calendar.js";
import type { ModelChoice } from "./flags.js";

export interface ChosenModel {
  readonly model: BaseChatModel;
  /** How the terminal names it. */
  readonly label: string;
  /** One line that a person must know, such as that there is no key. */
  readonly notice?: string;
}

export const DEFAULT_CLAUDE = "claude-sonnet-4-5";

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly today: () => Day;
  readonly onWait?: (seconds: number) => void;
}

/** Chooses Claude where there is a key, else the offline model. Loads only the one that it chooses. */
export async function chooseModel(choice: ModelChoice, { env, today, onWait }: Surroundings): Promise<ChosenModel> {
  const apiKey = env.ANTHROPIC_API_KEY?.trim() ?? "";
  if (choice.kind === "offline" || apiKey === "") {
    const { OfflineDeskModel } = await import("./offline-model/offline-desk-model.js");
    const notice = choice.kind === "offline" ? undefined : "No ANTHROPIC_API_KEY, so an offline model answers: it reads requests by rules.";
    return { model: new OfflineDeskModel({ today }), label: "offline model", notice };
  }
  const { createClaude } = await import("./claude/create-claude.js");
  const model = choice.kind === "claude" ? choice.model : DEFAULT_CLAUDE;
  return { model: createClaude({ apiKey, model, baseUrl: env.ANTHROPIC_BASE_URL || undefined, onWait }), label: model };
}
