import { HumanMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, it } from "vitest";
import { type MessagesApi, type Reply, startMessagesApi, VALID_KEY } from "../../test/support/messages-api.js";
import { explainModelError } from "../model-errors.js";
import { bookHotelTool } from "../tools/book-hotel.js";
import type { HotelBooks } from "../tools/hotel-books.js";
import { searchHotelsTool } from "../tools/search-hotels.js";
import { createClaude } from "./create-claude.js";

let api: MessagesApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const tools = [searchHotelsTool, bookHotelTool({} as HotelBooks)];
const question = [new HumanMessage("Which hotels are in Bath?")];

/** Asks Claude once, over the wire, with these replies in turn. */
async function ask(replies: Reply[], options: { key?: string; timeout?: number; retries?: number; streaming?: boolean } = {}) {
  api = await startMessagesApi((_, count) => replies[Math.min(count, replies.length) - 1] as Reply);
  const waits: number[] = [];
  const claude = createClaude({
    apiKey: options.key ?? VALID_KEY,
    model: "claude-sonnet-4-5",
    baseUrl: api.url,
    retries: options.retries ?? 1,
    timeout: options.timeout,
    onWait: (seconds) => waits.push(seconds),
  });
  const model = claude.bindTools(tools);
  const pieces: string[] = [];
  try {
    if (options.streaming === false) {
      claude.streaming = false;
      return { message: await model.invoke(question), pieces, waits };
    }
    let message: Awaited<ReturnType<typeof model.invoke>> | undefined;
    for await (const chunk of await model.stream(question)) {
      pieces.push(chunk.text);
      message = message === undefined ? chunk : message.concat(chunk);
    }
    return { message, pieces, waits };
  } catch (error) {
    return { error, trouble: explainModelError(error), pieces, waits };
  }
}

const bath: Reply = {
  kind: "message",
  content: [
    { type: "text", text: "I look for hotels in Bath — one moment." },
    { type: "tool_use", name: "search_hotels", input: { query: "Bath" }, id: "toolu_1" },
    { type: "tool_use", name: "search_hotels", input: { query: 'Lisbon "ü"' }, id: "toolu_2" },
  ],
};
const fail = (status: number, type: string, headers: Record<string, string> = {}): Reply => ({ kind: "error", status, type, headers });

describe("Claude over the Messages API", () => {
  it.each([true, false])("gives text and parallel tool calls (streaming: %s)", async (streaming) => {
    const { message, pieces } = await ask([bath], { streaming });
    expect(message?.text).toBe("I look for hotels in Bath — one moment.");
    expect(message?.tool_calls).toMatchObject([
      { id: "toolu_1", name: "search_hotels", args: { query: "Bath" } },
      { id: "toolu_2", name: "search_hotels", args: { query: 'Lisbon "ü"' } },
    ]);
    expect(pieces.filter((piece) => piece !== "").length).toBe(streaming ? 6 : 0);
    expect(api?.problems).toEqual([]);
    expect(api?.requests[0]).toMatchObject({
      stream: streaming,
      model: "claude-sonnet-4-5",
      tools: [{ name: "search_hotels" }, { name: "book_hotel" }],
    });
  });

  it("tells a wrong key at once, and does not show it", async () => {
    const { trouble } = await ask([bath], { key: "sk-ant-wrong-key" });
    expect(trouble?.line).toMatch(/refused the key\. Set ANTHROPIC_API_KEY/);
    expect(trouble?.line).not.toContain("sk-ant-wrong");
    expect(api?.requests).toHaveLength(0);
  });

  it("waits as long as a rate limit asks, says so, and goes on", async () => {
    const started = performance.now();
    const { message, waits } = await ask([fail(429, "rate_limit_error", { "retry-after": "1" }), bath]);
    expect(message?.tool_calls).toHaveLength(2);
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(waits).toEqual([1]);
  });

  it("does not sit out a long rate limit in silence", async () => {
    const { trouble } = await ask([fail(429, "rate_limit_error", { "retry-after": "3600" }), bath]);
    expect(trouble?.line).toBe("Anthropic's rate limit is reached; it asks to wait 3600 s. Nothing is lost: press Enter to try again.");
    expect(api?.requests).toHaveLength(1);
  });

  it("tries again when Anthropic is overloaded, and tells when it stays so", async () => {
    const overloaded = fail(529, "overloaded_error", { "retry-after": "0" });
    expect((await ask([overloaded, bath])).message?.tool_calls).toHaveLength(2);
    await api?.close();
    const { trouble } = await ask([overloaded]);
    expect(trouble?.line).toBe("Anthropic is overloaded at the moment. Nothing is lost: press Enter to try again.");
    expect(api?.requests).toHaveLength(2);
  });

  it.each([
    [404, "not_found_error", /no such model\. Choose another with --model/],
    [403, "permission_error", /may not use this model/],
    [500, "api_error", /problem of its own/],
    [413, "request_too_large", /too long/],
  ])("explains status %s", async (status, type, line) => {
    expect((await ask([fail(status, type)], { retries: 0 })).trouble?.line).toMatch(line);
  });

  // The text has 6 pieces: event 9 ends it, 10 begins a tool call, 13 has half of its input.
  it.each((["torn", "ended", "error-event"] as const).flatMap((how) => [1, 5, 9, 13, 20].map((after) => ({ how, after }))))(
    "does not take a $how stream for an answer (after $after events)",
    async ({ how, after }) => {
      const { message, error, trouble } = await ask([{ kind: "cut", content: bath.kind === "message" ? bath.content : [], after, how }], {
        retries: 0,
      });
      expect(message).toBeUndefined();
      expect(error).toBeInstanceOf(Error);
      expect(trouble?.line).toMatch(how === "error-event" ? /overloaded/ : /broke off/);
    },
  );

  it("does not wait for ever", async () => {
    const { trouble } = await ask([{ kind: "silence" }], { timeout: 200, retries: 0 });
    expect(trouble?.line).toMatch(/did not answer in time/);
  });

  it("tells when nothing can be reached", async () => {
    const claude = createClaude({ apiKey: VALID_KEY, model: "claude-sonnet-4-5", baseUrl: "http://127.0.0.1:9", retries: 0 });
    const error = await claude.invoke(question).catch((thrown: unknown) => thrown);
    expect(explainModelError(error)?.line).toMatch(/cannot be reached.*Check the network and ANTHROPIC_BASE_URL/);
  });
});
