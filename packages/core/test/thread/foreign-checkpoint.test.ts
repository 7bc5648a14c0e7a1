// A thread that another runtime has gone on with: what it notes in a checkpoint and ours do not is its own, and is not carried on.
import { checkpointId } from "@holdpoint/checkpoint";
import { expect, it } from "vitest";
import { Annotation, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { newThread } from "../support/run.js";

it.each(eachSaver)("on $name: what nodes of another runtime have seen ends with its checkpoint", async ({ open }) => {
  const { saver } = open();
  const graph = new StateGraph(Annotation.Root({ count: Annotation<number>(), text: Annotation<string>() }))
    .addNode("one", ({ count }) => ({ count: count + 1 }))
    .addNode("two", ({ count }) => ({ count: count + 1 }))
    .addEdge(START, "one")
    .addEdge("one", "two")
    .compile({ checkpointer: saver });
  const config = newThread();
  await graph.invoke({ count: 0, text: "long ".repeat(100) }, { ...config, interruptBefore: ["two"] });
  const ours = (await saver.getTuple(config))!;
  const id = checkpointId(ours.checkpoint.id);
  const theirs = { ...ours.checkpoint, id, versions_seen: { one: { count: ours.checkpoint.id } } };
  await saver.put(ours.config, theirs, ours.metadata!, {}, ours.checkpoint);
  expect((await graph.invoke(null, config)).count).toBe(2);
  const after: unknown[] = [];
  for await (const { checkpoint } of saver.list(config)) if (checkpoint.id > id) after.push(checkpoint.versions_seen);
  expect(after).toEqual([{}]);
});
