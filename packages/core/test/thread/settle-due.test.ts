import { describe, expect, it } from "vitest";
import {
  Annotation,
  Command,
  type DecisionGate,
  entrypoint,
  INTERRUPT,
  interrupt,
  type Ruling,
  START,
  StateGraph,
} from "../../src/index.js";
import { ownSavers } from "../support/each-saver.js";
import { errorOf, LogState } from "../support/run.js";

const config = { configurable: { thread_id: "t" } };

describe.each(ownSavers)("what a decision gate does by itself, on $name", ({ open }) => {
  function asking(due: DecisionGate["due"], saver = open().saver) {
    const ran: unknown[] = [];
    const node = (name: string) => () => {
      const answer = interrupt(`${name}?`, { terms: { name } });
      ran.push(answer);
      return { log: [`${name} ${answer}`] };
    };
    const graph = new StateGraph(LogState)
      .addNode("a", node("a"))
      .addNode("b", node("b"))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile({ checkpointer: saver, approvals: { due } });
    return { graph, ran };
  }

  const answerA: Ruling = { kind: "answer", value: "by the gate", by: "gate", reason: "time", refusal: new Error("too late") };
  const ruling = (one: Ruling) => (question: { node: string }) => (question.node === "a" ? one : undefined);

  it("answers what is due, in its own name, and goes on", async () => {
    const { graph, ran } = asking(ruling(answerA));
    await graph.invoke({}, config);
    const result = await graph.settleDue(config);
    expect(result[INTERRUPT]?.map(({ value }) => value)).toEqual(["b?"]);
    expect(ran).toEqual(["by the gate"]);
    const [a] = await graph.getDecisions(config);
    expect(a?.decision).toMatchObject({ value: "by the gate", by: "gate", reason: "time" });
  });

  it("refuses whoever answers the same question then, and records nothing else of the answer", async () => {
    const { graph, ran } = asking(ruling(answerA));
    const { [INTERRUPT]: asked = [] } = await graph.invoke({}, config);
    const resume = Object.fromEntries(asked.map(({ id }) => [id, "by a person"]));
    const error = await errorOf(graph.invoke(new Command({ resume, update: { log: ["smuggled"] } }), config));
    expect(error.message).toBe("too late");
    expect(ran).toEqual(["by the gate"]);
    expect((await graph.getState(config)).interrupts.map(({ value }) => value)).toEqual(["b?"]);
    expect(await graph.invoke(new Command({ resume: "yes" }), config)).toMatchObject({ log: ["a by the gate", "b yes"] });
  });

  it("changes a question's terms, where the saver, getState and the journal have them", async () => {
    const { saver, reopen } = open();
    const terms = { assignees: ["boss"], expiresAt: "2030-01-01T00:00:00.000Z" };
    const due = ({ node, interrupt: { terms: now } }: { node: string; interrupt: { terms?: Record<string, unknown> } }) =>
      node === "a" && now?.assignees === undefined ? ({ kind: "terms", terms, note: "escalated" } as const) : undefined;
    const { graph, ran } = asking(due, saver);
    await graph.invoke({}, config);
    expect((await graph.settleDue(config))[INTERRUPT]?.map((asked) => asked.terms)).toEqual([terms, { name: "b" }]);
    expect(ran).toEqual([]);
    const later = asking(undefined, reopen());
    expect((await later.graph.getState(config)).interrupts.map((asked) => asked.terms)).toEqual([terms, { name: "b" }]);
    expect((await reopen().listInterrupts?.({ assignee: "boss" }))?.items).toMatchObject(
      [{ value: "a?", terms }, { value: "b?" }].reverse(),
    );
    const [a] = await graph.getDecisions(config);
    expect(a?.terms).toMatchObject([{ terms: { name: "a" } }, { terms, note: "escalated" }]);
  });

  it("does nothing where nothing is due, not even what is left of the step", async () => {
    let tries = 0;
    const graph = new StateGraph(Annotation.Root({}))
      .addNode("asks", () => void interrupt("?"))
      .addNode("fails", () => {
        tries += 1;
        throw new Error("broken");
      })
      .addEdge(START, "asks")
      .addEdge(START, "fails")
      .compile({ checkpointer: open().saver, approvals: { due: () => undefined } });
    await errorOf(graph.invoke({}, config));
    expect((await graph.settleDue(config))[INTERRUPT]).toHaveLength(1);
    expect(tries).toBe(1);
    expect((await graph.settleDue({ configurable: { thread_id: "none" } }))[INTERRUPT]).toEqual([]);
  });

  it("knows who gave the input, whoever resumes", async () => {
    const seen: unknown[] = [];
    const approvals: DecisionGate = {
      requester: ({ configurable }) => configurable?.user_id,
      terms: ({ requester }) => {
        seen.push(requester);
        return undefined;
      },
    };
    const flow = entrypoint({ name: "flow", checkpointer: open().saver, approvals }, () => [interrupt("1?"), interrupt("2?")]);
    const as = (user_id: string) => ({ configurable: { thread_id: "t", user_id }, metadata: { __requester__: user_id } });
    await flow.invoke("go", as("ann"));
    await flow.invoke(new Command({ resume: 1 }), as("bob"));
    expect(await flow.invoke(new Command({ resume: 2 }), as("bob"))).toEqual([1, 2]);
    await flow.invoke("again", as("bob"));
    expect(seen).toEqual(["ann", "ann", "bob"]);
  });
});
