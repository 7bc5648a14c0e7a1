import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transcriptFault } from "../../test/support/run.js";
import { closeOpenCalls, openCallsBefore } from "./open-calls.js";
import { repairTranscript } from "./repair-transcript.js";

const calling = (...ids: string[]) =>
  new AIMessage({
    id: `ai-${ids.join("-")}`,
    content: "",
    tool_calls: ids.map((id) => ({ id, name: "book", args: {}, type: "tool_call" as const })),
  });
const answer = (id: string) => new ToolMessage({ content: "done", tool_call_id: id });
const human = () => new HumanMessage("hello");
const shape = (messages: readonly BaseMessage[]) =>
  messages.map((message) => (ToolMessage.isInstance(message) ? `${message.status ?? "done"}:${message.tool_call_id}` : message.getType()));

describe("openCallsBefore", () => {
  it("finds the calls that wait, and those alone", () => {
    expect(openCallsBefore([human(), calling("a", "b", "c"), answer("b")])?.calls.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(openCallsBefore([calling("a"), answer("a")])).toBeUndefined();
    expect(openCallsBefore([calling("a"), human()])).toBeUndefined();
    expect(openCallsBefore([])).toBeUndefined();
  });
});

describe("closeOpenCalls", () => {
  it("answers what a new message leaves behind, right after the calls", () => {
    const messages = [human(), calling("a", "b"), answer("b"), human()];
    const closed = closeOpenCalls(messages, 3);
    expect(shape(closed)).toEqual(["human", "ai", "done:b", "error:a", "human"]);
    expect(closed.slice(0, 3).every((message, at) => message === messages[at])).toBe(true);
    expect(closeOpenCalls(closed, 0)).toBe(closed);
  });

  it("keeps waiting for calls that nothing follows yet", () => {
    const messages = [human(), calling("a", "b"), answer("a")];
    expect(closeOpenCalls(messages, 1)).toBe(messages);
  });

  it("gives the same cancellation the same id", () => {
    const close = () => closeOpenCalls([calling("a"), human()], 0)[1]?.id;
    expect(close()).toBe(close());
  });
});

describe("repairTranscript", () => {
  const message = fc.oneof(
    fc.constant<() => BaseMessage>(human),
    fc.uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 3 }).map((ids) => () => calling(...ids)),
    fc.constantFrom("a", "b", "c").map((id) => () => answer(id)),
  );

  it("makes any list one that providers accept, and a valid one stays as it is", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (makers) => {
        const messages = makers.map((make) => make());
        const repaired = repairTranscript(messages);
        expect(transcriptFault([...repaired, human()])).toBeUndefined();
        expect(repairTranscript(repaired)).toBe(repaired);
        if (transcriptFault([...messages, human()]) === undefined) expect(repaired).toBe(messages);
        // Nothing that was said is lost.
        expect(repaired.filter((one) => !ToolMessage.isInstance(one))).toEqual(messages.filter((one) => !ToolMessage.isInstance(one)));
      }),
    );
  });

  it("moves an answer to its call", () => {
    expect(shape(repairTranscript([calling("a"), human(), answer("a")]))).toEqual(["ai", "done:a", "human"]);
  });
});
