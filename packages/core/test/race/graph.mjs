// The graph of the race: three gates at once, each with a side effect behind it that is noted in an append-only file.
import { appendFileSync } from "node:fs";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Annotation, interrupt, Send, START, StateGraph } from "@holdpoint/core";

const State = Annotation.Root({ done: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });

export function openGraph(file, effects) {
  const gate = async ({ name }, { configurable }) => {
    const answer = interrupt(name);
    await new Promise((resolve) => setTimeout(resolve, 5));
    appendFileSync(effects, `${configurable.thread_id} ${name} ${answer}\n`);
    return { done: [`${name}=${answer}`] };
  };
  return new StateGraph(State)
    .addNode("gate", gate)
    .addConditionalEdges(START, () => ["a", "b", "c"].map((name) => new Send("gate", { name })), ["gate"])
    .compile({ checkpointer: SqliteSaver.fromConnString(file, { busyTimeout: 20_000 }) });
}
