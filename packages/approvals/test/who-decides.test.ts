import { Annotation, Command, GraphError, interrupt, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import { createApprovals } from "../src/index.js";
import { desk, refusalOf, toolCall } from "./support/desk.js";
import { eachSaver } from "./support/each-saver.js";

describe.each(eachSaver)("who decides, on $name", ({ open }) => {
  it("is kept with the decision, and asked for before anything is recorded", async () => {
    const { graph, ask, say, ran, config } = desk({ saver: open() });
    const { id } = await ask();
    const nobody = await refusalOf(say(true));
    expect(nobody.code).toBe("MISSING_BY");
    const stranger = await refusalOf(say(true, { id: "mallory" }));
    expect(stranger).toMatchObject({
      code: "NOT_AN_APPROVER",
      details: { interruptId: id, rule: "rule", approvers: ["ann", "bob", "cy"] },
    });
    expect(stranger.message).toContain("ann, bob, cy");
    expect(ran).toEqual([]);
    expect((await graph.getDecisions(config("t")))[0]).toMatchObject({ votes: [], runs: [] });
    expect(await say(true, { id: "ann", session: 7 }, "t", "it is fine")).toEqual({ answer: true });
    const [record] = await graph.getDecisions(config("t"));
    expect(record).toMatchObject({ node: "ask", graph: "desk", value: "Go ahead?" });
    expect(record?.decision).toMatchObject({ value: true, by: { id: "ann", session: 7 }, reason: "it is fine" });
    expect(record?.runs).toMatchObject([{ node: "ask", result: { answer: true } }]);
  });

  it("can be whoever has a role, whoever a function admits, whoever the question names, or anyone", async () => {
    const role = desk({ saver: open(), rule: { approvers: { role: ["finance", "board"] } } });
    await role.ask();
    expect((await refusalOf(role.say(true, { id: "ann", roles: ["sales"] }))).code).toBe("NOT_AN_APPROVER");
    expect((await refusalOf(role.say(true, { id: "ann", roles: "finance" }))).code).toBe("NOT_AN_APPROVER");
    await role.say(true, { id: "ann", roles: ["sales", "board"] });

    const admitted = desk({ saver: open(), rule: { approvers: async (by) => by.level === 3 } });
    await admitted.ask();
    expect((await refusalOf(admitted.say(true, { id: "ann" }))).code).toBe("NOT_AN_APPROVER");
    await admitted.say(true, { id: "ann", level: 3 });

    const named = desk({ saver: open(), rule: { approvers: "assignees" }, terms: { assignees: ["ann-marie"] } });
    await named.ask();
    expect((await refusalOf(named.say(true, "ann"))).code).toBe("NOT_AN_APPROVER");
    await named.say(true, "ann-marie");

    const anyone = desk({ saver: open(), rule: { approvers: "anyone" } });
    await anyone.ask();
    expect(await anyone.say("yes")).toEqual({ answer: "yes" });
  });

  it("is refused if any of several answers may not be given, and records none of them", async () => {
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const approvals = createApprovals({
      rules: [
        { name: "a", when: { node: "a" }, approvers: ["ann"] },
        { name: "b", when: { node: "b" }, approvers: ["bob"] },
      ],
    });
    const graph = new StateGraph(State)
      .addNode("a", () => ({ log: [`a ${interrupt("A?")}`] }))
      .addNode("b", () => ({ log: [`b ${interrupt("B?")}`] }))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile({ checkpointer: open(), approvals });
    const config = { configurable: { thread_id: "t" } };
    await graph.invoke({}, config);
    const [a, b] = (await graph.getState(config)).interrupts;
    const both = { [a?.id ?? ""]: "yes", [b?.id ?? ""]: "yes" };
    expect((await refusalOf(graph.invoke(new Command({ resume: both, by: "ann" }), config))).code).toBe("NOT_AN_APPROVER");
    expect((await graph.getState(config)).interrupts).toHaveLength(2);
    await graph.invoke(new Command({ resume: { [a?.id ?? ""]: "yes" }, by: "ann" }), config);
    expect(await graph.invoke(new Command({ resume: "yes", by: "bob" }), config)).toEqual({ log: ["a yes", "b yes"] });
  });
});

describe("authorize", () => {
  it("is asked before the rules, and sees who answers", async () => {
    const seen: unknown[] = [];
    const { ask, say } = desk({
      compile: {
        authorize: ({ by, node }) => {
          seen.push([node, by]);
          return (by as { session?: string } | undefined)?.session === "valid";
        },
      },
    });
    await ask();
    const error = await say(true, { id: "ann", session: "forged" }).catch((cause: unknown) => cause);
    expect(GraphError.is(error, "NOT_AUTHORIZED")).toBe(true);
    await say(true, { id: "ann", session: "valid" });
    expect(seen).toEqual([
      ["ask", { id: "ann", session: "forged" }],
      ["ask", { id: "ann", session: "valid" }],
    ]);
  });
});

describe("separation of duties", () => {
  const rule = { approvers: ["ann", "bob"], separateDuties: true };

  it("keeps the requester from deciding, whatever the approver's own run says", async () => {
    const { graph, ask, config } = desk({ rule });
    expect((await ask("t", "ann")).terms).toEqual({ rule: "rule", requester: "ann", assignees: ["bob"] });
    const forged = { configurable: { thread_id: "t", user_id: "bob" }, metadata: { requester: "bob", __requester__: "bob" } };
    const error = await refusalOf(graph.invoke(new Command({ resume: true, by: "ann" }), forged));
    expect(error.code).toBe("OWN_REQUEST");
    expect(await graph.invoke(new Command({ resume: true, by: "bob" }), config("t", "bob"))).toEqual({ answer: true });
  });

  it("holds for later questions too: whoever resumed the thread did not request them", async () => {
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const graph = new StateGraph(State)
      .addNode("first", () => ({ log: [interrupt<string>("First?")] }))
      .addNode("second", () => ({ log: [interrupt<string>("Second?")] }))
      .addEdge(START, "first")
      .addEdge("first", "second")
      .compile({ checkpointer: new MemorySaver(), approvals: createApprovals({ rules: [{ name: "rule", ...rule }] }) });
    const as = (user: string) => ({ configurable: { thread_id: "t", user_id: user }, metadata: { __requester__: user } });
    await graph.invoke({}, as("ann"));
    const { __interrupt__ } = await graph.invoke(new Command({ resume: "1", by: "bob" }), as("bob"));
    expect(__interrupt__?.[0]?.terms).toMatchObject({ requester: "ann" });
    expect((await refusalOf(graph.invoke(new Command({ resume: "2", by: "ann" }), as("ann")))).code).toBe("OWN_REQUEST");
    expect(await graph.invoke(new Command({ resume: "2", by: "bob" }), as("bob"))).toEqual({ log: ["1", "2"] });
    // A new input has a requester of its own.
    const again = await graph.invoke({}, as("bob"));
    expect(again.__interrupt__?.[0]?.terms).toMatchObject({ requester: "bob", assignees: ["ann"] });
  });

  it("takes the requester from the question's terms, or from a function", async () => {
    expect((await desk({ rule, terms: { requester: { id: "bob" } } }).ask("t", "ann")).terms).toMatchObject({
      requester: "bob",
      assignees: ["ann"],
    });
    const { ask } = desk({ rule, requester: ({ metadata }) => metadata?.sender as string });
    expect((await refusalOf(ask())).code).toBe("MISSING_REQUESTER");
  });

  it("asks nothing where the requester is not known, or too few others are left", async () => {
    const unknown = await refusalOf(desk({ rule }).ask());
    expect(unknown.code).toBe("MISSING_REQUESTER");
    expect(unknown.message).toContain("user_id");
    const alone = await refusalOf(desk({ rule: { ...rule, quorum: 2 } }).ask("t", "ann"));
    expect(alone.code).toBe("UNREACHABLE_QUORUM");
    const boss = { ...rule, expiresIn: 1, onExpiry: { escalate: { to: ["boss"] } } };
    expect((await refusalOf(desk({ rule: boss }).ask("t", "boss"))).code).toBe("UNREACHABLE_QUORUM");
  });

  it("is not escaped by going back to an older checkpoint", async () => {
    const { graph, ask, config } = desk({ rule, value: toolCall("refund") });
    await ask("t", "ann");
    const { config: paused } = await graph.getState(config("t"));
    await graph.invoke(new Command({ resume: "ignored", by: "bob" }), config("t"));
    const back = { configurable: { ...config("t", "bob").configurable, checkpoint_id: paused.configurable?.checkpoint_id } };
    expect((await refusalOf(graph.invoke(new Command({ resume: "accepted", by: "ann" }), back))).code).toBe("OWN_REQUEST");
    expect(await graph.invoke(new Command({ resume: "accepted", by: "bob" }), back)).toEqual({ answer: "accepted" });
  });
});
