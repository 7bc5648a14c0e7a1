import { relative } from "node:path";
import { readThread, type ThreadState } from "./conversation/read-thread.js";
import { runTurn, type TurnInput, type TurnOutcome } from "./conversation/run-turn.js";
import type { Desk } from "./desk.js";
import { askDecision } from "./terminal/ask-decision.js";
import { printableLine } from "./terminal/printable.js";
import { TurnView } from "./terminal/show-turn.js";
import type { Terminal } from "./terminal/terminal.js";
import { wrap } from "./terminal/wrap.js";

/** What a person wants next; or that they leave. */
type Next = TurnInput | { readonly kind: "leave" };

/** What was done last, and what came of it. */
interface Last {
  readonly input?: TurnInput;
  readonly outcome: TurnOutcome;
}

/**
 * Talks with a person until they leave: opens at what waits for approval, goes on with what was interrupted, else asks.
 * The conversation is in the file after every step, so that leaving, or dying, at any moment loses nothing.
 */
export async function converse(desk: Desk, terminal: Terminal, threadId: string): Promise<void> {
  greet(desk, terminal, threadId);
  let thread = await readThread(desk.agent, threadId);
  recall(terminal, thread);
  let last: Last = { outcome: { kind: "done" } };
  for (;;) {
    const next = await nextInput(terminal, thread, last);
    if (next.kind === "leave") break;
    const view = new TurnView(terminal);
    const outcome = await runTurn(desk.agent, threadId, next, view.show);
    view.end();
    last = { input: next, outcome };
    if (outcome.kind !== "done") say(terminal, outcome.line, terminal.style.bad);
    thread = await readThread(desk.agent, threadId);
  }
  const waits = thread.pending.length === 0 ? "" : " The call goes on waiting for approval.";
  say(terminal, `Saved.${waits} Start again to go on.`, terminal.style.faint);
}

async function nextInput(terminal: Terminal, thread: ThreadState, last: Last): Promise<Next> {
  const [call] = thread.pending;
  if (call !== undefined) {
    const position = { index: 1, count: thread.pending.length };
    const outcome = await askDecision(terminal, { request: call.request, position, draft: draftOf(call.id, last) });
    return outcome.kind === "left" ? { kind: "leave" } : { kind: "decide", id: call.id, response: outcome.response };
  }
  if (thread.unfinished && last.outcome.kind === "done") return { kind: "continue" };
  for (;;) {
    const answer = await terminal.ask(`\n${terminal.style.name("you  › ")}`);
    if (answer.kind !== "line") return { kind: "leave" };
    const text = answer.text.trim();
    if (text !== "") return { kind: "say", text };
    if (thread.unfinished) return { kind: "continue" };
  }
}

/** What a person had changed, where it did not fit: they go on from there. */
const draftOf = (id: string, { input, outcome }: Last) =>
  outcome.kind === "not-accepted" && input?.kind === "decide" && input.id === id && input.response.type === "edit"
    ? input.response.args.args
    : undefined;

function greet({ chosen, places }: Desk, terminal: Terminal, threadId: string): void {
  const { style } = terminal;
  terminal.line(`${style.strong("Holdpoint hotel desk")} ${style.faint(`· thread ${printableLine(threadId)} · ${chosen.label}`)}`);
  if (chosen.notice !== undefined) say(terminal, chosen.notice, style.ask);
  say(terminal, `Bookings: ${nearby(places.bookings)}\nMails:    ${nearby(places.outbox)}`, style.faint);
}

/** Reminds of where the conversation stood, when it is taken up again. */
function recall(terminal: Terminal, { pending, unfinished, messages }: ThreadState): void {
  const { style } = terminal;
  const asked = messages.findLast(({ type }) => type === "human");
  if (asked === undefined) {
    say(terminal, "Try: Book the McKittrick Hotel from 12 to 14 March for Ada Lovelace", style.faint);
    return;
  }
  terminal.line();
  const words = wrap(`${printableLine(asked.text)}`, terminal.width - 7);
  terminal.line(`${style.name("you  › ")}${words.join("\n       ")}`);
  if (pending.length > 0) say(terminal, "This was asked before, and still waits for you.", style.ask);
  else if (unfinished) say(terminal, "This was not finished. Going on where it stopped.", style.ask);
  else {
    const answered = messages.at(-1);
    if (answered?.type === "ai" && answered.text !== "") {
      const view = new TurnView(terminal);
      view.show({ kind: "text", text: answered.text });
      view.end();
    }
  }
}

const say = (terminal: Terminal, text: string, paint: (text: string) => string): void => {
  for (const line of wrap(text, terminal.width)) terminal.line(paint(line));
};

/** A path as seen from here, where it is below. */
function nearby(path: string): string {
  const seen = relative(process.cwd(), path);
  return seen.startsWith("..") ? path : seen;
}
