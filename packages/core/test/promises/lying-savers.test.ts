// Savers that do not say how it went, or throw what cannot be looked at: nothing runs on what is not certain, and whatever they throw is what the caller gets.
import { CheckpointError } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { type CheckpointSaver, Command, interrupt, MemorySaver, START, StateGraph } from "../../src/index.js";
import { LogState, newThread } from "../support/run.js";

type Method = "acquireLease" | "recordDecisions" | "put" | "putWrites";

/** A graph that waits for an answer; from then on the method does something else. */
async function waiting(method: Method, instead: () => Promise<unknown>) {
  const saver = new MemorySaver();
  const ran: string[] = [];
  let lies = false;
  const proxy = new Proxy(saver, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== "function") return member;
      const call = member.bind(target) as (...args: unknown[]) => unknown;
      return key === method ? (...args: unknown[]) => (lies ? instead() : call(...args)) : call;
    },
  });
  const graph = new StateGraph(LogState)
    .addNode("ask", () => {
      const answer = interrupt("Go on?");
      ran.push("ask");
      return { answer };
    })
    .addNode("after", () => ({ log: ["after"] }))
    .addEdge(START, "ask")
    .addEdge("ask", "after")
    .compile({ checkpointer: proxy as CheckpointSaver });
  const config = newThread();
  await graph.invoke({}, config);
  lies = true;
  const answer = () =>
    graph.invoke(new Command({ resume: "yes" }), config).then(
      () => [undefined],
      (error: unknown) => [error],
    );
  return {
    ran,
    answer,
    mend: () => {
      lies = false;
    },
  };
}

describe.each(["acquireLease", "recordDecisions"] as const)("a saver whose %s gives", (method) => {
  it.each([[undefined], [null], [{}], ["acquired"], [{ kind: "recorded!" }]])(
    "%j has the run fail before anything runs, and goes on when it is mended",
    async (outcome) => {
      const { ran, answer, mend } = await waiting(method, async () => outcome);
      const [error] = await answer();
      expect(CheckpointError.is(error) ? [error.code, error.message] : error).toEqual([
        "STORAGE_FAILED",
        expect.stringContaining(`${method}() gave no outcome`),
      ]);
      expect(ran).toEqual([]);
      mend();
      expect(await answer()).toEqual([undefined]);
      expect(ran).toEqual(["ask"]);
    },
  );
});

const trap = new Proxy(
  {},
  {
    get: () => {
      throw new Error("It was looked at.");
    },
  },
);

it("whatever a saver throws is the run's failure, also what cannot be looked at", async () => {
  const { answer } = await waiting("put", () => Promise.reject(trap));
  // In a list: a promise would look at it.
  const [error] = await answer();
  expect(error === trap).toBe(true);
});
