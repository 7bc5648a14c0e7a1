import { END, Send } from "@holdpoint/core";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { callsOf, openCallsBefore } from "../messages/open-calls.js";

/** Where the nodes of an agent lead. */
export interface RouteParts {
  /** "v2": each tool call is a task of the graph; "v1": one task runs them all. */
  readonly version: "v1" | "v2";
  /** Where a round begins: the model, or the hook before it. */
  readonly entry: string;
  /** Where a finished answer leads: the end, or the structured response. */
  readonly exit: string;
  readonly returnDirect: ReadonlySet<string>;
}

interface State {
  readonly messages: readonly BaseMessage[];
}

/** After the model: to the tools that it calls, or out. */
export function routeFromModel({ version, exit }: RouteParts) {
  return ({ messages }: State) => {
    const open = openCallsBefore(messages);
    if (open === undefined) return exit;
    return version === "v1" ? "tools" : open.calls.map((call) => new Send("tools", { ...call, type: "tool_call" }));
  };
}

/** After the hook behind the model, which may have answered calls itself. */
export function routeFromHook(parts: RouteParts) {
  const fromModel = routeFromModel(parts);
  return (state: State) => {
    const next = fromModel(state);
    if (next !== parts.exit) return next;
    const last = state.messages.at(-1);
    return last !== undefined && ToolMessage.isInstance(last) ? parts.entry : next;
  };
}

/** After a tool: back to the model, unless one of the tools called has the last word. */
export function routeFromTools({ entry, returnDirect }: RouteParts) {
  return ({ messages }: State) => {
    const calling = messages.findLast((message) => AIMessage.isInstance(message)) as AIMessage | undefined;
    return calling !== undefined && callsOf(calling).some(({ name }) => returnDirect.has(name)) ? END : entry;
  };
}
