// Promise 2: a call that has finished is neither asked for nor run again where a program writes what the model said while others wait.

import { Command, type GraphConfig } from "@holdpoint/core";
import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addHumanInTheLoop, type ReactAgent } from "../../src/index.js";
import { kinds } from "../support/agent-kinds.js";
import { eachSaver } from "../support/each-saver.js";
import { answersById, newThread, transcriptFault } from "../support/run.js";
import { calling, ScriptedModel } from "../support/scripted-model.js";

const accepted = [{ type: "accept", args: null }];
const calls = ["Ada", "Bo"].map((to) => ({ name: "pay", args: { to }, id: `call_${to}` }));

const waiting = async (agent: ReactAgent, config: GraphConfig) =>
  (await agent.getState(config)).tasks.flatMap(({ interrupts }) => interrupts) as unknown as {
    readonly id: string;
    readonly value: { readonly action_request: { readonly args: { readonly to: string } } }[];
  }[];

const askedFor = async (agent: ReactAgent, config: GraphConfig) =>
  (await waiting(agent, config)).map(({ value }) => value[0]?.action_request.args.to);

async function accept(agent: ReactAgent, config: GraphConfig): Promise<void> {
  const [first] = await waiting(agent, config);
  await agent.invoke(new Command({ resume: { [first?.id ?? ""]: accepted } }), config);
}

/** The model's message with another payee in the call that waits. */
async function edited(agent: ReactAgent, config: GraphConfig) {
  const message = (await agent.getState(config)).values.messages.findLast((one) => AIMessage.isInstance(one)) as AIMessage;
  const tool_calls = (message.tool_calls ?? []).map((call) => (call.id === "call_Bo" ? { ...call, args: { to: "Cy" } } : call));
  return { messages: [new AIMessage({ id: message.id ?? "", content: "", tool_calls })] };
}

const updates: Record<string, (agent: ReactAgent, config: GraphConfig) => Promise<{ messages: AIMessage[] } | null>> = {
  nothing: async () => null,
  "no message": async () => ({ messages: [] }),
  "other arguments of the call that waits": edited,
};

const cases = eachSaver.flatMap(({ name, open }) =>
  Object.entries(kinds).flatMap(([kind, make]) =>
    Object.entries(updates).map(([what, values]) => ({ name: `${what} (${kind} on ${name})`, what, open, make, values })),
  ),
);

describe("an update as the model's node while one of two calls waits", () => {
  it.each(cases)("$name", async ({ what, open, make, values }) => {
    const storage = open();
    const paid: string[] = [];
    const pay = addHumanInTheLoop({
      name: "pay",
      schema: z.object({ to: z.string() }),
      invoke: ({ to }) => {
        paid.push(to);
        return `paid ${to}`;
      },
    });
    const model = new ScriptedModel([calling(...calls), "Done."]);
    const agent = () => make([pay], model, storage.reopen());
    const config = newThread();
    await agent().invoke({ messages: [{ role: "user", content: "pay both" }] }, config);
    await accept(agent(), config);
    expect(paid).toEqual(["Ada"]);
    await agent().updateState(config, await values(agent(), config), "agent");
    await agent().invoke(null, config);
    const last = what.startsWith("other") ? "Cy" : "Bo";
    expect(await askedFor(agent(), config)).toEqual([last]);
    await accept(agent(), config);
    expect(paid).toEqual(["Ada", last]);
    const { messages } = (await agent().getState(config)).values;
    expect(answersById(messages)).toEqual({ call_Ada: "paid Ada", call_Bo: `paid ${last}` });
    expect(transcriptFault(messages)).toBeUndefined();
  });
});
