// A saver that fails fails the run; what it had acknowledged stands, and the thread goes on when it works again.
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, type Durability, MemorySaver, START, StateGraph } from "../../src/index.js";
import { errorOf, LogState, newThread } from "../support/run.js";

/** A saver whose writes fail from the nth on, until it is repaired. */
function failing(after: number) {
  const saver = new MemorySaver();
  let writes = 0;
  let broken = true;
  const guarded =
    <Args extends unknown[], Result>(write: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (broken && ++writes > after) throw new Error("the disk is full");
      return write.apply(saver, args);
    };
  const repair = () => {
    broken = false;
  };
  const proxy = new Proxy(saver, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== "function") return member;
      return key === "put" || key === "putWrites" ? guarded(member as never) : member.bind(target);
    },
  });
  return { saver: proxy as CheckpointSaver, repair };
}

describe.each<[Durability]>([["sync"], ["async"], ["exit"]])("a saver that fails, in a run with durability %s", (durability) => {
  it.each(Array.from({ length: 6 }, (_, after) => [after]))("after %d writes", async (after) => {
    const { saver, repair } = failing(after);
    const config = newThread();
    const says = (name: string) => async () => ({ log: [name] });
    const graph = new StateGraph(LogState)
      .addNode({ x: says("x"), y: says("y"), z: says("z") })
      .addEdge(START, "x")
      .addEdge(START, "y")
      .addEdge(["x", "y"], "z")
      .compile({ checkpointer: saver });
    const fewWrites = durability === "exit" && after > 0;
    if (fewWrites) await graph.invoke({}, { ...config, durability });
    else expect((await errorOf(graph.invoke({}, { ...config, durability }))).message).toBe("the disk is full");
    repair();
    const begun = (await graph.getState(config)).config.configurable?.checkpoint_id !== undefined;
    expect((await graph.invoke(begun ? null : {}, config)).log).toEqual(["x", "y", "z"]);
  });
});
