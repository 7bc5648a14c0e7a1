// Seed: "Review and edit state".
import { describe, expect, it } from "vitest";
import { Annotation, Command, END, interrupt, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { newThread } from "../support/run.js";

const State = Annotation.Root({ summary: Annotation<string>() });

function extendedExample() {
  const printed: string[] = [];
  const builder = new StateGraph(State)
    .addNode("generate_summary", () => ({ summary: "The cat sat on the mat and looked at the stars." }))
    .addNode("human_review_edit", (state) => {
      const result = interrupt<{ edited_summary: string }>({
        task: "Please review and edit the generated summary if necessary.",
        generated_summary: state.summary,
      });
      return { summary: result.edited_summary };
    })
    .addNode("downstream_use", (state) => {
      printed.push(`✅ Using edited summary: ${state.summary}`);
      return state;
    })
    .setEntryPoint("generate_summary")
    .addEdge("generate_summary", "human_review_edit")
    .addEdge("human_review_edit", "downstream_use")
    .addEdge("downstream_use", END);
  return { builder, printed };
}

describe.each(eachSaver)("review and edit state, on $name", ({ open }) => {
  it("goes on with the edited summary", async () => {
    const { saver, reopen } = open();
    const { builder, printed } = extendedExample();
    const config = newThread();
    const result = await builder.compile({ checkpointer: saver }).invoke({}, config);
    expect(result.__interrupt__).toEqual([
      expect.objectContaining({
        value: {
          task: "Please review and edit the generated summary if necessary.",
          generated_summary: "The cat sat on the mat and looked at the stars.",
        },
        resumable: true,
      }),
    ]);
    const edited_summary = "The cat lay on the rug, gazing peacefully at the night sky.";
    const resumed = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: { edited_summary } }), config);
    expect(resumed).toEqual({ summary: edited_summary });
    expect(printed).toEqual([`✅ Using edited summary: ${edited_summary}`]);
  });
});
