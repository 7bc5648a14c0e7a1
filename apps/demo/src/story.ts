import { randomUUID } from "node:crypto";
import type { HumanResponse } from "@holdpoint/prebuilt";
import { addDays } from "./calendar.js";
import { type PendingCall, readThread } from "./conversation/read-thread.js";
import { runTurn, type TurnInput } from "./conversation/run-turn.js";
import { type Desk, openDesk } from "./desk.js";
import { gateBox } from "./terminal/gate-box.js";
import { printableLine } from "./terminal/printable.js";
import { type Screen, TurnView } from "./terminal/show-turn.js";
import { wrap } from "./terminal/wrap.js";

/**
 * Plays one complete story with nobody at the keyboard: ask, gate, restart from the file, edit, booking, a second click, a rejection.
 * It looks into the books and the outbox after each step.
 * @returns whether everything was as it must be
 */
export async function playStory(database: string, screen: Screen): Promise<boolean> {
  const story = new Story(database, screen);
  await story.open();
  try {
    await tell(story);
  } finally {
    story.desk.close();
  }
  return story.finish();
}

async function tell(story: Story): Promise<void> {
  const before = story.count();
  story.title("1. The agent is asked, looks freely, and stops before it books");
  await story.turn({ kind: "say", text: "Book the McKittrick Hotel from 12 to 14 March for Ada Lovelace" });
  const gate = await story.gate();
  story.check("nothing is booked and no mail is sent before approval", story.count(), before);

  story.title("2. The process ends. Another one opens the same file, with an agent of its own");
  await story.reopen();
  const again = await story.gate();
  story.check("the same call still waits", again.id, gate.id);

  story.title("3. A person edits the call, one night more, and approves it");
  const { action, args } = again.request.action_request;
  const longer = addDays(String(args.check_out), 1);
  story.person(`edits check_out: ${String(args.check_out)} becomes ${longer}`);
  const edit: HumanResponse = { type: "edit", args: { action, args: { ...args, check_out: longer } } };
  await story.turn({ kind: "decide", id: again.id, response: edit });
  const booked = story.desk.bookings.all().at(-1);
  story.check("exactly one booking and one mail more", story.count(), { bookings: before.bookings + 1, mails: before.mails + 1 });
  story.check("the booking is the edited one", booked?.check_out, longer);

  story.title("4. The answer comes a second time: a double click, or another process");
  await story.turn({ kind: "decide", id: again.id, response: { type: "accept", args: null } });
  story.check("it changed nothing", story.count(), { bookings: before.bookings + 1, mails: before.mails + 1 });

  story.title("5. The next call is rejected");
  await story.turn({ kind: "say", text: `Cancel ${booked?.booking_id}` });
  const cancel = await story.gate();
  story.person("ignores the call");
  await story.turn({ kind: "decide", id: cancel.id, response: { type: "ignore", args: null } });
  story.check("the booking stands", story.desk.bookings.all().at(-1)?.status, "booked");
  story.check("still exactly one booking and one mail more", story.count(), { bookings: before.bookings + 1, mails: before.mails + 1 });
}

/** The stage: an open desk, a thread of its own, and what was checked. */
class Story {
  desk!: Desk;
  readonly #database: string;
  readonly #screen: Screen;
  readonly #thread = `story-${randomUUID().slice(0, 8)}`;
  #failures = 0;

  constructor(database: string, screen: Screen) {
    this.#database = database;
    this.#screen = screen;
    this.#say("No terminal here, so the demo plays a story, with the offline model. In a terminal, you would be the person.");
  }

  async open(): Promise<void> {
    this.desk = await openDesk({ database: this.#database, model: { kind: "offline" }, env: {} });
  }

  async reopen(): Promise<void> {
    this.desk.close();
    await this.open();
  }

  title(text: string): void {
    this.#screen.write("\n");
    this.#say(text, this.#screen.style.strong);
  }

  person(text: string): void {
    this.#say(`A person ${text}.`, this.#screen.style.ask);
  }

  async turn(input: TurnInput): Promise<void> {
    if (input.kind === "say") this.#screen.write(`${this.#screen.style.name("you  › ")}${printableLine(input.text)}\n`);
    const view = new TurnView(this.#screen);
    const outcome = await runTurn(this.desk.agent, this.#thread, input, view.show);
    view.end();
    if (outcome.kind !== "done") this.#say(outcome.line, this.#screen.style.faint);
  }

  /** Shows the one call that waits. */
  async gate(): Promise<PendingCall> {
    const { pending } = await readThread(this.desk.agent, this.#thread);
    const [call] = pending;
    if (call === undefined || pending.length > 1) throw new Error(`${pending.length} calls wait where one must.`);
    const { description, action_request } = call.request;
    this.#screen.write(
      `\n${gateBox({ ...action_request, description, position: { index: 1, count: 1 } }, this.#screen.width, this.#screen.style)}\n`,
    );
    return call;
  }

  count(): { bookings: number; mails: number } {
    return { bookings: this.desk.bookings.all().length, mails: this.desk.outbox.sent().length };
  }

  check(what: string, is: unknown, mustBe: unknown): void {
    const holds = JSON.stringify(is) === JSON.stringify(mustBe);
    if (!holds) this.#failures++;
    const { style } = this.#screen;
    this.#say(
      holds ? `✓ ${what}` : `✗ ${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(mustBe)}`,
      holds ? style.good : style.bad,
    );
  }

  finish(): boolean {
    const { style } = this.#screen;
    const { bookings, outbox } = this.desk.places;
    this.#screen.write("\n");
    this.#say(this.#failures === 0 ? "All of it held." : `${this.#failures} checks failed.`, this.#failures === 0 ? style.good : style.bad);
    this.#screen.write(style.faint(`Look for yourself: ${bookings}\n                   ${outbox}\n`));
    return this.#failures === 0;
  }

  #say(text: string, paint: (text: string) => string = (plain) => plain): void {
    for (const line of wrap(text, this.#screen.width)) this.#screen.write(`${paint(line)}\n`);
  }
}
