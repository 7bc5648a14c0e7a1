// Seed: "Approve or reject".
import { describe, expect, it } from "vitest";
import { Annotation, Command, END, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { newThread } from "../support/run.js";

const State = Annotation.Root({ llm_output: Annotation<string>(), decision: Annotation<string>() });

function extendedExample() {
  const printed: string[] = [];
  const builder = new StateGraph(State)
    .addNode("generate_llm_output", () => ({ llm_output: "This is the generated output." }))
    .addNode(
      "human_approval",
      (state) => {
        const decision = interrupt({ question: "Do you approve the following output?", llm_output: state.llm_output });
        if (decision === "approve") return new Command({ goto: "approved_path", update: { decision: "approved" } });
        return new Command({ goto: "rejected_path", update: { decision: "rejected" } });
      },
      { ends: ["approved_path", "rejected_path"] },
    )
    .addNode("approved_path", (state) => {
      printed.push("✅ Approved path taken.");
      return state;
    })
    .addNode("rejected_path", (state) => {
      printed.push("❌ Rejected path taken.");
      return state;
    })
    .setEntryPoint("generate_llm_output")
    .addEdge("generate_llm_output", "human_approval")
    .addEdge("approved_path", END)
    .addEdge("rejected_path", END);
  return { builder, printed };
}

describe.each(eachSaver)("approve or reject, on $name", ({ open }) => {
  it.each([
    ["approve", "approved", "✅ Approved path taken."],
    ["reject", "rejected", "❌ Rejected path taken."],
  ])("the answer %j leads to %s", async (resume, decision, line) => {
    const { saver, reopen } = open();
    const { builder, printed } = extendedExample();
    const config = newThread();
    const result = await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(result.__interrupt__).toEqual([
      expect.objectContaining({
        value: { question: "Do you approve the following output?", llm_output: "This is the generated output." },
      }),
    ]);
    expect(printed).toEqual([]);
    const final = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config);
    expect(final).toEqual({ llm_output: "This is the generated output.", decision });
    expect(printed).toEqual([line]);
  });

  it.each([
    [true, "some_node"],
    [false, "another_node"],
  ])("the short form: %j goes to %s", async (resume, expected) => {
    const { saver, reopen } = open();
    const config = newThread();
    const taken: string[] = [];
    const builder = new StateGraph(State)
      .addNode(
        "human_approval",
        (state) => {
          const isApproved = interrupt<boolean>({ question: "Is this correct?", llm_output: state.llm_output });
          return new Command({ goto: isApproved ? "some_node" : "another_node" });
        },
        { ends: ["some_node", "another_node"] },
      )
      .addNode("some_node", () => void taken.push("some_node"))
      .addNode("another_node", () => void taken.push("another_node"))
      .addEdge(START, "human_approval");
    await builder.compile({ checkpointer: saver }).invoke({ llm_output: "out" }, config);
    await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume }), config);
    expect(taken).toEqual([expected]);
  });
});
