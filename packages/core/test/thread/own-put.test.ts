// Whoever puts his own `put` around a saver's sees checkpoints as plain objects, whatever the saver takes itself.
import { expect, it } from "vitest";
import { Annotation, type CheckpointSaver, MemorySaver, START, StateGraph } from "../../src/index.js";
import { newThread } from "../support/run.js";

type Put = CheckpointSaver["put"];

async function run(saver: CheckpointSaver) {
  const graph = new StateGraph(Annotation.Root({ count: Annotation<number>(), note: Annotation<string>() }))
    .addNode("step", ({ count }) => ({ count: count + 1 }))
    .addEdge(START, "step")
    .compile({ checkpointer: saver });
  const config = newThread();
  await graph.invoke({ count: 1, note: "n" }, config);
  return (await graph.getState(config)).values;
}

it("is there in a subclass, which may spread a checkpoint", async () => {
  const seen: unknown[] = [];
  class Noting extends MemorySaver {
    override put(...[config, checkpoint, metadata, versions, base]: Parameters<Put>): ReturnType<Put> {
      seen.push(structuredClone(checkpoint.channel_values));
      return super.put(config, { ...checkpoint }, metadata, versions, base);
    }
  }
  expect(await run(new Noting())).toEqual({ count: 2, note: "n" });
  expect(seen.at(-1)).toMatchObject({ count: 2, note: "n" });
});

it("is there in an object that stands on the saver", async () => {
  const saver = new MemorySaver();
  const put: Put = (config, checkpoint, metadata, versions, base) =>
    saver.put(config, structuredClone(checkpoint), metadata, versions, base);
  const around = new Proxy(saver, {
    get(target, name) {
      if (name === "put") return put;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  expect(await run(around)).toEqual({ count: 2, note: "n" });
});
