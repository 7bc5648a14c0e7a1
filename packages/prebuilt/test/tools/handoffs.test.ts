// Tools that hand the conversation over to another agent: a Command for the graph around the agent.
import { Command, Send, START, StateGraph } from "@holdpoint/core";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createReactAgent, MessagesAnnotation, ToolNode, toolRuntime } from "../../src/index.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const handOver = (to: string) =>
  tool(
    async (_, config) => {
      const messages = [new ToolMessage({ content: `over to ${to}`, tool_call_id: toolRuntime(config).toolCallId })];
      return new Command({ graph: Command.PARENT, goto: [new Send("worker", { messages: [], to })], update: { messages } });
    },
    { name: `to_${to}`, description: "Hands over", schema: z.object({}) },
  );

describe.each(["v1", "v2"] as const)("an agent of version %s", (version) => {
  it("hands over to several at once", async () => {
    const model = new ScriptedModel([calling({ name: "to_ann", args: {} }, { name: "to_bob", args: {} })]);
    const agent = createReactAgent({ model, tools: [handOver("ann"), handOver("bob")], version });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("agent", agent, { ends: ["worker"] })
      .addNode("worker", (state) => ({ messages: [new AIMessage(`done by ${(state as { to?: string }).to}`)] }))
      .addEdge(START, "agent")
      .compile();
    const { messages } = await graph.invoke({ messages: "both, please" });
    const texts = (messages as BaseMessage[]).map(({ text }) => text);
    expect(texts).toEqual(["both, please", "over to ann", "over to bob", "done by ann", "done by bob"]);
  });
});

describe("a Command from a tool", () => {
  const result = async (update: (id: string) => unknown) => {
    const note = tool(async (_, config) => new Command({ update: update(toolRuntime(config).toolCallId) as never }), {
      name: "note",
      description: "Notes",
      schema: z.object({}),
    });
    const [command] = (await new ToolNode([note]).invoke([calling({ name: "note", args: {}, id: "c1" })])) as [Command];
    return command.update;
  };
  const answer = (tool_call_id: string) => [new ToolMessage({ content: "noted", tool_call_id })];

  it("keeps the form that its update had", async () => {
    const said = expect.objectContaining({ content: "noted", id: expect.any(String) });
    expect(await result((id) => ({ messages: answer(id), more: 1 }))).toEqual({ messages: [said], more: 1 });
    expect(await result((id) => [["messages", answer(id)]])).toEqual([["messages", [said]]]);
    expect(await result(() => ({ more: 1 }))).toEqual({ more: 1, messages: [expect.objectContaining({ content: "Done." })] });
  });

  it("with messages of its own, none of which answers its call, is answered as well", async () => {
    const update = (await result(() => ({ messages: [new AIMessage("by the way")] }))) as { messages: unknown };
    expect(JSON.stringify(update)).toContain("by the way");
    expect(JSON.stringify(update)).toContain("Done.");
  });
});
