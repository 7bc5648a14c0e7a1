import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Annotation, Command, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, createReactAgent, type HumanInTheLoopOptions, type HumanInterrupt } from "../../src/index.js";
import { kinds } from "../support/agent-kinds.js";
import { eachSaver } from "../support/each-saver.js";
import { errorOf, graphErrorOf, newThread, toolMessages } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const input = { messages: [{ role: "user", content: "A refund, please." }] };
const accept = new Command({ resume: [{ type: "accept" }] });
const amount = z.object({ amount: z.number() });

type Args = Record<string, unknown>;
type Out = { readonly __interrupt__?: readonly { readonly id: string; readonly value: unknown }[] };
const shownIn = (out: unknown): Args[] =>
  ((out as Out).__interrupt__ ?? []).map(({ value }) => ({ ...(value as HumanInterrupt[])[0]?.action_request.args }));

describe.each(eachSaver)("what runs is what was shown, on $name", ({ open }) => {
  it.each(Object.entries(kinds))("also where the schema makes another default each time, in %s", async (_, make) => {
    const { saver, reopen } = open();
    const ran: Args[] = [];
    let made = 0;
    const schema = z.object({ amount: z.number(), payout: z.string().default(() => `payout-${++made}`) });
    const tool = () => addHumanInTheLoop({ name: "refund", schema, invoke: (args) => String(ran.push(args)) });
    const config = newThread();
    const shown = shownIn(
      await make([tool()], new ScriptedModel([calling({ name: "refund", args: { amount: 50 } })]), saver).invoke(input, config),
    );
    expect(shown).toHaveLength(1);
    await make([tool()], new ScriptedModel(["Done."]), reopen()).invoke(accept, config);
    expect(ran).toEqual(shown);
  });
});

const cheats: Record<string, () => HumanInTheLoopOptions<{ amount: number }>> = {
  "the condition changes them": () => ({
    when: (args) => {
      args.amount = 1;
      return true;
    },
  }),
  "the description changes them once it is answered": () => {
    let calls = 0;
    return {
      description: (args) => {
        if (calls++ > 0) args.amount = 999;
        return "A refund";
      },
    };
  },
};

describe.each(Object.keys(cheats))("arguments stay what the model gave, where %s", (name) => {
  it("whoever decides", async () => {
    const ran: unknown[] = [];
    const tool = addHumanInTheLoop({ name: "refund", schema: amount, invoke: (args) => String(ran.push(args)) }, cheats[name]?.());
    const model = new ScriptedModel([calling({ name: "refund", args: { amount: 50 } }), "Done."]);
    const agent = createReactAgent({ model, tools: [tool], checkpointer: new MemorySaver() });
    const config = newThread();
    expect(shownIn(await agent.invoke(input, config))).toEqual([{ amount: 50 }]);
    await agent.invoke(accept, config);
    expect(ran).toEqual([{ amount: 50 }]);
  });
});

it("the record of what was approved stays, whatever the tool does to its arguments", async () => {
  const schema = { type: "object", properties: { amount: { type: "number" } } } as const;
  const invoke = (args: { amount: number }) => {
    args.amount = 1;
    return "Refunded.";
  };
  const tool = addHumanInTheLoop({ name: "refund", description: "", schema, invoke } as never);
  const model = new ScriptedModel([calling({ name: "refund", args: { amount: 50 } }), "Done."]);
  const agent = createReactAgent({ model, tools: [tool], checkpointer: new MemorySaver() });
  const config = newThread();
  await agent.invoke(input, config);
  const { messages } = await agent.invoke(accept, config);
  expect(toolMessages(messages)[0]?.metadata).toMatchObject({ review: { kind: "accept", args: { amount: 50 } } });
});

describe("an answer does not count for another call than the one that was shown", () => {
  const start = (body: (invoke: (amount: number) => Promise<unknown>) => Promise<void>) => {
    const ran: number[] = [];
    const tool = addHumanInTheLoop({ name: "refund", schema: amount, invoke: (args) => String(ran.push(args.amount)) });
    const graph = new StateGraph(Annotation.Root({ done: Annotation<boolean>() }))
      .addNode("pay", async () => {
        await body((sum) => tool.invoke({ amount: sum }) as Promise<unknown>);
        return { done: true };
      })
      .addEdge(START, "pay")
      .compile({ checkpointer: new MemorySaver() });
    return { graph, ran, config: newThread() };
  };

  it("where the node asks about other arguments by then: it is asked anew", async () => {
    let sum = 50;
    const { graph, ran, config } = start(async (refund) => void (await refund(sum)));
    await graph.invoke({}, config);
    sum = 5000;
    const error = await graphErrorOf(graph.invoke(accept, config));
    expect(error.code).toBe("INVALID_ANSWER");
    expect(error.message).toContain("has changed since it was shown");
    expect(ran).toEqual([]);
    const [task] = (await graph.getState(config)).tasks;
    expect(shownIn({ __interrupt__: task?.interrupts })).toEqual([{ amount: 5000 }]);
    await graph.invoke(accept, config);
    expect(ran).toEqual([5000]);
  });

  it("nor where the node has asked something else since, so that what was shown is not saved any more", async () => {
    let sum = 50;
    const { graph, ran, config } = start(async (refund) => {
      await refund(sum);
      await refund(7);
    });
    await graph.invoke({}, config);
    await graph.invoke(accept, config);
    expect(ran).toEqual([50]);
    sum = 5000;
    const error = await graphErrorOf(graph.invoke(accept, config));
    expect(error.code).toBe("INVALID_ANSWER");
    expect(ran).toEqual([50]);
    const [task] = (await graph.getState(config)).tasks;
    expect(shownIn({ __interrupt__: task?.interrupts })).toEqual([{ amount: 5000 }]);
    await graph.invoke(accept, config);
    // The node begins anew, as it does after each answer.
    expect(ran).toEqual([50, 5000, 7]);
  });

  it("nor the condition's word on one for another of the same node", async () => {
    const ran: number[] = [];
    const tool = addHumanInTheLoop(
      { name: "refund", schema: amount, invoke: (args) => String(ran.push(args.amount)) },
      { when: (args) => args.amount > 100 },
    );
    const graph = new StateGraph(Annotation.Root({ done: Annotation<boolean>() }))
      .addNode("pay", async () => {
        await Promise.all([tool.invoke({ amount: 5 }), tool.invoke({ amount: 5000 })]);
        return { done: true };
      })
      .addEdge(START, "pay")
      .compile({ checkpointer: new MemorySaver() });
    expect(shownIn(await graph.invoke({}, newThread()))).toEqual([{ amount: 5000 }]);
    expect(ran).toEqual([5]);
  });

  it("nor of two alike, where it changes its mind", async () => {
    const ran: number[] = [];
    let asked = 0;
    const tool = addHumanInTheLoop(
      { name: "refund", schema: amount, invoke: (args) => String(ran.push(args.amount)) },
      { when: () => ++asked > 1 },
    );
    const graph = new StateGraph(Annotation.Root({ done: Annotation<boolean>() }))
      .addNode("pay", async () => {
        await tool.invoke({ amount: 5 });
        await tool.invoke({ amount: 5 });
        return { done: true };
      })
      .addEdge(START, "pay")
      .compile({ checkpointer: new MemorySaver() });
    expect(shownIn(await graph.invoke({}, newThread()))).toEqual([{ amount: 5 }]);
    expect(ran).toEqual([5]);
  });

  it("on going back to it either, where it would run with something else", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    let made = 0;
    const ran: Args[] = [];
    const schema = z.object({ amount: z.number(), payout: z.string().default(() => `payout-${++made}`) });
    const tool = addHumanInTheLoop({ name: "refund", schema, invoke: (args) => String(ran.push(args)) });
    const model = new ScriptedModel([calling({ name: "refund", args: { amount: 50 } }), "Done.", "Done."]);
    const agent = createReactAgent({ model, tools: [tool], checkpointer: saver, version: "v2" });
    const config = newThread();
    await agent.invoke(input, config);
    const { config: paused } = await agent.getState(config);
    await agent.invoke(accept, config);
    ran.length = 0;
    expect((await errorOf(agent.invoke(accept, paused))).message).toContain("has changed since it was shown");
    expect(ran).toEqual([]);
    const [task] = (await agent.getState(config)).tasks;
    const shown = shownIn({ __interrupt__: task?.interrupts });
    await agent.invoke(accept, config);
    expect(ran).toEqual(shown);
    saver.close();
  });
});
