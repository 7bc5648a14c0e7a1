import { AIMessage, AIMessageChunk, type BaseMessage, HumanMessage, RemoveMessage, type ToolMessage } from "@langchain/core/messages";
import { describe, expect, it, vi } from "vitest";
import { AgentError } from "../agent-error.js";
import { addMessages, REMOVE_ALL_MESSAGES } from "./add-messages.js";

const human = (id: string, content = id) => new HumanMessage({ id, content });
const contents = (messages: readonly BaseMessage[]) => messages.map(({ content }) => content);
const ids = (messages: readonly BaseMessage[]) => messages.map(({ id }) => id);

describe("addMessages", () => {
  it("appends, and keeps the references of what stays", () => {
    const before = addMessages([], [human("a"), human("b")]);
    const after = addMessages(before, new AIMessage({ id: "c", content: "c" }));
    expect(ids(after)).toEqual(["a", "b", "c"]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(ids(before)).toEqual(["a", "b"]);
  });

  it("replaces by id, in place", () => {
    const before = addMessages([], [human("a"), human("b"), human("c")]);
    const after = addMessages(before, [human("b", "new"), human("d")]);
    expect(contents(after)).toEqual(["a", "new", "c", "d"]);
    expect(contents(before)).toEqual(["a", "b", "c"]);
  });

  it("lets the last of several with one id count", () => {
    expect(contents(addMessages([human("a")], [human("b", "1"), human("a", "2"), human("b", "3")]))).toEqual(["2", "3"]);
  });

  it("gives ids to messages without one, and changes neither list", () => {
    const given = new HumanMessage("hello");
    const update = [given];
    const [added] = addMessages([], update);
    expect(added?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(added?.lc_kwargs.id).toBe(added?.id);
    expect(given.id).toBeUndefined();
    expect(given.lc_kwargs.id).toBeUndefined();
    expect(update).toEqual([given]);
    expect(HumanMessage.isInstance(added)).toBe(true);
  });

  it("gives the same result for the same update: a node's edges and its step see the same ids", () => {
    const before = addMessages([], [human("a")]);
    const update = ["hello"];
    expect(addMessages(before, update)).toBe(addMessages(before, update));
    expect(addMessages(before, ["hello"])).not.toBe(addMessages(before, update));
  });

  it("makes messages of texts, pairs and objects", () => {
    const made = addMessages([], [
      "hi",
      ["system", "be brief"],
      { role: "user", content: "hello" },
      { role: "assistant", content: "", tool_calls: [{ id: "c1", name: "t", args: {}, type: "tool_call" }] },
      { role: "tool", content: "done", tool_call_id: "c1" },
      { type: "human", content: "bye" },
    ] as never);
    expect(made.map((message) => message.getType())).toEqual(["human", "system", "human", "ai", "tool", "human"]);
    expect((made[3] as AIMessage).tool_calls).toMatchObject([{ id: "c1", name: "t" }]);
    expect((made[4] as ToolMessage).tool_call_id).toBe("c1");
    expect(contents(addMessages("one", "two"))).toEqual(["one", "two"]);
  });

  it("keeps a whole message of a gathered chunk", () => {
    const chunk = new AIMessageChunk({
      id: "x",
      content: "",
      tool_call_chunks: [{ id: "c1", name: "t", args: '{"a":1}', index: 0, type: "tool_call_chunk" }],
    });
    const [whole] = addMessages([], chunk);
    expect(AIMessageChunk.isInstance(whole)).toBe(false);
    expect((whole as AIMessage).tool_calls).toEqual([{ id: "c1", name: "t", args: { a: 1 }, type: "tool_call" }]);
  });

  it("removes by id", () => {
    const before = addMessages([], [human("a"), human("b"), human("c")]);
    expect(ids(addMessages(before, [new RemoveMessage({ id: "b" })]))).toEqual(["a", "c"]);
    expect(contents(addMessages(before, [new RemoveMessage({ id: "b" }), human("b", "again")]))).toEqual(["a", "again", "c"]);
    expect(ids(addMessages(before, [human("d"), new RemoveMessage({ id: "d" })]))).toEqual(["a", "b", "c"]);
  });

  it("removes all, keeping what follows", () => {
    const before = addMessages([], [human("a"), human("b")]);
    expect(ids(addMessages(before, [human("x"), new RemoveMessage({ id: REMOVE_ALL_MESSAGES }), human("a", "new"), human("c")]))).toEqual([
      "a",
      "c",
    ]);
    expect(addMessages(before, new RemoveMessage({ id: REMOVE_ALL_MESSAGES }))).toEqual([]);
  });

  it("refuses to remove what is not there, and to read what is no message", () => {
    const remove = () => addMessages([human("a")], new RemoveMessage({ id: "b" }));
    expect(remove).toThrow(/"b", which no message of the list has/);
    for (const bad of [42, { role: "pirate", content: "arr" }, { content: "no role" }, null]) {
      let thrown: unknown;
      try {
        addMessages([], [bad as never]);
      } catch (error) {
        thrown = error;
      }
      expect(AgentError.is(thrown, "INVALID_MESSAGES")).toBe(true);
    }
  });

  it("is right when a list grows in two ways", () => {
    const root = addMessages([], [human("a")]);
    const left = addMessages(root, [human("l")]);
    const right = addMessages(root, [human("r"), human("l", "other")]);
    expect(contents(addMessages(left, [human("l", "new"), human("r", "fresh")]))).toEqual(["a", "new", "fresh"]);
    expect(contents(addMessages(right, [human("l", "new")]))).toEqual(["a", "r", "new"]);
    expect(contents(addMessages(root, [human("l", "third")]))).toEqual(["a", "third"]);
  });

  it("hashes a conversation once, however often it grows", () => {
    let list = addMessages(
      [],
      Array.from({ length: 2000 }, (_, at) => human(`m${at}`)),
    );
    list = addMessages(list, human("first"));
    const set = vi.spyOn(Map.prototype, "set");
    for (let at = 0; at < 50; at++) list = addMessages(list, human(`n${at}`));
    const calls = set.mock.calls.length;
    set.mockRestore();
    expect(list).toHaveLength(2051);
    expect(calls).toBeLessThanOrEqual(100);
  });
});
