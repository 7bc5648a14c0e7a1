// What an agent remembers of its users: runtime.store in tools, prompts and gates.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStore } from "@holdpoint/checkpoint-sqlite";
import { type BaseStore, Command, getStore, InMemoryStore, MemorySaver, type Runtime } from "@holdpoint/core";
import { SystemMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { InMemoryStore as PeerStore } from "@langchain/langgraph-checkpoint";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, defineTool, type MessagesAnnotation, toolRuntime } from "../../src/index.js";
import { newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel, type Turn } from "../support/scripted-model.js";

const namespaceOf = (runtime: Pick<Runtime, "configurable">) => ["memories", String(runtime.configurable.user_id)];

/** The same tool in every form that tools have: by the runtime, by LangChain's config, by getStore(). */
const remember = defineTool({
  name: "remember",
  description: "Remember a fact about the user",
  schema: z.object({ topic: z.string(), fact: z.string() }),
  invoke: async ({ topic, fact }, runtime) => {
    await runtime.store?.put(namespaceOf(runtime), topic, { fact });
    return "Noted.";
  },
});
const recall = tool(
  async ({ topic }, config) => {
    const { store, configurable } = toolRuntime(config);
    const found = await store?.search(namespaceOf({ configurable }), { filter: { fact: { $ne: "" } } });
    return found?.find(({ key }) => key === topic)?.value.fact ?? "I do not know.";
  },
  { name: "recall", description: "Recall a fact", schema: z.object({ topic: z.string() }) },
);
const forget = tool(
  async ({ topic }, config: { store?: BaseStore; configurable?: Record<string, unknown> }) => {
    expect(config.store).toBe(getStore());
    await config.store?.delete(namespaceOf({ configurable: config.configurable ?? {} }), topic);
    return "Forgotten.";
  },
  { name: "forget", description: "Forget a fact", schema: z.object({ topic: z.string() }) },
);

function say(store: BaseStore, user: string, ...turns: Turn[]) {
  const agent = createReactAgent({
    model: new ScriptedModel([...turns, "ok"]),
    tools: [remember, recall, forget],
    store,
    checkpointer: new MemorySaver(),
  });
  return agent.invoke({ messages: "hi" }, { configurable: { ...newThread().configurable, user_id: user } });
}

const answers = async (result: ReturnType<typeof say>) => toolMessages((await result).messages).map(({ content }) => content);

/** Opens a file again and again, as processes do one after the other. */
function openFile(): () => BaseStore {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-prebuilt-"));
  const stores: SqliteStore[] = [];
  onTestFinished(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    stores.push(SqliteStore.fromConnString(join(folder, "agent.db")));
    return stores.at(-1)!;
  };
}

const always = (store: BaseStore) => () => store;

describe.each([
  ["InMemoryStore", () => always(new InMemoryStore())],
  ["a SQLite file", openFile],
  ["LangGraph's InMemoryStore", () => always(new PeerStore())],
])("tools with %s", (_name, prepare) => {
  it("remember across threads, for each user, whatever form they have", async () => {
    const open = prepare();
    const diet = { topic: "diet", fact: "vegan" };
    expect(await answers(say(open(), "ada", calling({ name: "remember", args: diet })))).toEqual(["Noted."]);
    expect(await answers(say(open(), "ada", calling({ name: "recall", args: { topic: "diet" } })))).toEqual(["vegan"]);
    expect(await answers(say(open(), "bo", calling({ name: "recall", args: { topic: "diet" } })))).toEqual(["I do not know."]);
    expect(await answers(say(open(), "ada", calling({ name: "forget", args: { topic: "diet" } })))).toEqual(["Forgotten."]);
    expect(await answers(say(open(), "ada", calling({ name: "recall", args: { topic: "diet" } })))).toEqual(["I do not know."]);
  });
});

describe("an agent with a store", () => {
  it("reads it for its prompt", async () => {
    const store = new InMemoryStore();
    await store.put(["memories", "ada"], "diet", { fact: "Ada is vegan" });
    const prompt = async ({ messages }: typeof MessagesAnnotation.State, runtime: Runtime) => {
      const known = await runtime.store?.search(namespaceOf(runtime));
      return [new SystemMessage(known?.map(({ value }) => String(value.fact)).join("\n") ?? ""), ...messages];
    };
    const model = new ScriptedModel(["ok"]);
    await createReactAgent({ model, tools: [], store, prompt }).invoke({ messages: "hi" }, { configurable: { user_id: "ada" } });
    expect(model.seen[0]?.messages[0]?.content).toBe("Ada is vegan");
  });

  it("writes what a person approved, as edited, and nothing before", async () => {
    const store = new InMemoryStore();
    const model = new ScriptedModel([calling({ name: "remember", args: { topic: "diet", fact: "vegan" } }), "ok"]);
    const agent = createReactAgent({ model, tools: [addHumanInTheLoop(remember)], store, checkpointer: new MemorySaver() });
    const config = { configurable: { ...newThread().configurable, user_id: "ada" } };
    await agent.invoke({ messages: "hi" }, config);
    expect(await store.search([])).toEqual([]);
    const edited = { type: "edit", args: { args: { topic: "diet", fact: "vegetarian" } } };
    await agent.invoke(new Command({ resume: [edited] }), config);
    expect((await store.get(["memories", "ada"], "diet"))?.value).toEqual({ fact: "vegetarian" });
  });
});
