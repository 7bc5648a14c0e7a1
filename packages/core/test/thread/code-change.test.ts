// Code that changed under a paused thread is noticed before an answer counts, and is refused, allowed or looked at, as the graph says.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CodeChange, Command, type CompileOptions, interrupt, MemorySaver, START, StateGraph } from "../../src/index.js";
import { graphErrorOf, LogState, newThread } from "../support/run.js";

const before = () => ({ log: [`before ${interrupt("Pay 10?")}`] });
const after = () => ({ log: [`after ${interrupt("Pay 10?")}`] });

const graphOf = (pay: () => unknown, options: CompileOptions) =>
  new StateGraph(LogState)
    .addNode("pay", pay as never)
    .addEdge(START, "pay")
    .compile(options);

const nestedOf = (pay: () => unknown, options: CompileOptions) =>
  new StateGraph(LogState)
    .addNode("desk", async (state) => graphOf(pay, options).invoke(state))
    .addEdge(START, "desk")
    .compile(options);

type Build = (
  pay: () => unknown,
  options: CompileOptions,
) => { invoke(input: Record<never, never> | Command, config: ReturnType<typeof newThread>): Promise<{ log?: string[] }> };

describe("a paused node whose code has changed", () => {
  let warned: string[] = [];
  beforeEach(() => {
    warned = [];
    vi.spyOn(process, "emitWarning").mockImplementation((_warning, options) => {
      warned.push((options as { code: string }).code);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function paused(options: CompileOptions = {}, build: Build = graphOf) {
    const checkpointer = new MemorySaver();
    const config = newThread();
    await build(before, { checkpointer }).invoke({}, config);
    const resume = (pay: () => unknown) => build(pay, { checkpointer, ...options }).invoke(new Command({ resume: "yes" }), config);
    return { checkpointer, config, resume };
  }

  it("goes on with a warning by default", async () => {
    const { resume } = await paused();
    expect((await resume(after)).log).toEqual(["after yes"]);
    expect(warned).toEqual(["CODE_CHANGED"]);
  });

  it("is not noticed where nothing changed", async () => {
    const { resume } = await paused({ onCodeChange: "refuse" });
    expect((await resume(before)).log).toEqual(["before yes"]);
    expect(warned).toEqual([]);
  });

  it("is refused before anything is recorded, and goes on with the old code", async () => {
    const { resume } = await paused({ onCodeChange: "refuse" });
    const error = await graphErrorOf(resume(after));
    expect(error.code).toBe("CODE_CHANGED");
    expect(error.details).toMatchObject({ node: "pay" });
    expect((await resume(before)).log).toEqual(["before yes"]);
  });

  it("is allowed in silence", async () => {
    const { resume } = await paused({ onCodeChange: "allow" });
    expect((await resume(after)).log).toEqual(["after yes"]);
    expect(warned).toEqual([]);
  });

  it("is shown to a function, which may throw", async () => {
    const seen: CodeChange[] = [];
    const look = await paused({ onCodeChange: (change) => void seen.push(change) });
    expect((await look.resume(after)).log).toEqual(["after yes"]);
    expect(seen).toEqual([
      { threadId: look.config.configurable.thread_id, node: "pay", before: expect.any(String), now: expect.any(String) },
    ]);
    const refuse = await paused({
      onCodeChange: () => {
        throw new Error("not migrated yet");
      },
    });
    await expect(refuse.resume(after)).rejects.toThrow("not migrated yet");
    expect((await graphOf(before, { checkpointer: refuse.checkpointer }).getState(refuse.config)).interrupts).toHaveLength(1);
  });

  it("is noticed in a graph that is called as a function", async () => {
    const { resume } = await paused({ onCodeChange: "refuse" }, nestedOf);
    expect((await graphErrorOf(resume(after))).code).toBe("CODE_CHANGED");
    expect((await resume(before)).log).toEqual(["before yes"]);
  });
});

describe("another graph on the thread, that has a node of the same name", () => {
  const asks = (text: string) => (): unknown => ({ log: [`${text}: ${interrupt(text)}`] });
  const refunds = (pay: () => unknown, options: CompileOptions) =>
    new StateGraph(LogState)
      .addNode("look", () => ({ log: ["looked"] }))
      .addNode("pay", pay as never)
      .addEdge(START, "pay")
      .addEdge("pay", "look")
      .compile({ ...options, name: "refunds" });

  it.each([
    ["asks something else", () => ({ log: [`refund ${interrupt("Refund 9999?")}`] })],
    ["asks nothing", () => ({ log: ["paid out"] })],
  ])("and %s, takes no answer where it refuses changed code", async (_, pay) => {
    const checkpointer = new MemorySaver();
    const config = newThread();
    await graphOf(before, { checkpointer }).invoke({}, config);
    const other = refunds(pay, { checkpointer, onCodeChange: "refuse" });
    const error = await graphErrorOf(other.invoke(new Command({ resume: "yes" }), config));
    expect(error.code).toBe("CODE_CHANGED");
    expect(error.message).toContain('"pay"');
    // Nothing was recorded, and nothing ran: the graph that asked goes on.
    expect((await checkpointer.getTuple(config))?.pendingWrites?.map(([, channel]) => channel)).toEqual(["__interrupt__"]);
    expect((await graphOf(before, { checkpointer }).invoke(new Command({ resume: "yes" }), config)).log).toEqual(["before yes"]);
  });

  it("is not told apart where the node is the same function: what was asked is what it asks", async () => {
    const checkpointer = new MemorySaver();
    const config = newThread();
    await graphOf(before, { checkpointer }).invoke({}, config);
    const other = refunds(before, { checkpointer, onCodeChange: "refuse" });
    expect((await other.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["before yes", "looked"]);
  });

  it("is not told apart by what a closure holds: its source is the same", async () => {
    const checkpointer = new MemorySaver();
    const config = newThread();
    await graphOf(asks("Pay 10?"), { checkpointer }).invoke({}, config);
    const other = refunds(asks("Pay 9999?"), { checkpointer, onCodeChange: "refuse" });
    expect((await other.invoke(new Command({ resume: "yes" }), config)).log).toEqual(["Pay 9999?: yes", "looked"]);
  });
});
