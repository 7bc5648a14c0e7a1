// Tools that return a Command of LangGraph, or of another copy of the runtime: taken for what they are, and not for a text.
import { MemorySaver } from "@holdpoint/core";
import { type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { Command as PeerCommand, Overwrite as PeerOverwrite } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, toolRuntime } from "../../src/index.js";
import { newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

vi.resetModules();
const copy = (await import("@holdpoint/core")) as typeof import("@holdpoint/core");

const kinds = [
  { name: "LangGraph", Command: PeerCommand as never, Overwrite: PeerOverwrite },
  { name: "another copy", Command: copy.Command as never, Overwrite: copy.Overwrite },
] as unknown as { name: string; Command: typeof copy.Command; Overwrite: typeof copy.Overwrite }[];

describe.each(kinds)("a Command of $name", ({ Command, Overwrite }) => {
  const note = tool(
    async ({ text }, config) =>
      new Command({ update: { messages: [new ToolMessage({ content: `noted ${text}`, tool_call_id: toolRuntime(config).toolCallId })] } }),
    { name: "note", description: "Notes", schema: z.object({ text: z.string() }) },
  );
  const startOver = tool(
    async (_, config) => {
      const { toolCallId, state } = toolRuntime<{ messages: BaseMessage[] }>(config);
      const answer = new ToolMessage({ content: "started over", tool_call_id: toolCallId });
      return new Command({ update: { messages: new Overwrite([new HumanMessage("afresh"), state.messages.at(-1), answer]) } });
    },
    { name: "start_over", description: "Starts over", schema: z.object({}) },
  );

  it.each(["v1", "v2"] as const)("updates the state, in an agent of version %s", async (version) => {
    const model = new ScriptedModel([calling({ name: "note", args: { text: "tea" } }), "ok"]);
    const agent = createReactAgent({ model, tools: [note], version });
    const { messages } = await agent.invoke({ messages: "hi" });
    expect(toolMessages(messages).map(({ content }) => content)).toEqual(["noted tea"]);
  });

  it("overwrites", async () => {
    const model = new ScriptedModel([calling({ name: "start_over", args: {} }), "ok"]);
    const { messages } = await createReactAgent({ model, tools: [startOver] }).invoke({ messages: "hi" });
    expect(messages.map(({ text }) => text)).toEqual(["afresh", "", "started over", "ok"]);
  });

  it("comes through a gate, with what was decided", async () => {
    const model = new ScriptedModel([calling({ name: "note", args: { text: "tea" } }), "ok"]);
    const agent = createReactAgent({ model, tools: [addHumanInTheLoop(note)], checkpointer: new MemorySaver() });
    const config = newThread();
    await agent.invoke({ messages: "hi" }, config);
    const { messages } = await agent.invoke(new Command({ resume: [{ type: "accept" }] }) as never, config);
    const [answer] = toolMessages(messages);
    expect(answer?.content).toBe("noted tea");
    expect(answer?.metadata?.review).toMatchObject({ kind: "accept" });
  });
});
