import type { HumanInterrupt, HumanResponse } from "@holdpoint/prebuilt";
import { gateBox } from "./gate-box.js";
import { printableLine } from "./printable.js";
import { type Choice, readChoice } from "./read-choice.js";
import type { Answer, Terminal } from "./terminal.js";

export type GateOutcome =
  | { readonly kind: "decided"; readonly response: HumanResponse }
  /** The person left: the call goes on waiting. */
  | { readonly kind: "left"; readonly by: Exclude<Answer["kind"], "line"> };

export interface Gate {
  readonly request: HumanInterrupt;
  readonly position: { readonly index: number; readonly count: number };
  /** Arguments that a person has changed already, and that did not fit. */
  readonly draft?: Args;
}

type Args = Readonly<Record<string, unknown>>;
type Left = Extract<GateOutcome, { kind: "left" }>;

/** Shows a call that waits, and asks until a person decides or leaves. */
export async function askDecision(terminal: Terminal, { request, position, draft }: Gate): Promise<GateOutcome> {
  const { action, args: before } = request.action_request;
  const allowed = choicesOf(request);
  let args: Args = draft ?? before;
  for (let shown = false; ; ) {
    const edited = JSON.stringify(args) !== JSON.stringify(before);
    if (!shown)
      terminal.line(
        `\n${gateBox({ action, args, description: request.description, position, ...(edited ? { before } : {}) }, terminal.width, terminal.style)}`,
      );
    shown = true;
    const answer = await terminal.ask(menu(terminal, allowed, edited));
    if (answer.kind !== "line") return { kind: "left", by: answer.kind };
    const choice = readChoice(answer.text, allowed);
    if (choice === undefined) {
      terminal.line(terminal.style.faint(`Type ${listOf(allowed)}. Ctrl-C leaves; the call goes on waiting.`));
    } else if (choice === "edit") {
      const changed = await editFields(terminal, args);
      if ("kind" in changed) return changed;
      args = changed.args;
      shown = false;
    } else if (choice === "respond") {
      const words = await terminal.ask(terminal.style.ask("  Your answer to the agent › "));
      if (words.kind !== "line") return { kind: "left", by: words.kind };
      if (words.text.trim() !== "") return { kind: "decided", response: { type: "response", args: words.text.trim() } };
      terminal.line(terminal.style.faint("  No answer, so nothing was decided."));
    } else return { kind: "decided", response: responseFor(choice, action, args, edited) };
  }
}

function responseFor(choice: "accept" | "ignore", action: string, args: Args, edited: boolean): HumanResponse {
  if (choice === "ignore") return { type: "ignore", args: null };
  return edited ? { type: "edit", args: { action, args: { ...args } } } : { type: "accept", args: null };
}

const choicesOf = ({ config }: HumanInterrupt): Choice[] => [
  ...(config.allow_accept ? (["accept"] as const) : []),
  ...(config.allow_edit ? (["edit"] as const) : []),
  ...(config.allow_respond ? (["respond"] as const) : []),
  ...(config.allow_ignore ? (["ignore"] as const) : []),
];

function menu({ style }: Terminal, allowed: readonly Choice[], edited: boolean): string {
  const entries = allowed.map(
    (choice) => `${style.ask(`[${choice[0]}]`)}${choice.slice(1)}${edited && choice === "accept" ? " changes" : ""}`,
  );
  return `  ${entries.join("  ")} ${style.ask("› ")}`;
}

function listOf(allowed: readonly Choice[]): string {
  const letters = allowed.map((choice) => choice.charAt(0));
  return letters.length < 2 ? letters.join("") : `${letters.slice(0, -1).join(", ")} or ${letters.at(-1)}`;
}

/** Asks for each argument in turn; an empty line keeps what is there. */
async function editFields(terminal: Terminal, args: Args): Promise<{ args: Args } | Left> {
  terminal.line(terminal.style.faint("  Enter keeps a value."));
  const changed: Record<string, unknown> = { ...args };
  for (const [name, value] of Object.entries(args)) {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    const answer = await terminal.ask(
      `  ${terminal.style.name(printableLine(name))} ${terminal.style.faint(`(${printableLine(shown)})`)} › `,
    );
    if (answer.kind !== "line") return { kind: "left", by: answer.kind };
    if (answer.text.trim() !== "") changed[name] = readValue(answer.text.trim(), value);
  }
  return { args: changed };
}

/** Text stays text; where something else stood, JSON is read if it is JSON. The tool's schema judges the rest. */
function readValue(text: string, before: unknown): unknown {
  if (typeof before === "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
