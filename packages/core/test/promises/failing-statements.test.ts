// A disk that fails at any statement of a run: what was acknowledged stands, nothing runs twice but what could not be saved, and the thread goes on at once.

import { CheckpointError } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { expect, it } from "vitest";
import { Annotation, Command, type Durability, interrupt, START, StateGraph, task } from "../../src/index.js";
import { type Fault, failingHandle } from "../support/failing-handle.js";
import { log } from "../support/run.js";

const State = Annotation.Root({ log: log(), inner: log() });
const Inner = Annotation.Root({ inner: log() });

function build(checkpointer: SqliteSaver, effects: string[]) {
  const act = (name: string) => task(name, async () => void effects.push(name))();
  const asks = (name: string) => async () => {
    const said = interrupt<string>(`${name}?`);
    await act(name);
    return { log: [`${name} ${said}`] };
  };
  const inner = new StateGraph(Inner)
    .addNode("within", async () => {
      const said = interrupt<string>("within?");
      await act("within");
      return { inner: [`within ${said}`] };
    })
    .addEdge(START, "within")
    .compile();
  return new StateGraph(State)
    .addNode("one", asks("one"))
    .addNode("two", asks("two"))
    .addNode("below", inner)
    .addEdge(START, "one")
    .addEdge(START, "two")
    .addEdge(["one", "two"], "below")
    .compile({ checkpointer });
}

/** Does what a patient caller does: looks where the thread stands, and goes on from there. */
async function drive(graph: ReturnType<typeof build>, durability: Durability): Promise<string[]> {
  const config = { configurable: { thread_id: "thread" }, durability };
  for (let tries = 0; tries < 30; tries++) {
    try {
      const { config: at, next, tasks, values } = await graph.getState(config);
      const [asked] = tasks.flatMap(({ interrupts }) => interrupts);
      if (at.configurable?.checkpoint_id === undefined) await graph.invoke({ log: ["asked"] }, config);
      else if (asked !== undefined) await graph.invoke(new Command({ resume: { [asked.id]: "yes" } }), config);
      else if (next.length > 0) await graph.invoke(null, config);
      else return [...values.log, ...values.inner];
    } catch (error) {
      expect(CheckpointError.is(error) ? error.code : error).toBe("STORAGE_FAILED");
    }
  }
  throw new Error("The thread does not come to its end.");
}

// Where the suite runs in one mode, only that.
const modes = ["sync", "async", "exit"].filter((mode) => mode === (process.env.HOLDPOINT_TEST_DURABILITY ?? mode)) as Durability[];

const faults = modes.flatMap((durability) =>
  (["before", "after"] as const).flatMap((when) => [1, 4].map((count) => [durability, when, count] as const)),
);

it.each(faults)("in durability %s, %s a statement, %d times", async (durability, when, count) => {
  for (let at = 0, done = false; !done; at++) {
    const storage = failingHandle();
    const saver = new SqliteSaver(storage.handle);
    storage.fail({ at, count, when } satisfies Fault);
    const effects: string[] = [];
    expect(await drive(build(saver, effects), durability)).toEqual(["asked", "one yes", "two yes", "within yes"]);
    const again = effects.length - new Set(effects).size;
    expect(again).toBeLessThanOrEqual(durability === "sync" ? count : 2 * count);
    done = storage.failed === 0;
    if (count === 1 && !done) expect(again).toBeLessThanOrEqual(1);
    saver.close();
  }
});
