import { Annotation, Command, GraphError, interrupt, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { describe, expect, it, vi } from "vitest";
import { createApprovals, type Notification, sweepExpired } from "../src/index.js";
import { desk, fakeClock, HOUR, refusalOf, toolCall } from "./support/desk.js";
import { eachSaver } from "./support/each-saver.js";

describe.each(eachSaver)("a deadline, on $name", ({ open }) => {
  it("stands in the question's terms, and an answer before it counts", async () => {
    const { now, pass } = fakeClock();
    const { ask, say, termsOf } = desk({ saver: open(), now, rule: { expiresIn: HOUR } });
    await ask();
    expect(await termsOf()).toEqual({ rule: "rule", assignees: ["ann", "bob", "cy"], expiresAt: "2030-01-01T01:00:00.000Z" });
    pass(HOUR - 1);
    expect(await say(true, "ann")).toEqual({ answer: true });
  });

  it("refuses an answer that comes late, and answers as the rule says", async () => {
    const { now, pass } = fakeClock();
    const { graph, ask, say, ran, config } = desk({ saver: open(), now, rule: { expiresIn: HOUR }, value: toolCall("refund") });
    const { id } = await ask();
    pass(HOUR);
    const error = await refusalOf(say([{ type: "accept" }], "ann"));
    expect(error).toMatchObject({ code: "EXPIRED", details: { interruptId: id, rule: "rule", expiresAt: "2030-01-01T01:00:00.000Z" } });
    expect(error.message).toContain("denied");
    expect(ran).toEqual([[{ type: "ignore" }]]);
    const [record] = await graph.getDecisions(config("t"));
    expect(record?.decision).toMatchObject({
      by: { id: "deadline" },
      reason: "Nobody decided until 2030-01-01T01:00:00.000Z.",
      value: [{ type: "ignore" }],
    });
    const twice = await say([{ type: "accept" }], "ann").catch((cause: unknown) => cause);
    expect(GraphError.is(twice, "ALREADY_DECIDED")).toBe(true);
  });

  it.each([
    ["a call that may be ignored", toolCall("x"), {}, [{ type: "ignore" }]],
    [
      "a call that may only be answered",
      toolCall("x", {}, ["accept", "respond"]),
      {},
      [{ type: "response", args: expect.stringContaining("not executed") }],
    ],
    [
      "the newer format",
      { action_requests: [{ name: "x", args: {} }], review_configs: [{ action_name: "x", allowed_decisions: ["approve", "reject"] }] },
      {},
      { decisions: [{ type: "reject", message: expect.stringContaining("Nobody decided") }] },
    ],
    ["another question", "Go?", {}, false],
    ["a denial of one's own", "Go?", { denial: "no!" }, "no!"],
    ["a default answer", "Go?", { onExpiry: { answer: "later" } }, "later"],
  ])("answers %s by itself when the thread is run on", async (_, value, rule, answer) => {
    const { now, pass } = fakeClock();
    const { graph, ask, ran, config } = desk({ saver: open(), now, rule: { expiresIn: HOUR, ...rule }, value });
    await ask();
    expect((await graph.invoke(null, config("t"))).__interrupt__).toHaveLength(1);
    pass(HOUR);
    await graph.invoke(null, config("t"));
    expect(ran).toEqual([answer]);
  });

  it("is swept: what is over is answered and run, what has time is left", async () => {
    const { now, pass } = fakeClock();
    const notified: Notification[] = [];
    const { graph, ask, ran, waiting } = desk({ saver: open(), now, notify: (one) => void notified.push(one), rule: { expiresIn: HOUR } });
    await ask("old");
    pass(HOUR / 2);
    await ask("young");
    expect(await sweepExpired({ graph })).toEqual({ settled: [], busy: [], failed: [] });
    pass(HOUR / 2);
    const { settled } = await sweepExpired({ graph });
    expect(settled).toMatchObject([{ threadId: "old", outcome: "answered" }]);
    expect(ran).toEqual([false]);
    expect(await waiting("young")).toHaveLength(1);
    expect(notified).toMatchObject([{ kind: "expired", answer: false, question: { threadId: "old" } }]);
    expect((await sweepExpired({ graph })).settled).toEqual([]);
  });

  it("escalates: others are asked, with time of their own, and votes of those who stay count", async () => {
    const { now, pass } = fakeClock();
    const notified: Notification[] = [];
    const escalate = { to: ["boss", "ann"], quorum: 2, expiresIn: 2 * HOUR };
    const { graph, ask, say, termsOf, ran, saver, config } = desk({
      saver: open(),
      now,
      notify: (one) => void notified.push(one),
      rule: { quorum: 2, expiresIn: HOUR, onExpiry: { escalate } },
    });
    const { id } = await ask();
    await say(true, "ann");
    pass(HOUR);
    expect((await sweepExpired({ graph })).settled).toEqual([{ threadId: "t", interruptId: id, outcome: "escalated" }]);
    expect(ran).toEqual([]);
    const terms = { rule: "rule", level: 1, quorum: 2, assignees: ["boss", "ann"], expiresAt: "2030-01-01T03:00:00.000Z" };
    expect(await termsOf()).toEqual(terms);
    expect((await saver.listInterrupts?.({ assignee: "boss" }))?.items).toMatchObject([{ id, terms }]);
    expect((await saver.listInterrupts?.({ assignee: "bob" }))?.items).toEqual([]);
    expect(notified).toMatchObject([{ kind: "escalated", terms }]);
    expect((await refusalOf(say(true, "bob"))).code).toBe("NOT_AN_APPROVER");
    expect(await say(true, "boss")).toEqual({ answer: true });
    const [record] = await graph.getDecisions(config("t"));
    expect(record?.terms).toMatchObject([{ terms: { assignees: ["ann", "bob", "cy"] } }, { terms, note: "escalated" }]);
  });

  it("escalates on the spot when somebody answers late, and takes the answer of who is asked then", async () => {
    const { now, pass } = fakeClock();
    const rule = { expiresIn: HOUR, onExpiry: { escalate: { to: ["boss"], expiresIn: HOUR } } };
    const { ask, say, termsOf, ran } = desk({ saver: open(), now, rule });
    await ask();
    pass(5 * HOUR);
    expect((await refusalOf(say(true, "ann"))).code).toBe("NOT_AN_APPROVER");
    expect(await termsOf()).toMatchObject({ level: 1, expiresAt: "2030-01-01T06:00:00.000Z" });
    await say(true, "boss");
    expect(ran).toEqual([true]);
    await ask("other");
    pass(HOUR);
    expect(await say(true, "boss", "other")).toEqual({ answer: true });
  });

  it("ends an escalation that nobody answers", async () => {
    const { now, pass } = fakeClock();
    const third = { escalate: { to: ["owner"], expiresIn: HOUR, onExpiry: { answer: "default" } } };
    const rule = { expiresIn: HOUR, onExpiry: { escalate: { to: ["boss"], expiresIn: HOUR, onExpiry: third } } };
    const { graph, ask, ran } = desk({ saver: open(), now, rule });
    await ask();
    const outcomes: string[] = [];
    for (let hour = 0; hour < 4; hour++) {
      pass(HOUR);
      outcomes.push(...(await sweepExpired({ graph })).settled.map(({ outcome }) => outcome));
    }
    expect(outcomes).toEqual(["escalated", "escalated", "answered"]);
    expect(ran).toEqual(["default"]);
  });

  it("reminds once before it, and again and again where nothing else happens", async () => {
    const { now, pass } = fakeClock();
    const notified: string[] = [];
    const notify = ({ kind, terms: { expiresAt } }: Notification) => void notified.push(`${kind} ${expiresAt?.slice(11, 16)}`);
    const hard = desk({ saver: open(), now, notify, rule: { expiresIn: 3 * HOUR, remindBefore: HOUR } });
    await hard.ask();
    for (let hour = 0; hour < 4; hour++) {
      await sweepExpired({ graph: hard.graph });
      await sweepExpired({ graph: hard.graph });
      pass(HOUR);
    }
    expect(notified).toEqual(["reminded 03:00", "expired 03:00"]);
    expect(hard.ran).toEqual([false]);

    notified.length = 0;
    const soft = desk({ saver: open(), now, notify, rule: { expiresIn: HOUR, onExpiry: "remind" } });
    await soft.ask();
    for (let hour = 0; hour < 2; hour++) {
      pass(HOUR);
      await sweepExpired({ graph: soft.graph });
    }
    expect(notified).toEqual(["reminded 06:00", "reminded 07:00"]);
    pass(24 * HOUR);
    await soft.graph.invoke(null, soft.config("t"));
    expect(notified).toHaveLength(2);
    expect(await soft.say(true, "ann")).toEqual({ answer: true });
  });

  it("is shortened, and never prolonged, by the question's own terms", async () => {
    const { now } = fakeClock();
    const expiresAt = async (terms: Record<string, unknown>) =>
      (await desk({ saver: open(), now, rule: { expiresIn: HOUR }, terms }).ask()).terms?.expiresAt;
    expect(await expiresAt({ expiresIn: 1000 })).toBe("2030-01-01T00:00:01.000Z");
    expect(await expiresAt({ expiresIn: 2 * HOUR })).toBe("2030-01-01T01:00:00.000Z");
    expect(await expiresAt({ expiresAt: "2030-01-01T00:30:00Z", expiresIn: HOUR })).toBe("2030-01-01T00:30:00.000Z");
    for (const terms of [{ expiresAt: "soon" }, { expiresIn: -1 }, { expiresAt: 5 }, { assignees: "ann" }]) {
      expect((await refusalOf(desk({ now, terms }).ask())).code).toBe("INVALID_OPTIONS");
    }
  });
});

describe("what does not get round a deadline", () => {
  it("an update, or other answers, that come with a late one: nothing of it is recorded", async () => {
    const { now, pass } = fakeClock();
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const approvals = createApprovals({
      now,
      rules: [
        { name: "short", when: { node: "short" }, approvers: ["ann"], expiresIn: HOUR, onExpiry: { answer: "default" } },
        { name: "long", approvers: ["ann"] },
      ],
    });
    const graph = new StateGraph(State)
      .addNode("short", () => ({ log: [`short ${interrupt("S?")}`] }))
      .addNode("long", () => ({ log: [`long ${interrupt("L?")}`] }))
      .addEdge(START, "short")
      .addEdge(START, "long")
      .compile({ checkpointer: new MemorySaver(), approvals });
    const config = { configurable: { thread_id: "t" } };
    const { __interrupt__ = [] } = await graph.invoke({}, config);
    const resume = Object.fromEntries(__interrupt__.map(({ id }) => [id, "yes"]));
    pass(HOUR);
    const late = new Command({ resume, by: "ann", update: { log: ["smuggled"] } });
    expect((await refusalOf(graph.invoke(late, config))).code).toBe("EXPIRED");
    const { interrupts } = await graph.getState(config);
    expect(interrupts.map(({ value }) => value)).toEqual(["L?"]);
    expect(await graph.invoke(new Command({ resume: "yes", by: "ann" }), config)).toEqual({
      log: expect.arrayContaining(["short default", "long yes"]),
    });
  });

  it("an answer to another question of the thread answers what is over too", async () => {
    const { now, pass } = fakeClock();
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const graph = new StateGraph(State)
      .addNode("a", () => ({ log: [`a ${interrupt("A?", { terms: { expiresIn: HOUR } })}`] }))
      .addNode("b", () => ({ log: [`b ${interrupt("B?")}`] }))
      .addEdge(START, "a")
      .addEdge(START, "b")
      .compile({ checkpointer: new MemorySaver(), approvals: createApprovals({ now, rules: [{ name: "r", approvers: ["ann"] }] }) });
    const config = { configurable: { thread_id: "t" } };
    const { __interrupt__ = [] } = await graph.invoke({}, config);
    const b = __interrupt__.find(({ value }) => value === "B?")?.id ?? "";
    pass(HOUR);
    expect(await graph.invoke(new Command({ resume: { [b]: "yes" }, by: "ann" }), config)).toEqual({ log: ["a false", "b yes"] });
  });

  it("the name of the deadline, in a person's mouth", async () => {
    const { now } = fakeClock();
    const { ask, say, ran } = desk({ now, rule: { approvers: "anyone", expiresIn: HOUR } });
    await ask();
    expect((await refusalOf(say(true, { id: "deadline" }))).code).toBe("NOT_AN_APPROVER");
    expect(ran).toEqual([]);
  });

  it("going back to the checkpoint before it passed", async () => {
    const { now, pass } = fakeClock();
    const { graph, ask, say, ran, config } = desk({ now, rule: { expiresIn: HOUR } });
    await ask();
    const { config: paused } = await graph.getState(config("t"));
    pass(HOUR);
    await refusalOf(say(true, "ann"));
    expect((await refusalOf(graph.invoke(new Command({ resume: true, by: "ann" }), paused))).code).toBe("EXPIRED");
    expect(ran).toEqual([false, false]);
  });

  it("answering anew, after the task that ran on the first answer has failed", async () => {
    const { now, pass } = fakeClock();
    let broken = true;
    const graph = new StateGraph(Annotation.Root({ answer: Annotation<unknown>() }))
      .addNode("ask", () => {
        const answer = interrupt("?");
        if (broken) throw new Error("broken");
        return { answer };
      })
      .addEdge(START, "ask")
      .compile({
        checkpointer: new MemorySaver(),
        approvals: createApprovals({ now, rules: [{ name: "r", approvers: ["ann"], expiresIn: HOUR }] }),
      });
    const config = { configurable: { thread_id: "t" } };
    await graph.invoke({}, config);
    await graph.invoke(new Command({ resume: "in time", by: "ann" }), config).catch(() => undefined);
    pass(HOUR);
    broken = false;
    expect((await refusalOf(graph.invoke(new Command({ resume: "late", by: "ann" }), config))).code).toBe("EXPIRED");
    expect(await graph.invoke(null, config)).toEqual({ answer: "in time" });
  });

  it("asking a question that could not be denied", async () => {
    const { ask } = desk({ rule: { expiresIn: HOUR }, value: toolCall("x", {}, ["accept", "edit"]) });
    expect((await refusalOf(ask())).code).toBe("CANNOT_DENY");
  });
});

describe("sweepExpired", () => {
  it("goes on where one thread fails, and says which", async () => {
    const { now, pass } = fakeClock();
    const State = Annotation.Root({ fails: Annotation<boolean>() });
    const graph = new StateGraph(State)
      .addNode("ask", ({ fails }) => {
        interrupt("?");
        if (fails) throw new Error("broken");
        return {};
      })
      .addEdge(START, "ask")
      .compile({
        checkpointer: new MemorySaver(),
        name: "g",
        approvals: createApprovals({ now, rules: [{ name: "r", approvers: ["ann"], expiresIn: HOUR }] }),
      });
    for (const thread of ["a", "b", "c"]) await graph.invoke({ fails: thread === "a" }, { configurable: { thread_id: thread } });
    pass(HOUR);
    const report = await sweepExpired({ graph });
    expect(report.settled.map(({ threadId }) => threadId)).toEqual(["b", "c"]);
    expect(report.failed).toMatchObject([{ threadId: "a", error: { message: "broken" } }]);
    expect((await sweepExpired({ graph })).failed).toEqual([]);
  });

  it("leaves a thread that somebody runs to the next sweep", async () => {
    const { now, pass } = fakeClock();
    const { graph, saver, ask, ran } = desk({ now, rule: { expiresIn: HOUR } });
    await ask();
    pass(HOUR);
    const lease = { id: "other", host: "elsewhere", pid: 1, expiresAt: Date.now() + 60_000 };
    await saver.acquireLease?.("t", lease, Date.now());
    expect(await sweepExpired({ graph })).toMatchObject({ busy: ["t"], settled: [] });
    await saver.releaseLease?.("t", "other");
    expect((await sweepExpired({ graph })).settled).toHaveLength(1);
    expect(ran).toEqual([false]);
  });

  it("tries a reminder and an escalation again whose notification failed; an answer does not wait for it", async () => {
    const { now, pass } = fakeClock();
    const notify = vi.fn().mockRejectedValueOnce(new Error("mail server")).mockResolvedValue(undefined);
    const { graph, ask, termsOf } = desk({
      now,
      notify,
      rule: { expiresIn: HOUR, onExpiry: { escalate: { to: ["boss"], expiresIn: HOUR } } },
    });
    await ask();
    pass(HOUR);
    expect((await sweepExpired({ graph })).failed).toMatchObject([{ threadId: "t", error: { message: "mail server" } }]);
    expect((await termsOf())?.level).toBeUndefined();
    expect((await sweepExpired({ graph })).settled).toMatchObject([{ outcome: "escalated" }]);
    notify.mockRejectedValueOnce(new Error("mail server"));
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    pass(HOUR);
    expect((await sweepExpired({ graph })).settled).toMatchObject([{ outcome: "answered" }]);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("mail server"), "HoldpointWarning");
    warned.mockRestore();
  });

  it("runs no step of a thread where nothing is due", async () => {
    const { now, pass } = fakeClock();
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    let tries = 0;
    const graph = new StateGraph(State)
      .addNode("ask", () => ({ log: [interrupt<string>("?")] }))
      .addNode("fails", () => {
        tries += 1;
        throw new Error("broken");
      })
      .addEdge(START, "ask")
      .addEdge(START, "fails")
      .compile({
        checkpointer: new MemorySaver(),
        name: "g",
        approvals: createApprovals({ now, rules: [{ name: "r", approvers: ["ann"], expiresIn: HOUR, remindBefore: 1000 }] }),
      });
    const config = { configurable: { thread_id: "t" } };
    await graph.invoke({}, config).catch(() => undefined);
    pass(HOUR - 1000);
    expect((await sweepExpired({ graph })).settled).toMatchObject([{ outcome: "reminded" }]);
    expect(tries).toBe(1);
    expect((await graph.getState(config)).interrupts[0]?.terms).toHaveProperty("remindedAt");
    // A sweep of a finished thread, or of none, does nothing either.
    expect((await graph.settleDue({ configurable: { thread_id: "none" } })).__interrupt__).toEqual([]);
  });

  it("says what it lacks", async () => {
    const plain = new StateGraph(Annotation.Root({}))
      .addNode("n", () => ({}))
      .addEdge(START, "n")
      .compile({ checkpointer: new MemorySaver() });
    expect((await refusalOf(sweepExpired({ graph: plain }))).code).toBe("MISSING_CAPABILITY");
    const { approvals } = desk();
    const unsaved = new StateGraph(Annotation.Root({}))
      .addNode("n", () => ({}))
      .addEdge(START, "n")
      .compile({ approvals });
    expect((await refusalOf(sweepExpired({ graph: unsaved }))).code).toBe("MISSING_CAPABILITY");
  });
});

describe("a question of a subgraph", () => {
  it("keeps the terms that it was given last, whichever graph asks it again", async () => {
    const { now, pass } = fakeClock();
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const inner = new StateGraph(State)
      .addNode("slow", () => ({ log: [`slow ${interrupt("slow?")}`] }))
      .addNode("quick", () => ({ log: [`quick ${interrupt("quick?")}`] }))
      .addEdge(START, "slow")
      .addEdge(START, "quick")
      .compile();
    const approvals = createApprovals({
      now,
      rules: [
        {
          name: "slow",
          when: { node: "slow" },
          approvers: ["ann"],
          expiresIn: HOUR,
          onExpiry: { escalate: { to: ["boss"], expiresIn: HOUR } },
        },
        { name: "quick", approvers: ["ann"] },
      ],
    });
    const graph = new StateGraph(State)
      .addNode("inner", inner)
      .addEdge(START, "inner")
      .compile({ checkpointer: new MemorySaver(), approvals, name: "outer" });
    const config = { configurable: { thread_id: "t" } };
    const { __interrupt__ = [] } = await graph.invoke({}, config);
    const idOf = (value: string) => __interrupt__.find((asked) => asked.value === value)?.id ?? "";
    pass(HOUR);
    expect((await sweepExpired({ graph })).settled).toMatchObject([{ outcome: "escalated", interruptId: idOf("slow?") }]);
    const after = await graph.invoke(new Command({ resume: { [idOf("quick?")]: "yes" }, by: "ann" }), config);
    expect(after.__interrupt__).toMatchObject([{ id: idOf("slow?"), terms: { level: 1, assignees: ["boss"] } }]);
    expect((await graph.getState(config)).interrupts).toMatchObject([{ terms: { level: 1, assignees: ["boss"] } }]);
    expect((await refusalOf(graph.invoke(new Command({ resume: "x", by: "ann" }), config))).code).toBe("NOT_AN_APPROVER");
    const { log } = await graph.invoke(new Command({ resume: "ok", by: "boss" }), config);
    expect(log.sort()).toEqual(["quick yes", "slow ok"]);
  });
});
