// One process in the life of an agent: takes up what the file holds, decides what waits, and goes on until the end, or until it is killed.
//
//   node child.mjs FILE EFFECTS NUMBER VERSION DURABILITY
//
// The process kills itself before its NUMBERth write to the saver; 0 never. EFFECTS is append-only, a line for each run of a tool:
//   TOOL ARGUMENT IDEMPOTENCY-KEY
import { appendFileSync } from "node:fs";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Command } from "@holdpoint/core";
import { addHumanInTheLoop, createReactAgent } from "@holdpoint/prebuilt";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, ToolMessage } from "@langchain/core/messages";

const [file, effects, number, version, durability] = process.argv.slice(2);

/** Passes every call on, and kills the process before the write that was asked for. */
function deadly(saver) {
  let writes = 0;
  const before = (write) => {
    if (++writes === Number(number)) process.kill(process.pid, "SIGKILL");
    return write();
  };
  return {
    getTuple: (config) => saver.getTuple(config),
    list: (config, options) => saver.list(config, options),
    deleteThread: (threadId) => saver.deleteThread(threadId),
    put: (...args) => before(() => saver.put(...args)),
    putWrites: (...args) => before(() => saver.putWrites(...args)),
    recordDecisions: (...args) => before(() => saver.recordDecisions(...args)),
    get writes() {
      return writes;
    },
  };
}

/** Calls three tools, then says what came of it: by what the conversation holds, whichever process asks. */
class Scripted extends BaseChatModel {
  _llmType() {
    return "scripted";
  }

  bindTools() {
    return this;
  }

  async _generate(messages) {
    const results = messages.filter((message) => ToolMessage.isInstance(message));
    const call = (name, what) => ({ name, args: { what }, id: `call-${what}`, type: "tool_call" });
    const message =
      results.length === 0
        ? new AIMessage({ content: "", tool_calls: [call("pay", "approved"), call("look", "free"), call("pay", "rejected")] })
        : new AIMessage(results.map(({ content }) => content).join("; "));
    return { generations: [{ message, text: "" }] };
  }
}

const tool = (name) => ({
  name,
  schema: { type: "object", properties: { what: { type: "string" } }, required: ["what"] },
  invoke: ({ what }, { idempotencyKey }) => {
    appendFileSync(effects, `${name} ${what} ${idempotencyKey}\n`);
    return `${name} ${what}`;
  },
});

const saver = deadly(SqliteSaver.fromConnString(file));
const agent = createReactAgent({
  model: new Scripted({}),
  tools: [addHumanInTheLoop(tool("pay")), tool("look")],
  approvalFormat: "agent-chat",
  version,
  checkpointer: saver,
});
const config = { configurable: { thread_id: "thread" }, durability };

/** Says what a model provider would refuse in a transcript. */
function faultIn(messages) {
  let open = new Set();
  for (const [at, message] of messages.entries()) {
    if (ToolMessage.isInstance(message)) {
      if (!open.delete(message.tool_call_id)) return `message ${at} answers ${message.tool_call_id}, which nobody called`;
      continue;
    }
    if (open.size > 0) return `message ${at} comes before the answers to ${[...open].join(", ")}`;
    open = new Set(message.getType() === "ai" ? message.tool_calls.map(({ id }) => id) : []);
  }
  return undefined;
}

async function checkHistory() {
  for await (const { values } of agent.getStateHistory(config)) {
    const fault = faultIn(values.messages ?? []);
    if (fault !== undefined) throw new Error(fault);
  }
}

await checkHistory();
for (;;) {
  const { interrupts, next, config: saved } = await agent.getState(config);
  const [asked] = interrupts;
  if (saved.configurable.checkpoint_id === undefined) await agent.invoke({ messages: [{ role: "user", content: "go" }] }, config);
  else if (asked !== undefined) {
    const { what } = asked.value.action_requests[0].args;
    const decision = what === "approved" ? { type: "approve" } : { type: "reject", message: "Too dear." };
    await agent.invoke(new Command({ resume: { [asked.id]: { decisions: [decision] } } }), config);
  } else if (next.length > 0) await agent.invoke(null, config);
  else break;
}
await checkHistory();
const { values } = await agent.getState(config);
const messages = values.messages.map((message) => [message.getType(), message.content, message.metadata?.review?.kind ?? null]);
process.stdout.write(JSON.stringify({ messages, writes: saver.writes }));
