import { type CheckpointSaver, END, START, StateGraph } from "@holdpoint/core";
import { createReactAgent, MessagesAnnotation, type ReactAgent, ToolNode, toolsCondition } from "../../src/index.js";
import type { ScriptedModel } from "./scripted-model.js";

export type Tools = ConstructorParameters<typeof ToolNode>[0];

/** The same agent in the three ways in which tool calls can be run. */
export const kinds: Readonly<Record<string, (tools: Tools, model: ScriptedModel, checkpointer: CheckpointSaver) => ReactAgent>> = {
  "an agent": (tools, model, checkpointer) => createReactAgent({ model, tools, checkpointer }),
  'an agent of version "v1"': (tools, model, checkpointer) => createReactAgent({ model, tools, checkpointer, version: "v1" }),
  "a hand-made graph": (tools, model, checkpointer) =>
    new StateGraph(MessagesAnnotation)
      .addNode("agent", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode("tools", new ToolNode(tools))
      .addEdge(START, "agent")
      .addConditionalEdges("agent", toolsCondition, ["tools", END])
      .addEdge("tools", "agent")
      .compile({ checkpointer }) as unknown as ReactAgent,
};
