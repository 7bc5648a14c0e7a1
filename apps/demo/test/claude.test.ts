import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessagesRequest } from "./support/check-messages-request.js";
import { type DemoProgram, DeskFolder, GATE, type StartOptions, YOU } from "./support/demo-program.js";
import type { ReplyBlock } from "./support/message-events.js";
import { type MessagesApi, type Reply, startMessagesApi, VALID_KEY } from "./support/messages-api.js";

let desk: DeskFolder;
let api: MessagesApi | undefined;
beforeEach(() => {
  desk = new DeskFolder();
});
afterEach(async () => {
  await desk.remove();
  await api?.close();
  api = undefined;
});

const say = (text: string): ReplyBlock => ({ type: "text", text });
const use = (name: string, input: object): ReplyBlock => ({ type: "tool_use", name, input });
const message = (...content: ReplyBlock[]): Reply => ({ kind: "message", content });
const fail = (status: number, type: string): Reply => ({ kind: "error", status, type, headers: { "retry-after": "0" } });

const stay = (hotel_name: string, guest: string) => ({ hotel_name, check_in: "2098-03-12", check_out: "2098-03-14", guest });
const bookAda = message(say("I book it."), use("book_hotel", stay("McKittrick Hotel", "Ada Lovelace")));

/** Starts the real program against the local Messages API, which gives these replies in turn. */
async function start(
  replies: Reply[] | ((request: MessagesRequest, count: number) => Reply),
  options: StartOptions = {},
): Promise<DemoProgram> {
  api = await startMessagesApi(
    typeof replies === "function" ? replies : (_, count) => replies[Math.min(count, replies.length) - 1] as Reply,
  );
  return again(options);
}

const again = ({ env, ...options }: StartOptions = {}): DemoProgram =>
  desk.talk({ ...options, env: { ANTHROPIC_API_KEY: VALID_KEY, ANTHROPIC_BASE_URL: api?.url ?? "", ...env } });

async function ask(program: DemoProgram, text: string): Promise<void> {
  await program.until(YOU);
  program.send(text);
}

describe("the program with Claude", () => {
  it("streams, searches freely, stops at two parallel calls, and tells what came of them", async () => {
    const program = await start([
      message(say("Let me look."), use("search_hotels", { query: "Helsinki" })),
      message(use("book_hotel", stay("Hotel Aurora", "Ada Lovelace")), use("book_hotel", stay("Harbour Lights", "Grace Hopper"))),
      message(say("One is booked, the other was refused.")),
    ]);
    await ask(program, "Book both Helsinki hotels, for Ada and for Grace");
    expect(await program.until(GATE)).toMatch(/Let me look\..*Hotel Aurora, Harbour Lights.*1 of 2.*Ada Lovelace/s);
    program.send("a");
    expect(await program.until(GATE)).toMatch(/HP-1001 is in the books.*Grace Hopper/s);
    expect(desk.bookings()).toHaveLength(1);
    program.send("i");
    expect(await program.until(YOU)).toContain("One is booked, the other was refused.");
    expect((await program.end()).code).toBe(0);

    expect(api?.problems).toEqual([]);
    expect(api?.requests).toHaveLength(3);
    expect(api?.requests[0]).toMatchObject({
      stream: true,
      system: expect.stringContaining("Today is"),
      tools: [{ name: "search_hotels" }, { name: "book_hotel" }, { name: "cancel_booking" }],
    });
    expect(api?.requests[2]?.messages.at(-1)).toMatchObject({ role: "user", content: [{ type: "tool_result" }, { type: "tool_result" }] });
    expect(desk.bookings()).toMatchObject([{ hotel_name: "Hotel Aurora" }]);
    expect(desk.mails()).toEqual(["HP-1001-booked.eml"]);
  });

  it("goes on after kill -9 at the gate, with a transcript that the API takes", async () => {
    const program = await start([bookAda, message(say("Done."))]);
    await ask(program, "Book it");
    await program.until(GATE);
    await program.kill();
    const second = again();
    await second.until(GATE);
    second.send("a");
    expect(await second.until(YOU)).toContain("Done.");
    expect(api?.problems).toEqual([]);
    expect(desk.bookings()).toHaveLength(1);
  });

  it("loses nothing when Claude is overloaded after an approval: Enter goes on, and nothing is booked twice", async () => {
    const program = await start((_, count) =>
      count === 1 ? bookAda : count <= 4 ? fail(529, "overloaded_error") : message(say("It is booked.")),
    );
    await ask(program, "Book it");
    await program.until(GATE);
    program.send("a");
    const shown = await program.until(YOU);
    expect(shown).toMatch(/HP-1001 is in the books.*Anthropic is overloaded at the moment\. Nothing is lost/s);
    expect(api?.requests).toHaveLength(4);
    program.send("");
    expect(await program.until(YOU)).toContain("It is booked.");
    expect(desk.bookings()).toHaveLength(1);
    expect(desk.mails()).toHaveLength(1);
    expect(api?.problems).toEqual([]);
  });

  it("goes on by itself when it is started again after a failure", async () => {
    const program = await start((_, count) =>
      count === 1 ? { kind: "error", status: 429, type: "rate_limit_error", headers: { "retry-after": "99" } } : message(say("Here I am.")),
    );
    await ask(program, "Hello");
    expect(await program.until(YOU)).toMatch(/rate limit is reached; it asks to wait 99 s/);
    await program.end();
    expect(await again().until(YOU)).toMatch(/Hello.*Going on where it stopped.*Here I am\./s);
  });

  it("waits for a short rate limit, and says so", async () => {
    const program = await start((_, count) =>
      count === 1 ? { kind: "error", status: 429, type: "rate_limit_error", headers: { "retry-after": "1" } } : message(say("Hello!")),
    );
    await ask(program, "Hello");
    expect(await program.until(YOU)).toMatch(/Anthropic asks to wait 1 s.*Hello!/s);
  });

  it.each([
    ["a torn stream", "torn"],
    ["a stream that just ends", "ended"],
    ["an error within the stream", "error-event"],
  ] as const)("%s in the middle of a tool call never reaches the gate, and can be asked again", async (_, how) => {
    const content = bookAda.kind === "message" ? bookAda.content : [];
    const program = await start((_request, count) => (count === 1 ? { kind: "cut", content, after: 9, how } : bookAda));
    await ask(program, "Book it");
    const shown = await program.until(YOU);
    expect(shown).toMatch(how === "error-event" ? /overloaded/ : /broke off before its end/);
    expect(shown).not.toContain("Waits for your approval");
    program.send("");
    expect(await program.until(GATE)).toContain("Ada Lovelace");
    expect(desk.bookings()).toEqual([]);
    expect(api?.problems).toEqual([]);
  });

  it("takes a new message after a failure instead of a repetition", async () => {
    const program = await start((_, count) => (count <= 3 ? fail(529, "overloaded_error") : message(say("Good day."))));
    await ask(program, "Hello");
    await ask(program, "Are you there?");
    expect(await program.until(YOU)).toContain("Good day.");
    expect(api?.problems).toEqual([]);
    expect(JSON.stringify(api?.requests.at(-1)?.messages)).toMatch(/Hello.*Are you there/);
  });

  it("tells a wrong key in one line, without the key and without a stack", async () => {
    const program = await start([], { env: { ANTHROPIC_API_KEY: "sk-ant-wrong-key-42" } });
    await ask(program, "Hello");
    await program.until(YOU);
    await program.end();
    expect(program.output.replaceAll("\n", " ")).toContain("Anthropic refused the key. Set ANTHROPIC_API_KEY to a valid one");
    expect(program.output + program.errors).not.toContain("wrong-key-42");
    expect(program.output + program.errors).not.toMatch(/\n\s+at /);
  });

  it("tells when there is no network", async () => {
    const program = await start([], { env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:9" } });
    await ask(program, "Hello");
    expect(await program.until(YOU)).toMatch(/cannot be reached/);
  });

  it("asks for the model that --model names", async () => {
    const program = await start([message(say("Hi."))], { args: ["--model", "anthropic:claude-haiku-4-5"] });
    await ask(program, "Hello");
    await program.until(YOU);
    expect(api?.requests[0]?.model).toBe("claude-haiku-4-5");
  });
});
