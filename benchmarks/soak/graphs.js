import { setTimeout as sleep } from "node:timers/promises";
import { Annotation, Command, interrupt, Send, START, StateGraph } from "@holdpoint/core";
import { addHumanInTheLoop, createReactAgent } from "@holdpoint/prebuilt";
import { z } from "zod";
import { addTool, ScriptedModel } from "../lib/scripted-model.js";

const list = () => Annotation({ reducer: (all, more) => all.concat(more), default: () => [] });
const Age = z.object({ age: z.number() });

/** Asks for an age, and takes no other answer. */
export const gate = (checkpointer) =>
  new StateGraph(Annotation.Root({ age: Annotation(), notes: list() }))
    .addNode("read", () => ({ notes: ["read"] }))
    .addNode("ask", () => {
      const { age } = interrupt("How old?", { schema: Age });
      return { age, notes: ["asked"] };
    })
    .addEdge(START, "read")
    .addEdge("read", "ask")
    .compile({ checkpointer });

/** A graph inside another that asks in its midst. */
export function nested(checkpointer) {
  const State = Annotation.Root({ answer: Annotation(), notes: list() });
  const inner = new StateGraph(State)
    .addNode("first", () => ({ notes: ["inner"] }))
    .addNode("ask", () => ({ answer: interrupt("Go on?") }))
    .addEdge(START, "first")
    .addEdge("first", "ask")
    .compile();
  return new StateGraph(State)
    .addNode("inner", inner)
    .addNode("after", () => ({ notes: ["after"] }))
    .addEdge(START, "inner")
    .addEdge("inner", "after")
    .compile({ checkpointer });
}

/** Ten tasks at once, of which every second asks. */
export const fanOut = (checkpointer) =>
  new StateGraph(Annotation.Root({ found: list() }))
    .addNode("work", async ({ item }) => ({ found: [item % 2 === 0 ? item : interrupt({ item })] }))
    .addConditionalEdges(START, () => Array.from({ length: 10 }, (_, item) => new Send("work", { item })), ["work"])
    .compile({ checkpointer });

/** Steps that take a while, so that a run can be stopped in their midst, and write words of their own. */
export const slow = (checkpointer) =>
  new StateGraph(Annotation.Root({ count: Annotation() }))
    .addNode(
      "step",
      async ({ count }, { signal, writer }) => {
        writer({ count });
        await sleep(1, undefined, { signal });
        return new Command({ update: { count: count + 1 }, goto: count < 9 ? "step" : [] });
      },
      { ends: ["step"] },
    )
    .addEdge(START, "step")
    .compile({ checkpointer });

/** Fails in its second step. */
export const failing = (checkpointer) =>
  new StateGraph(Annotation.Root({ count: Annotation() }))
    .addNode("work", () => ({ count: 1 }))
    .addNode("fail", () => {
      throw new Error("on purpose");
    })
    .addEdge(START, "work")
    .addEdge("work", "fail")
    .compile({ checkpointer });

/** Calls a tool three times; each call waits for a person. */
export const agent = (checkpointer) => createReactAgent({ model: new ScriptedModel(3), tools: [addHumanInTheLoop(addTool)], checkpointer });
