import { parseArgs } from "node:util";
import { DEFAULT_DATABASE } from "./default-database.js";

export type ModelChoice =
  /** Claude where there is a key, else the offline model. */
  { readonly kind: "default" } | { readonly kind: "offline" } | { readonly kind: "claude"; readonly model: string };

export type Flags =
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly line: string }
  | {
      readonly kind: "run";
      readonly list: boolean;
      /** Talk, even without a terminal: lines are read from the standard input. */
      readonly interactive: boolean;
      readonly thread: string;
      readonly model: ModelChoice;
      /** Undefined where nobody said. */
      readonly database: string | undefined;
    };

export const HELP = `A hotel desk agent that asks before it acts.

  npm run demo [-- flags]

  --thread <name>   the conversation to open or begin (default: front-desk)
  --list            list the conversations, and what each waits for
  --model <name>    offline, or a model of Anthropic's, such as claude-sonnet-4-5
  --db <file>       where to keep conversations; bookings and mails go beside it
                    (default: ${DEFAULT_DATABASE}; without a terminal, a new temporary folder)
  --interactive     talk, though there is no terminal: answers are read from a pipe
  --help            show this

With ANTHROPIC_API_KEY set, Claude answers (ANTHROPIC_BASE_URL is heeded); without it, an offline model.
Without a terminal, the demo plays one complete story, checks it, and ends.
`;

/** Reads the command line. */
export function parseFlags(args: readonly string[]): Flags {
  let values: { thread?: string; list?: boolean; model?: string; db?: string; interactive?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        thread: { type: "string" },
        list: { type: "boolean" },
        model: { type: "string" },
        db: { type: "string" },
        interactive: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    return mistake(firstSentence(error));
  }
  if (values.help === true) return { kind: "help" };
  const { thread = "front-desk", db, list = false, interactive = false } = values;
  const model = readModel(values.model);
  if (thread.trim() === "" || thread.length > 200 || /\p{Cc}/u.test(thread))
    return mistake("--thread needs a name of at most 200 characters.");
  if (db?.trim() === "") return mistake("--db needs a file name.");
  if (model === undefined)
    return mistake(`--model does not know "${values.model}". It takes offline, or a model of Anthropic's, such as claude-sonnet-4-5.`);
  return { kind: "run", list, interactive, thread, model, database: db };
}

const mistake = (line: string): Flags => ({ kind: "mistake", line });

/** `claude-…`, also as `anthropic:claude-…`. */
function readModel(name: string | undefined): ModelChoice | undefined {
  if (name === undefined) return { kind: "default" };
  if (name === "offline") return { kind: "offline" };
  const model = name.replace(/^anthropic:/, "");
  return /^claude[\w.-]*$/.test(model) ? { kind: "claude", model } : undefined;
}

/** Node says more than a person needs, and not always with a full stop. */
function firstSentence(error: unknown): string {
  const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.)\s/);
  return sentence.endsWith(".") ? sentence : `${sentence}.`;
}
