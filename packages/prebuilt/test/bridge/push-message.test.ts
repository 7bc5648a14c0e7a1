import * as own from "@holdpoint/core";
import { Command, interrupt, START, StateGraph, task } from "@holdpoint/core";
import { AIMessage, type BaseMessage, type BaseMessageLike } from "@langchain/core/messages";
import * as peer from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { MessagesAnnotation, pushMessage } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { agentErrorOf, collect, errorOf, graphErrorOf, newThread } from "../support/run.js";

type Chunk = [message: BaseMessage, metadata: { langgraph_node: string }];
const say = (id: string, content = id) => new AIMessage({ id, content });
const shown = (messages: readonly BaseMessage[]) => messages.map(({ id, text }) => `${id}: ${text}`);
const graphOf = (node: (state: typeof MessagesAnnotation.State, runtime: own.Runtime) => unknown) =>
  new StateGraph(MessagesAnnotation).addNode("a", node as never).addEdge(START, "a");

describe("pushMessage", () => {
  const ours = { ...own, MessagesAnnotation, pushMessage };
  it.each([
    ["the peer", peer as unknown as typeof ours],
    ["ours", ours],
  ])("shows a message at once, and adds it before what the node returns: %s", async (_, from) => {
    const graph = new from.StateGraph(from.MessagesAnnotation)
      .addNode("a", async (_, runtime) => {
        from.pushMessage(say("first"), runtime as never);
        from.pushMessage({ role: "assistant", id: "shown", content: "shown" } as BaseMessageLike, { ...runtime, stateKey: null } as never);
        const last = from.pushMessage(say("last"), runtime as never);
        expect(last.id).toBe("last");
        return { messages: [say("first", "anew"), say("returned")] };
      })
      .addEdge(from.START, "a")
      .compile();
    const chunks = await collect(
      graph.stream({ messages: { role: "user", id: "in", content: "in" } }, { streamMode: ["messages", "values"] }),
    );
    const messages = (chunks as unknown as [string, unknown][]).filter(([mode]) => mode === "messages").map(([, chunk]) => chunk as Chunk);
    expect(shown(messages.map(([message]) => message))).toEqual(["first: first", "shown: shown", "last: last", "returned: returned"]);
    expect(messages.every(([, { langgraph_node }]) => langgraph_node === "a")).toBe(true);
    const values = (chunks as unknown as [string, typeof MessagesAnnotation.State][]).at(-1)?.[1].messages ?? [];
    expect(shown(values)).toEqual(["in: in", "first: anew", "last: last", "returned: returned"]);
  });

  it("shows a new form of a message that the node was given", async () => {
    const graph = graphOf(() => void pushMessage(say("in", "anew"))).compile();
    const chunks = await collect(graph.stream({ messages: [say("in")] }, { streamMode: "messages" }));
    expect(shown((chunks as unknown as Chunk[]).map(([message]) => message))).toEqual(["in: anew"]);
    expect(shown((await graph.invoke({ messages: [say("in")] })).messages)).toEqual(["in: anew"]);
  });

  it("takes another key, and leaves out one that the state does not have", async () => {
    const State = new own.StateSchema({ notes: (await import("../../src/index.js")).MessagesValue });
    const graph = new StateGraph(State)
      .addNode("a", () => {
        pushMessage(say("one"), { stateKey: "notes" });
        pushMessage(say("nowhere"));
      })
      .addEdge(START, "a")
      .compile();
    const state = await graph.invoke({});
    expect([Object.keys(state), shown(state.notes)]).toEqual([["notes"], ["one: one"]]);
  });

  it("adds nothing of an attempt that failed; the conditional edge after the node sees what it pushed", async () => {
    let attempts = 0;
    const graph = new StateGraph(MessagesAnnotation)
      .addNode(
        "a",
        () => {
          pushMessage(say(`attempt ${++attempts}`));
          if (attempts === 1) throw new Error("once");
        },
        { retryPolicy: { initialInterval: 1, jitter: false } },
      )
      .addNode("b", () => ({ messages: say("b") }))
      .addEdge(START, "a")
      .addConditionalEdges("a", ({ messages }) => (messages.at(-1)?.id === "attempt 2" ? "b" : own.END), ["b", own.END])
      .compile();
    expect(shown((await graph.invoke({ messages: [] })).messages)).toEqual(["attempt 2: attempt 2", "b: b"]);
  });

  it("refuses a message without an id, a task() whose result alone is kept, and a place outside of a run", async () => {
    expect(
      await agentErrorOf(
        graphOf(() => void pushMessage("no id"))
          .compile()
          .invoke({ messages: [] }),
      ),
    ).toMatchObject({
      code: "INVALID_MESSAGES",
    });
    const push = (stateKey?: null) => task("push", async () => pushMessage(say("one"), { stateKey }).id);
    expect(
      (
        await graphErrorOf(
          graphOf(async () => void (await push()()))
            .compile()
            .invoke({ messages: [] }),
        )
      ).code,
    ).toBe("INVALID_CONFIG");
    expect(
      (
        await graphOf(async () => void (await push(null)()))
          .compile()
          .invoke({ messages: [] })
      ).messages,
    ).toEqual([]);
    expect((await graphErrorOf((async () => pushMessage(say("one")))() as Promise<never>)).code).toBe("OUTSIDE_RUN");
  });
});

describe.each(eachSaver)("pushMessage in a node that pauses, on $name", ({ open }) => {
  it("adds nothing before the answer, and the message once after it", async () => {
    const tooLate: unknown[] = [];
    const graph = graphOf(({ messages }) => {
      pushMessage(say("on it"));
      let answer = "";
      try {
        answer = interrupt<string>("go?");
      } catch (signal) {
        try {
          pushMessage(say("after the pause"));
          tooLate.push("shown");
        } catch (error) {
          tooLate.push(own.isGraphInterrupt(error));
        }
        throw signal;
      }
      return { messages: say(answer, String(messages.length)) };
    }).compile({ checkpointer: open().saver });
    const config = newThread();
    const paused = await graph.invoke({ messages: [say("in")] }, config);
    expect([shown(paused.messages), tooLate]).toEqual([["in: in"], [true]]);
    const { messages } = await graph.invoke(new Command({ resume: "yes" }), config);
    expect(shown(messages)).toEqual(["in: in", "on it: on it", "yes: 1"]);
    expect(shown((await graph.getState(config)).values.messages)).toEqual(shown(messages));
    await errorOf(graph.invoke(new Command({ resume: "yes" }), config));
    expect(shown((await graph.getState(config)).values.messages)).toEqual(shown(messages));
  });
});
