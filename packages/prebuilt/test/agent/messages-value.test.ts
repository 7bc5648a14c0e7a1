import * as core from "@holdpoint/core";
import * as peer from "@langchain/langgraph";
import { expect, it } from "vitest";
import { z } from "zod";
import * as prebuilt from "../../src/index.js";

/** What a graph of either runtime makes of a conversation whose state is a schema with messages. */
async function converse(runtime: Pick<typeof core, "StateGraph" | "StateSchema" | "START">, value: typeof prebuilt.MessagesValue) {
  const State = new runtime.StateSchema({ messages: value, calls: z.number().default(0) });
  const graph = new runtime.StateGraph(State)
    .addNode("reply", ({ messages, calls }) => ({
      messages: [{ role: "assistant", content: `You said ${messages.at(-1)?.text}`, id: "reply" }],
      calls: calls + 1,
    }))
    .addNode("mend", () => ({ messages: { role: "assistant", content: "mended", id: "reply" } }))
    .addEdge(runtime.START, "reply")
    .addEdge("reply", "mend")
    .compile();
  const { messages, calls } = await graph.invoke({ messages: [{ role: "user", content: "hello", id: "first" }] });
  const empty = await graph.invoke({});
  return [calls, messages.map(({ type, text, id }) => [type, text, id]), empty.messages.length];
}

it("MessagesValue is a key of messages in a StateSchema, as the peer's is", async () => {
  const ours = await converse(core, prebuilt.MessagesValue);
  expect(ours).toEqual([
    1,
    [
      ["human", "hello", "first"],
      ["ai", "mended", "reply"],
    ],
    1,
  ]);
  expect(await converse(peer as never, peer.MessagesValue as never)).toEqual(ours);
});
