// What a run that names no durability mode does, in order: `node trace.mjs` prints it, on the built packages.
import { pathToFileURL } from "node:url";

/** A saver that takes a while for each save. @param {typeof import("@holdpoint/core")} core */
function slow({ MemorySaver }, happened) {
  const saver = new MemorySaver();
  return {
    getTuple: (config) => saver.getTuple(config),
    list: (config, options) => saver.list(config, options),
    putWrites: (config, writes, taskId) => saver.putWrites(config, writes, taskId),
    deleteThread: (threadId) => saver.deleteThread(threadId),
    put: async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      happened.push("saved");
      return saver.put(...args);
    },
  };
}

/** @param {typeof import("@holdpoint/core")} core */
export async function trace(core) {
  const { Annotation, START, StateGraph } = core;
  const happened = [];
  const node = (name) => () => {
    happened.push(name);
    return { log: [name] };
  };
  await new StateGraph(Annotation.Root({ log: Annotation() }))
    .addNode({ one: node("one"), two: node("two") })
    .addEdge(START, "one")
    .addEdge("one", "two")
    .compile({ checkpointer: slow(core, happened) })
    .invoke({ log: [] }, { configurable: { thread_id: "t" } });
  return happened.join(" ");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.stdout.write(await trace(await import("@holdpoint/core")));
