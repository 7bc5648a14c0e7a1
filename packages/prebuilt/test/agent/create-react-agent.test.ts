import { Annotation, Command, GraphError, InMemoryStore, MemorySaver } from "@holdpoint/core";
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatPromptTemplate, MessagesPlaceholder } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { number, object } from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AgentError, createReactAgent, defineTool, MessagesAnnotation, type ToolRuntime, toolRuntime } from "../../src/index.js";
import { agentErrorOf, answersById, collect, errorOf, newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = { messages: [{ role: "user", content: "hi" }] };
const add = defineTool({
  name: "add",
  description: "Add",
  schema: z.object({ a: z.number(), b: z.number() }),
  invoke: ({ a, b }) => a + b,
});
const contents = (messages: readonly BaseMessage[]) => messages.map(({ content }) => content);

describe("the loop", () => {
  it("calls tools until the model has its answer", async () => {
    const model = new ScriptedModel([calling({ name: "add", args: { a: 1, b: 2 } }), calling({ name: "add", args: { a: 3, b: 4 } }), "7"]);
    const { messages } = await createReactAgent({ model, tools: [add] }).invoke(input);
    expect(contents(messages)).toEqual(["hi", "", "3", "", "7", "7"]);
    expect(model.seen.map((seen) => seen.messages.length)).toEqual([1, 3, 5]);
  });

  it("goes under the names of LangGraph's nodes", async () => {
    const model = new ScriptedModel([calling({ name: "add", args: { a: 1, b: 2 } }), "3"]);
    const agent = createReactAgent({
      model: Object.assign(model, { withStructuredOutput: () => ({ invoke: async () => ({ sum: 3 }) }) }),
      tools: [add],
      responseFormat: z.object({ sum: z.number() }),
      preModelHook: () => ({}),
      postModelHook: () => ({}),
    });
    const chunks = await collect(agent.stream(input));
    expect(chunks.map((chunk) => Object.keys(chunk)[0])).toEqual([
      "pre_model_hook",
      "agent",
      "post_model_hook",
      "tools",
      "pre_model_hook",
      "agent",
      "post_model_hook",
      "generate_structured_response",
    ]);
    expect((await createReactAgent({ model: new ScriptedModel(["x"]), tools: [] }).invoke(input)).structuredResponse).toBeUndefined();
  });

  it("stops before and after nodes", async () => {
    const model = new ScriptedModel([calling({ name: "add", args: { a: 1, b: 2 } }), "3"]);
    const agent = createReactAgent({ model, tools: [add], checkpointer: new MemorySaver(), interruptBefore: ["tools"] });
    const config = newThread();
    await agent.invoke(input, config);
    expect((await agent.getState(config)).next).toEqual(["tools"]);
    expect((await agent.invoke(null, config)).messages).toHaveLength(4);
  });

  it("puts its name on its messages, and ids on calls that have none", async () => {
    const silent = new AIMessage({ content: "", tool_calls: [{ name: "add", args: { a: 1, b: 2 } }] });
    const { messages } = await createReactAgent({ model: new ScriptedModel([silent, "3"]), tools: [add], name: "desk" }).invoke(input);
    expect(messages[1]?.name).toBe("desk");
    const [call] = (messages[1] as AIMessage).tool_calls ?? [];
    expect(call?.id).toMatch(/^call_/);
    expect((messages[2] as ToolMessage).tool_call_id).toBe(call?.id);
  });

  it("says so when the steps run out, and the transcript stays valid", async () => {
    const endless = Array.from({ length: 9 }, () => calling({ name: "add", args: { a: 1, b: 2 } }));
    const { messages } = await createReactAgent({ model: new ScriptedModel(endless), tools: [add] }).invoke(input, { recursionLimit: 4 });
    expect(messages.at(-1)?.content).toBe("Sorry, need more steps to process this request.");
    expect((messages.at(-1) as AIMessage).tool_calls).toEqual([]);
  });

  it("ends with the result of a tool that has the last word", async () => {
    for (const version of ["v1", "v2"] as const) {
      const model = new ScriptedModel([calling({ name: "add", args: { a: 1, b: 2 } })]);
      const { messages } = await createReactAgent({ model, tools: [{ ...add, returnDirect: true }], version }).invoke(input);
      expect(contents(messages)).toEqual(["hi", "", "3"]);
    }
  });

  it("keeps more state, where the schema has it", async () => {
    const State = Annotation.Root({ ...MessagesAnnotation.spec, user: Annotation<string>() });
    const seen: unknown[] = [];
    const who = tool(
      (_args, config) => String(seen.push(toolRuntime(config).state.user, toolRuntime(config).context, toolRuntime(config).store)),
      { name: "who", description: "", schema: z.object({}) },
    );
    const store = new InMemoryStore();
    const agent = createReactAgent({
      model: new ScriptedModel([calling({ name: "who", args: {} }), "ok"]),
      tools: [who],
      stateSchema: State,
      store,
    });
    const { user } = await agent.invoke({ ...input, user: "ada" }, { context: { c: 1 } });
    expect(user).toBe("ada");
    expect(seen).toEqual(["ada", { c: 1 }, store]);
    const zod = createReactAgent({
      model: new ScriptedModel(["ok"]),
      tools: [],
      stateSchema: z.object({ messages: z.array(z.any()), user: z.string() }),
    });
    expect((await zod.invoke({ ...input, user: "bo" })).messages).toHaveLength(2);
  });
});

describe("the prompt", () => {
  it.each([
    ["a text", "Be brief"],
    ["a system message", new SystemMessage("Be brief")],
    ["a function", ({ messages }: { messages: BaseMessage[] }) => [new SystemMessage("Be brief"), ...messages]],
    ["a runnable", ChatPromptTemplate.fromMessages([["system", "Be brief"], new MessagesPlaceholder("messages")])],
    [
      "a runnable function",
      RunnableLambda.from(({ messages }: { messages: BaseMessage[] }) => [["system", "Be brief"] as const, ...messages]),
    ],
  ])("can be %s", async (_name, prompt) => {
    const model = new ScriptedModel(["ok"]);
    await createReactAgent({ model, tools: [], prompt: prompt as string }).invoke(input);
    expect(model.seen[0]?.messages.map((message) => [message.getType(), message.content])).toEqual([
      ["system", "Be brief"],
      ["human", "hi"],
    ]);
  });
});

describe("hooks", () => {
  it("before the model: what it is shown once, without a trace in the state", async () => {
    const model = new ScriptedModel([calling({ name: "add", args: { a: 1, b: 2 } }), "3"]);
    let first = true;
    const agent = createReactAgent({
      model,
      tools: [add],
      preModelHook: () => {
        if (!first) return {};
        first = false;
        return { llmInputMessages: [new HumanMessage("shortened")] };
      },
    });
    const result = await agent.invoke(input);
    expect(contents(model.seen[0]?.messages ?? [])).toEqual(["shortened"]);
    expect(contents(model.seen[1]?.messages ?? [])).toEqual(["hi", "", "3"]);
    expect(Object.keys(result)).toEqual(["messages"]);
  });

  it("after the model: it may answer calls itself", async () => {
    const model = new ScriptedModel([calling({ name: "add", args: { a: 1, b: 2 }, id: "c1" }), "done"]);
    const agent = createReactAgent({
      model,
      tools: [add],
      postModelHook: ({ messages }) => {
        const last = messages.at(-1);
        return last instanceof AIMessage && last.tool_calls?.length
          ? { messages: [new ToolMessage({ content: "no", tool_call_id: "c1" })] }
          : {};
      },
    });
    expect(answersById((await agent.invoke(input)).messages)).toEqual({ c1: "no" });
  });
});

describe("the structured response", () => {
  const withStructure = (answer: unknown) => {
    const asked: unknown[] = [];
    const model = Object.assign(new ScriptedModel(["The sum is 3"]), {
      withStructuredOutput: (schema: unknown, options: unknown) => ({
        invoke: async (messages: BaseMessage[]) => {
          asked.push(schema, options, contents(messages));
          return answer;
        },
      }),
    });
    return { model, asked };
  };
  const schema = z.object({ sum: z.number() });

  it("stands in the state", async () => {
    const { model, asked } = withStructure({ sum: 3 });
    const result = await createReactAgent({ model, tools: [], responseFormat: { schema, prompt: "Give the sum", strict: true } }).invoke(
      input,
    );
    expect(result.structuredResponse).toEqual({ sum: 3 });
    expect(asked).toEqual([schema, { strict: true }, ["Give the sum", "hi", "The sum is 3"]]);
  });

  it("is an error where the model gives none", async () => {
    const { model } = withStructure(null);
    expect((await agentErrorOf(createReactAgent({ model, tools: [], responseFormat: schema }).invoke(input))).code).toBe(
      "NO_STRUCTURED_RESPONSE",
    );
  });
});

describe("the model", () => {
  it("can be chosen in each step, by state and runtime", async () => {
    const big = new ScriptedModel(["from big"]);
    const small = new ScriptedModel(["from small"]);
    const agent = createReactAgent({ model: (_state, { context }) => ((context as { big: boolean }).big ? big : small), tools: [add] });
    expect((await agent.invoke(input, { context: { big: true } })).messages.at(-1)?.content).toBe("from big");
    expect((await agent.invoke(input, { context: { big: false } })).messages.at(-1)?.content).toBe("from small");
    expect(big.seen[0]?.tools).toHaveLength(1);
  });

  it("may be bound already, to the same tools", async () => {
    const model = new ScriptedModel(["ok", "ok"]);
    await createReactAgent({ model: model.bindTools([{ name: "add" }]), tools: [add] }).invoke(input);
    await createReactAgent({ model: model.withConfig({ tags: ["t"] }), tools: [add] }).invoke(input);
    expect(model.seen.map(({ tools }) => tools.length)).toEqual([1, 1]);
    const other = createReactAgent({ model: model.bindTools([{ name: "other" }]), tools: [add] });
    const error = await agentErrorOf(other.invoke(input));
    expect([error.code, error.message]).toEqual(["INVALID_MODEL", expect.stringContaining("lacks add")]);
  });

  it("is told of server tools, which never run here", async () => {
    const search = { type: "web_search_20250305", name: "web_search" };
    const model = new ScriptedModel([calling({ name: "web_search", args: {}, id: "c1" }), "ok"]);
    const { messages } = await createReactAgent({ model, tools: [add, search] }).invoke(input);
    expect(model.seen[0]?.tools.map((one) => (one as { name: string }).name)).toEqual(["add", "web_search"]);
    expect(answersById(messages)).toEqual({ c1: expect.stringContaining('there is no tool "web_search"') });
  });

  it.each([
    ["none", {}, "INVALID_OPTIONS"],
    ["an unknown name", { model: "nobody:nothing" }, "UNKNOWN_MODEL"],
    ["a package that is not installed", { model: "cohere:command-r" }, "MISSING_MODEL_PACKAGE"],
    ["something else", { model: {} }, "INVALID_MODEL"],
    ["one that cannot call tools", { model: RunnableLambda.from(() => new AIMessage("x")) }, "MODEL_WITHOUT_TOOLS"],
    ["one that gives no message", { model: RunnableLambda.from(() => "x"), tools: [] }, "INVALID_MODEL"],
  ])("is refused: %s", async (_name, options, code) => {
    const run = async () => createReactAgent({ tools: [add], ...(options as { model: string }) }).invoke(input);
    expect((await agentErrorOf(run())).code).toBe(code);
  });
});

describe("tools", () => {
  const run = async (tools: Parameters<typeof createReactAgent>[0]["tools"], call: { name: string; args: Record<string, unknown> }) => {
    const { messages } = await createReactAgent({ model: new ScriptedModel([calling(call), "ok"]), tools }).invoke(input);
    return toolMessages(messages)[0] as ToolMessage;
  };

  it("can be functions, definitions, LangChain tools; with zod, JSON Schema, or another Standard Schema", async () => {
    const json = { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] };
    const valibot = object({ a: number(), b: number() });
    const standard = { "~standard": { ...valibot["~standard"], jsonSchema: { input: () => json, output: () => json } } };
    const args = { a: 1, b: 2 };
    const sum = ({ a, b }: { a: number; b: number }) => `${a + b}`;
    const forms = [
      Object.assign(({ a, b }: { a: number; b: number }) => `${a + b}`, {
        toolName: "add",
        schema: z.object({ a: z.number(), b: z.number() }),
      }),
      { name: "add", schema: json, func: sum },
      { name: "add", schema: standard, invoke: sum },
      tool(sum, { name: "add", description: "", schema: z.object({ a: z.number(), b: z.number() }) }),
      tool(sum as never, { name: "add", description: "", schema: json as never }),
    ];
    for (const form of forms) {
      expect(await run([form as never], { name: "add", args })).toMatchObject({ content: "3", status: "success", name: "add" });
      const refused = await run([form as never], { name: "add", args: { a: 1, b: "two" } });
      expect(refused).toMatchObject({
        status: "error",
        content: expect.stringMatching(/^Error: The arguments do not fit the schema of "add": b: /),
      });
    }
  });

  it("turn errors into messages for the model", async () => {
    const fails = { name: "fails", schema: z.object({}), invoke: () => Promise.reject(new Error("no room")) };
    expect(await run([fails], { name: "fails", args: {} })).toMatchObject({
      status: "error",
      content: "Error: no room\n Please fix your mistakes.",
    });
    expect(await run([fails, add], { name: "Fails", args: {} })).toMatchObject({
      status: "error",
      content: 'Error: there is no tool "Fails". Nothing was done. The tools are: fails, add.',
    });
    const model = new ScriptedModel([calling({ name: "fails", args: {} })]);
    expect((await errorOf(createReactAgent({ model, tools: [fails], handleToolErrors: false }).invoke(input))).message).toBe("no room");
  });

  it("return content and artifact, tool messages, and commands", async () => {
    const artifact = { rows: [1, 2] };
    const pair = { name: "t", schema: z.object({}), responseFormat: "content_and_artifact" as const, invoke: () => ["text", artifact] };
    expect(await run([pair], { name: "t", args: {} })).toMatchObject({ content: "text", artifact });
    const own = {
      name: "t",
      schema: z.object({}),
      invoke: (_args: unknown, { toolCallId }: ToolRuntime) => new ToolMessage({ content: "own", tool_call_id: toolCallId }),
    };
    expect(await run([own], { name: "t", args: {} })).toMatchObject({ content: "own" });
    expect(await run([{ name: "t", schema: z.object({}), invoke: () => undefined }], { name: "t", args: {} })).toMatchObject({
      content: "",
    });

    const State = Annotation.Root({ ...MessagesAnnotation.spec, user: Annotation<string>() });
    const command = tool(() => new Command({ update: { user: "ada" } }), { name: "t", description: "", schema: z.object({}) });
    for (const version of ["v1", "v2"] as const) {
      const model = new ScriptedModel([calling({ name: "t", args: {} }, { name: "add", args: { a: 1, b: 2 } }), "ok"]);
      const result = await createReactAgent({ model, tools: [command, add], stateSchema: State, version }).invoke({ ...input, user: "" });
      expect(result.user).toBe("ada");
      // The command brought no message for its call, which needs one.
      expect(toolMessages(result.messages).map(({ content }) => content)).toEqual(["Done.", "3"]);
    }
  });

  it("are refused by name where two are the same, and by form where they are none", () => {
    const make = (tools: unknown[]) => () => createReactAgent({ model: new ScriptedModel([]), tools: tools as never });
    const codeOf = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return AgentError.is(error) ? error.code : String(error);
      }
      return undefined;
    };
    expect(codeOf(make([add, { ...add }]))).toBe("DUPLICATE_TOOL");
    expect(codeOf(make(["add"]))).toBe("INVALID_TOOL");
    expect(codeOf(make([() => 1]))).toBe("INVALID_TOOL");
    expect(codeOf(make([{ ...add, schema: object({}) }]))).toBe("INVALID_TOOL");
    expect(codeOf(make([{ name: "x", invoke: () => 1 }]))).toBe("INVALID_TOOL");
    expect(
      codeOf(() =>
        createReactAgent({ model: new ScriptedModel([]), tools: [], stateSchema: Annotation.Root({ x: Annotation<string>() }) }),
      ),
    ).toBe("INVALID_STATE");
  });

  it("answer calls whose arguments are no JSON, so that the model can try again", async () => {
    for (const version of ["v1", "v2"] as const) {
      const bad = { id: "c1", name: "add", args: '{"a": 1, "b"', error: "Malformed args.", type: "invalid_tool_call" as const };
      const model = new ScriptedModel([new AIMessage({ content: "", invalid_tool_calls: [bad] }), "sorry"], { streams: false });
      const { messages } = await createReactAgent({ model, tools: [add], version }).invoke(input);
      expect(toolMessages(messages)).toMatchObject([
        { tool_call_id: "c1", status: "error", content: expect.stringContaining("not valid JSON (Malformed args.)") },
      ]);
      expect(messages.at(-1)?.content).toBe("sorry");
    }
  });

  it("let the run be aborted", async () => {
    const controller = new AbortController();
    const slow = {
      name: "slow",
      schema: z.object({}),
      invoke: () => new Promise((_, reject) => controller.signal.addEventListener("abort", () => reject(new Error("stopped")))),
    };
    const running = createReactAgent({ model: new ScriptedModel([calling({ name: "slow", args: {} })]), tools: [slow] }).invoke(input, {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 10);
    const error = await errorOf(running);
    expect(GraphError.is(error, "ABORTED") || error.name === "AbortError").toBe(true);
  });
});
