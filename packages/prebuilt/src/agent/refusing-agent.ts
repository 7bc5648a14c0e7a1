import { type Channel, type Command, CompiledGraph, type GraphConfig, isCommand, type RunResult } from "@holdpoint/core";
import { type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { AgentError } from "../agent-error.js";
import { openCallsBefore } from "../messages/open-calls.js";

type Values = Record<string, unknown>;

/** Messages that came as an input, to tell them from those that nodes write. */
const inputs = new WeakSet<object>();

/**
 * An agent that takes no input while tool calls wait. An input always brings messages to the state, if only none: there it meets the calls.
 */
export class RefusingAgent extends CompiledGraph {
  static of(graph: CompiledGraph): RefusingAgent {
    const { program, checkpointer, store, gate, authorize, subgraphs, description } = graph;
    return new RefusingAgent({ program, checkpointer, store, gate, authorize, subgraphs, description, drawing: () => graph.getGraph() });
  }

  override async invoke(input: Values | Command | null, config?: GraphConfig): Promise<RunResult<Values>> {
    return super.invoke(marked(input), config);
  }

  // The modes make the chunks' type, and are handed on as they are.
  override stream = ((input: Values | Command | null, options: never) =>
    super.stream(marked(input), options)) as unknown as CompiledGraph["stream"];
}

function marked(input: Values | Command | null): Values | Command | null {
  if (typeof input !== "object" || input === null || Array.isArray(input) || isCommand(input)) return input;
  const { messages = [] } = input;
  const list: unknown[] = Array.isArray(messages) ? [...messages] : [messages];
  inputs.add(list);
  return { ...input, messages: list };
}

/**
 * Makes a channel of messages refuse an input that would leave tool calls behind, before anything is saved.
 * @throws AgentError CALLS_WAITING, from the channel
 */
export function refuseInputs(channel: Channel): Channel {
  const { overwrite } = channel;
  return {
    kind: channel.kind,
    saved: channel.saved,
    ephemeral: channel.ephemeral,
    initial: () => channel.initial(),
    update: (current, updates, name) => {
      const after = channel.update(current, updates, name);
      if (updates.some((update) => inputs.has(update as object)) && Array.isArray(current) && Array.isArray(after))
        checkCalls(current, after);
      return after;
    },
    ...(overwrite === undefined ? {} : { overwrite: (value: unknown) => overwrite.call(channel, value) as never }),
  };
}

function checkCalls(before: readonly BaseMessage[], after: readonly BaseMessage[]): void {
  const open = openCallsBefore(before);
  if (open === undefined) return;
  const answered = new Set(after.flatMap((message) => (ToolMessage.isInstance(message) ? [message.tool_call_id] : [])));
  const calls = open.calls.filter(({ id }) => id === undefined || !answered.has(id)).map(({ id, name, args }) => ({ id, name, args }));
  if (calls.length === 0) return;
  throw new AgentError(
    "CALLS_WAITING",
    `The agent takes no new message while tool calls wait: ${calls.map(({ id, name }) => `${name} (${id})`).join(", ")}. Nothing was saved. ` +
      "Answer them first with Command({ resume }), by the ids in getState(config).interrupts; where none is there, go on with invoke(null, config).",
    { details: { calls } },
  );
}
