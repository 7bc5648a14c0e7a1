import { type Checkpoint, type CheckpointConfig, type CheckpointTuple, checkpointId, MemorySaver } from "@holdpoint/checkpoint";
import { expect, it } from "vitest";
import { START } from "../../constants.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";

const config = { configurable: { thread_id: "t" } };

/** A saver that says when a list is over. */
class Watched extends MemorySaver {
  readonly log: string[] = [];

  override list(place: CheckpointConfig, options = {}): AsyncIterableIterator<CheckpointTuple> {
    return this.#watch(super.list(place, options));
  }

  async *#watch(tuples: AsyncIterableIterator<CheckpointTuple>): AsyncIterableIterator<CheckpointTuple> {
    this.log.push("opened");
    try {
      yield* tuples;
    } finally {
      this.log.push("closed");
    }
  }
}

async function open() {
  const saver = new Watched();
  const graph = new StateGraph(Annotation.Root({ n: Annotation<number>() }))
    .addNode("a", () => ({ n: 1 }))
    .addEdge(START, "a")
    .compile({ checkpointer: saver });
  await graph.invoke({ n: 0 }, config);
  return { saver, graph };
}

it("opens nothing before it is asked, and closes what it opened where the caller leaves", async () => {
  const { saver, graph } = await open();
  const history = graph.getStateHistory(config);
  expect(saver.log).toEqual([]);
  for await (const { values } of history) {
    expect(values).toEqual({ n: 1 });
    break;
  }
  expect(saver.log).toEqual(["opened", "closed"]);
  expect(await history.next()).toEqual({ value: undefined, done: true });
});

it("closes what it opened where a state cannot be read, and at the limit", async () => {
  const { saver, graph } = await open();
  for await (const _state of graph.getStateHistory(config, { limit: 1 }));
  expect(saver.log).toEqual(["opened", "closed"]);
  const id = checkpointId();
  const damaged: Checkpoint = { v: 4, id, ts: "", channel_values: { __control__: 5 }, channel_versions: {}, versions_seen: {} };
  await saver.put(config, damaged, { source: "loop", step: 9, parents: {} }, {});
  const place = { threadId: config.configurable.thread_id, ns: "", checkpointId: id };
  await expect(graph.getStateHistory(config).next()).rejects.toMatchObject({ code: "CORRUPT_DATA", place });
  for (const read of [() => graph.getState(config), () => graph.invoke(null, config)])
    await expect(read()).rejects.toMatchObject({ code: "CORRUPT_DATA", place });
  expect(saver.log).toEqual(["opened", "closed", "opened", "closed"]);
});
