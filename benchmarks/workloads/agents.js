// A ReAct agent on the same LangChain model and tool in all three, so that the model costs all of them the same.
import { HumanMessage } from "@langchain/core/messages";
import { expect, handContender, newThread, runtimeContenders } from "../lib/contenders.js";
import { addTool, ScriptedModel } from "../lib/scripted-model.js";

const QUESTION = "Count, please.";
const summary = ({ messages }) => ({ length: messages.length, tool: messages.at(-2).content, last: messages.at(-1).content });

const agents = {
  async holdpoint(model, saver) {
    const { createReactAgent } = await import("@holdpoint/prebuilt");
    return createReactAgent({ model, tools: [addTool], checkpointer: saver });
  },
  async langgraph(model, saver) {
    const { createReactAgent } = await import("@langchain/langgraph/prebuilt");
    return createReactAgent({ llm: model, tools: [addTool], checkpointSaver: saver });
  },
};

/** The loop that everybody writes first, with a row for each message. */
const byHand = (toolCalls) => (store) => {
  const model = new ScriptedModel(toolCalls).bindTools([addTool]);
  let thread;
  return {
    async run() {
      thread = newThread();
      const messages = [];
      const say = async (message) => {
        messages.push(message);
        await store.append(thread, message.toDict());
        return message;
      };
      await say(new HumanMessage(QUESTION));
      for (;;) {
        const answer = await say(await model.invoke(messages));
        if (answer.tool_calls.length === 0) break;
        for (const call of answer.tool_calls) await say(await addTool.invoke(call));
      }
      store.flush();
      expect(summary({ messages }), wanted(toolCalls));
    },
    verify: () => store.keepsNothing || expect(store.list(thread).length, 2 * toolCalls + 2),
  };
};

const wanted = (toolCalls) => ({ length: 2 * toolCalls + 2, tool: String(toolCalls), last: "done" });

function contenders(kind, toolCalls) {
  const byRuntime = runtimeContenders(kind, async ({ name, saver, configOf }) => {
    const graph = await agents[name](new ScriptedModel(toolCalls), saver);
    let config;
    return {
      async run() {
        config = configOf();
        expect(summary(await graph.invoke({ messages: [{ role: "user", content: QUESTION }] }, config)), wanted(toolCalls));
      },
      async verify() {
        if (saver !== undefined) expect(summary((await graph.getState(config)).values), wanted(toolCalls));
      },
    };
  });
  return { ...byRuntime, byHand: handContender(kind, byHand(toolCalls)) };
}

export const workloads = ["none", "memory", "sqlite-sync", "sqlite-async"].flatMap((kind) =>
  [10, 100].map((toolCalls) => ({
    group: "agents",
    name: `ReAct agent, ${toolCalls} tool calls`,
    kind,
    unit: toolCalls,
    unitName: "tool call",
    target: "agents",
    growth: { name: "agent", x: toolCalls },
    contenders: () => contenders(kind, toolCalls),
  })),
);
