// Storage that cannot save for a moment, just after something was done: it is saved when it can be, and not done again.
import { CheckpointError } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { describe, expect, it } from "vitest";
import { Annotation, type CheckpointSaver, Command, interrupt, MemorySaver, START, StateGraph, task } from "../../src/index.js";
import { openFile } from "../support/each-saver.js";
import { Database } from "../support/failing-handle.js";
import { errorOf, log, newThread } from "../support/run.js";

const State = Annotation.Root({ log: log() });

/** Each way in which what a node has done is saved: by itself, with its step, as the result of a call. */
function build(checkpointer: CheckpointSaver, act: (name: string) => void) {
  const does = (name: string) => async () => {
    act(name);
    return { log: [name] };
  };
  return new StateGraph(State)
    .addNode("asks", async () => {
      const said = interrupt<string>("Go on?");
      await task("call", async () => act("call"))();
      return { log: [said] };
    })
    .addNode("beside", does("beside"))
    .addNode("alone", does("alone"))
    .addNode("last", does("last"))
    .addEdge(START, "asks")
    .addEdge(START, "beside")
    .addEdge(["asks", "beside"], "alone")
    .addEdge("alone", "last")
    .compile({ checkpointer });
}

/** A saver whose next saves fail as often as `failures` says. */
function lockable(retryable: boolean) {
  const saver = new MemorySaver();
  const state = { failures: 0 };
  const guarded =
    (write: (...args: never[]) => Promise<unknown>) =>
    (...args: never[]): Promise<unknown> => {
      if (state.failures === 0) return write.apply(saver, args);
      state.failures--;
      return Promise.reject(new CheckpointError("STORAGE_BUSY", "Locked.", { retryable }));
    };
  const proxy = new Proxy(saver, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== "function") return member;
      return key === "put" || key === "putWrites" ? guarded(member as never) : member.bind(target);
    },
  });
  return { saver: proxy as CheckpointSaver, state };
}

describe("what was done while the storage cannot save", () => {
  it.each(["beside", "call", "alone"])("by %s is saved when it can, and done once", async (when) => {
    const { saver, state } = lockable(true);
    const done: string[] = [];
    const graph = build(saver, (name) => {
      done.push(name);
      if (name === when) state.failures = 3;
    });
    const config = { ...newThread(), durability: "sync" } as const;
    await graph.invoke({}, config);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["yes", "beside", "alone", "last"]);
    expect(done).toEqual(["beside", "call", "alone", "last"]);
  });

  it("is the run's failure at once where trying again cannot help", async () => {
    const { saver, state } = lockable(false);
    const graph = build(saver, (name) => {
      if (name === "beside") state.failures = 1;
    });
    expect((await errorOf(graph.invoke({}, { ...newThread(), durability: "sync" }))).message).toBe("Locked.");
  });

  it("or when it does not pass", async () => {
    const { saver, state } = lockable(true);
    const graph = build(saver, (name) => {
      if (name === "beside") state.failures = 100;
    });
    expect((await errorOf(graph.invoke({}, { ...newThread(), durability: "sync" }))).message).toBe("Locked.");
    state.failures = 0;
  });

  it("holds for a file that somebody else has locked", async () => {
    const { path } = openFile();
    const saver = SqliteSaver.fromConnString(path, { busyTimeout: 20 });
    const other = new Database(path);
    const done: string[] = [];
    const graph = build(saver, (name) => {
      done.push(name);
      if (name !== "call") return;
      other.exec("BEGIN IMMEDIATE");
      setTimeout(() => other.exec("COMMIT"), 300);
    });
    const config = { ...newThread(), durability: "sync" } as const;
    await graph.invoke({}, config);
    expect((await graph.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["yes", "beside", "alone", "last"]);
    expect(done).toEqual(["beside", "call", "alone", "last"]);
    saver.close();
    other.close();
  });
});
