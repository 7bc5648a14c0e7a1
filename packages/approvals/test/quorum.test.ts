import { Annotation, Command, GraphError, interrupt, MemorySaver, START, StateGraph } from "@holdpoint/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createApprovals } from "../src/index.js";
import { desk, refusalOf, toolCall } from "./support/desk.js";
import { eachSaver } from "./support/each-saver.js";

const two = { quorum: 2 };

describe.each(eachSaver)("a quorum of two of three, on $name", ({ open }) => {
  it("runs nothing on the first approval, and what was approved on the second", async () => {
    const { graph, ask, say, ran, waiting, config } = desk({ saver: open(), rule: two, value: toolCall("refund") });
    const { id, terms } = await ask();
    expect(terms).toMatchObject({ quorum: 2 });
    const held = await say([{ type: "accept" }], "ann", "t", "fine");
    expect(held.__interrupt__?.map((asked) => asked.id)).toEqual([id]);
    expect(ran).toEqual([]);
    expect((await waiting())[0]).toMatchObject({ id, terms: { quorum: 2 } });
    expect(await say([{ type: "accept" }], { id: "cy" })).toEqual({ answer: [{ type: "accept" }] });
    expect(ran).toHaveLength(1);
    const [record] = await graph.getDecisions(config("t"));
    expect(record?.votes).toMatchObject([{ by: "ann", value: [{ type: "accept" }], reason: "fine", note: { missing: 1 } }]);
    expect(record?.decision).toMatchObject({ by: { id: "cy" } });
  });

  it("counts each person once", async () => {
    const { ask, say, ran } = desk({ saver: open(), rule: two });
    const { id } = await ask();
    await say(true, "ann");
    const error = await refusalOf(say(true, { id: "ann", session: 2 }));
    expect(error).toMatchObject({ code: "ALREADY_VOTED", details: { interruptId: id, votes: [{ by: { id: "ann" }, value: true }] } });
    expect((await refusalOf(say(true, "mallory"))).message).toContain("Votes so far: ann");
    expect(ran).toEqual([]);
  });

  it("lets people change their mind, and counts what they said last", async () => {
    const { ask, say } = desk({ saver: open(), rule: two });
    await ask();
    await say("a", "ann");
    await say("b", "ann");
    expect((await say("a", "bob")).__interrupt__).toHaveLength(1);
    expect(await say("b", "bob")).toEqual({ answer: "b" });
  });

  it("lets one person reject, also after approving", async () => {
    const { ask, say } = desk({ saver: open(), rule: two, value: toolCall("refund") });
    await ask();
    await say([{ type: "accept" }], "ann");
    expect(await say([{ type: "ignore" }], "ann")).toEqual({ answer: [{ type: "ignore" }] });
  });

  it("wants as many rejections as the rule says", async () => {
    const { ask, say } = desk({ saver: open(), rule: { quorum: { approvals: 2, rejections: 2 } } });
    await ask();
    await say(false, "ann");
    await say(true, "bob");
    expect(await say("reject", "cy")).toEqual({ answer: "reject" });
  });

  it("counts edits together only if they are equal", async () => {
    const edit = (amount: number) => [{ type: "edit", args: { action: "refund", args: { amount } } }];
    const { ask, say, ran } = desk({ saver: open(), rule: two, value: toolCall("refund", { amount: 10 }) });
    await ask();
    await say(edit(5), "ann");
    await say(edit(6), "bob");
    await say([{ type: "accept", args: { action: "refund", args: { amount: 5000 } } }], "cy");
    expect(ran).toEqual([]);
    expect(await say(edit(5), "cy")).toEqual({ answer: edit(5) });
  });

  it("starts counting anew after an answer that did not fit, and for each question", async () => {
    const checked = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) => (typeof value === "string" ? { value } : { issues: [{ message: "a text, please" }] }),
      },
    };
    const State = Annotation.Root({ log: Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }) });
    const graph = new StateGraph(State)
      .addNode("ask", () => ({ log: [interrupt("First?", { schema: checked }), interrupt("Second?", { schema: checked })] as string[] }))
      .addEdge(START, "ask")
      .compile({
        checkpointer: open(),
        approvals: createApprovals({ rules: [{ name: "r", approvers: ["ann", "bob", "cy"], quorum: 2 }] }),
      });
    const config = { configurable: { thread_id: "t" } };
    const say = (resume: unknown, by: string) => graph.invoke(new Command({ resume, by }), config);
    await graph.invoke({}, config);
    await say("one", "cy");
    await say(7, "ann");
    const error = await say(7, "bob").catch((cause: unknown) => cause);
    expect(GraphError.is(error, "INVALID_ANSWER")).toBe(true);
    expect((await say("one", "ann")).__interrupt__?.[0]?.value).toBe("First?");
    const second = await say("one", "bob");
    expect(second.__interrupt__?.[0]?.value).toBe("Second?");
    await say("two", "bob");
    expect(await say("two", "cy")).toEqual({ log: ["one", "two"] });
  });

  it("does not apply an update that came with a vote", async () => {
    const { graph, ask, config } = desk({ saver: open(), rule: two });
    await ask();
    await graph.invoke(new Command({ resume: true, by: "ann", update: { answer: "smuggled" } }), config("t"));
    expect((await graph.getState(config("t"))).values).toEqual({});
  });
});

describe("votes", () => {
  it("of people who may not decide any more do not count", async () => {
    const saver = new MemorySaver();
    const before = desk({ saver, rule: two });
    await before.ask();
    await before.say(true, "ann");
    const after = desk({ saver, rule: { approvers: ["bob", "cy"], quorum: 2 } });
    expect((await after.say(true, "bob")).__interrupt__).toHaveLength(1);
    expect(await after.say(true, "cy")).toEqual({ answer: true });
  });

  it("cannot be counted by a saver without a journal, which is said", async () => {
    const plain = new Proxy(new MemorySaver(), {
      get: (target, key) => {
        if (key === "appendJournal" || key === "readJournal") return undefined;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const { ask, say } = desk({ saver: plain, rule: two });
    await ask();
    expect((await refusalOf(say(true, "ann"))).code).toBe("MISSING_CAPABILITY");
  });

  it("decide as a model of them says, whoever votes whatever in whichever order", async () => {
    const people = ["ann", "bob", "cy", "dan", "mallory"];
    const steps = fc.array(fc.record({ by: fc.constantFrom(...people), answer: fc.constantFrom<unknown>(true, "other", false) }), {
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 2 }), async (votes, approvals, rejections) => {
        const { ask, say, ran } = desk({ rule: { approvers: people.slice(0, 4), quorum: { approvals, rejections } } });
        await ask();
        const said = new Map<string, unknown>();
        for (const { by, answer } of votes) {
          if (by === "mallory") expect((await refusalOf(say(answer, by))).code).toBe("NOT_AN_APPROVER");
          else if (said.get(by) === answer) expect((await refusalOf(say(answer, by))).code).toBe("ALREADY_VOTED");
          else {
            said.set(by, answer);
            const agree = [...said.values()].filter((one) => one === answer).length;
            const result = await say(answer, by);
            if (agree >= (answer === false ? rejections : approvals)) {
              expect(result).toEqual({ answer });
              expect(ran).toEqual([answer]);
              return;
            }
            expect(result.__interrupt__).toHaveLength(1);
          }
        }
        expect(ran).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
