// A tool may throw anything. With handleToolErrors its call still ends with a tool message; without, the run fails with that very value.

import { oddValues } from "@holdpoint/checkpoint/testing";
import { Command, MemorySaver } from "@holdpoint/core";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { FakeTracer } from "@langchain/core/utils/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, type HandleToolErrors, ToolNode } from "../../src/index.js";
import { newThread, toolMessages, transcriptFault } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const unseen: unknown[] = [];
const note = (reason: unknown) => void unseen.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(async () => {
  vi.restoreAllMocks();
  await new Promise((resolve) => setTimeout(resolve, 0));
  process.off("unhandledRejection", note);
  expect(unseen.splice(0)).toHaveLength(0);
});

const odd = Object.fromEntries(oddValues());
const names = Object.keys(odd);

const forms = {
  "LangChain's tool": (thrown: unknown) =>
    tool(
      async () => {
        throw thrown;
      },
      { name: "odd", description: "Throws", schema: z.object({}) },
    ),
  "a definition": (thrown: unknown) => ({
    name: "odd",
    schema: z.object({}),
    invoke: () => {
      throw thrown;
    },
  }),
};

async function expectThrown(promise: Promise<unknown>, value: unknown) {
  const outcome: { thrown?: unknown } = await promise.then(
    () => ({}),
    (thrown: unknown) => ({ thrown }),
  );
  // By identity alone: a comparison that looks deeper would touch the traps.
  expect("thrown" in outcome && Object.is(outcome.thrown, value)).toBe(true);
}

describe.each(Object.entries(forms))("%s", (_, form) => {
  const agentOf = (thrown: unknown, options: { version?: "v1" | "v2"; gate?: boolean; handleToolErrors?: HandleToolErrors } = {}) => {
    const { gate = false, version = "v2", handleToolErrors = true } = options;
    const made = form(thrown);
    const tools = new ToolNode([gate ? addHumanInTheLoop(made) : made], { handleToolErrors });
    const model = new ScriptedModel([calling({ name: "odd", args: {} }), "ok"]);
    return createReactAgent({ model, tools, version, checkpointer: new MemorySaver() });
  };

  it.each(names)("that throws %s ends with a tool message", async (name) => {
    for (const version of ["v1", "v2"] as const) {
      const { messages } = await agentOf(odd[name], { version }).invoke({ messages: "hi" }, newThread());
      const [answer] = toolMessages(messages);
      expect(answer?.status).toBe("error");
      expect(answer?.text).toMatch(/^Error: /);
      expect(answer?.text.length).toBeLessThan(200_000);
      expect(transcriptFault(messages)).toBeUndefined();
      expect(messages.at(-1)?.text).toBe("ok");
    }
  });

  it.each(names)("that throws %s is the run's failure where errors are not handled", (name) =>
    expectThrown(agentOf(odd[name], { handleToolErrors: false }).invoke({ messages: "hi" }, newThread()), odd[name]),
  );

  it.each(names)("that throws %s behind a gate keeps what was decided, and the function that words it gets the value", async (name) => {
    const seen: unknown[] = [];
    const handleToolErrors = (error: unknown) => `it failed (${seen.push(error)})`;
    const agent = agentOf(odd[name], { gate: true, handleToolErrors });
    const config = newThread();
    await agent.invoke({ messages: "hi" }, config);
    const { messages } = await agent.invoke(new Command({ resume: [{ type: "accept" }] }), config);
    const [answer] = toolMessages(messages);
    expect(answer?.text).toBe("it failed (1)");
    expect(answer?.metadata?.review).toMatchObject({ kind: "accept" });
    expect(Object.is(seen[0], odd[name])).toBe(true);
  });

  it.each(names)("that throws %s behind a gate is the run's failure where errors are not handled", async (name) => {
    const agent = agentOf(odd[name], { gate: true, handleToolErrors: false });
    const config = newThread();
    await agent.invoke({ messages: "hi" }, config);
    await expectThrown(agent.invoke(new Command({ resume: [{ type: "accept" }] }), config), odd[name]);
  });

  it.each(names)("that throws %s does so for handlers and tracers too", async (name) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    let failures = 0;
    const counting = BaseCallbackHandler.fromMethods({ handleToolError: () => void failures++ });
    const config = { ...newThread(), callbacks: [new FakeTracer(), counting] };
    const { messages } = await agentOf(odd[name]).invoke({ messages: "hi" }, config);
    expect(toolMessages(messages)[0]?.status).toBe("error");
    expect(failures).toBe(1);
    await expectThrown(
      agentOf(odd[name], { handleToolErrors: false }).invoke({ messages: "hi" }, { ...config, ...newThread() }),
      odd[name],
    );
  });
});

it("a ToolNode by itself says what an object holds, and cuts what is long", async () => {
  const textOf = async (thrown: unknown) => {
    const message = new AIMessage({ content: "", tool_calls: [{ name: "odd", args: {}, id: "1", type: "tool_call" }] });
    const [answer] = (await new ToolNode([forms["a definition"](thrown)]).invoke([message])) as { text: string }[];
    return answer?.text;
  };
  expect(await textOf({ code: 7 })).toContain('Error: {"code":7}');
  expect(await textOf({ message: "no room" })).toContain("Error: no room");
  expect(await textOf(odd["an object without a prototype"])).toContain('Error: {"code":7}');
  expect(await textOf(odd["a cyclic object"])).toContain("Error: [object Object]");
  expect(await textOf(odd["a symbol"])).toContain("Error: Symbol(odd)");
  expect(await textOf(odd["a revoked proxy"])).toContain("cannot be read");
  expect(await textOf(odd["an error with a long message"])).toContain("(9900000 characters more)");
});

it("a function that finds no words leaves ours", async () => {
  const message = new AIMessage({ content: "", tool_calls: [{ name: "odd", args: {}, id: "1", type: "tool_call" }] });
  const node = new ToolNode([forms["a definition"](new Error("no room"))], { handleToolErrors: (() => undefined) as never });
  expect(await node.invoke([message])).toMatchObject([{ content: expect.stringContaining("no room") }]);
});
