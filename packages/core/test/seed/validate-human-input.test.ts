// Seed: "Validate human input".
import { describe, expect, it } from "vitest";
import { Annotation, Command, END, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { newThread, questions } from "../support/run.js";

const State = Annotation.Root({ age: Annotation<number>() });

/** Python's `int()`, as far as the seed needs it. */
function int(input: unknown): number {
  const text = String(input).trim();
  if (!/^[+-]?\d+$/.test(text)) throw new TypeError(`invalid literal for int(): ${text}`);
  return Number(text);
}

function extendedExample() {
  const printed: string[] = [];
  const builder = new StateGraph(State)
    .addNode("get_valid_age", () => {
      let prompt = "Please enter your age (must be a non-negative integer).";
      for (;;) {
        const input = interrupt(prompt);
        try {
          const age = int(input);
          if (age < 0) throw new RangeError("Age must be non-negative.");
          return { age };
        } catch {
          prompt = `'${input}' is not valid. Please enter a non-negative integer for age.`;
        }
      }
    })
    .addNode("report_age", (state) => {
      printed.push(`✅ Human is ${state.age} years old.`);
      return state;
    })
    .setEntryPoint("get_valid_age")
    .addEdge("get_valid_age", "report_age")
    .addEdge("report_age", END);
  return { builder, printed };
}

describe.each(eachSaver)("validate human input, on $name", ({ open }) => {
  it("asks until the answer is valid, each time in another process", async () => {
    const { saver, reopen } = open();
    const { builder, printed } = extendedExample();
    const config = newThread();
    const asked = async (input: Command | Record<string, never>, checkpointer = reopen()) =>
      questions((await builder.compile({ checkpointer }).invoke(input, config)).__interrupt__);

    expect(await asked({}, saver)).toEqual(["Please enter your age (must be a non-negative integer)."]);
    expect(await asked(new Command({ resume: "not a number" }))).toEqual([
      "'not a number' is not valid. Please enter a non-negative integer for age.",
    ]);
    expect(await asked(new Command({ resume: "-10" }))).toEqual(["'-10' is not valid. Please enter a non-negative integer for age."]);
    expect(await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "25" }), config)).toEqual({ age: 25 });
    expect(printed).toEqual(["✅ Human is 25 years old."]);
  });

  it("the short form: gives every interrupt of the node an id of its own", async () => {
    const { saver } = open();
    const config = newThread();
    const printed: string[] = [];
    const graph = new StateGraph(State)
      .addNode("human_node", () => {
        let question = "What is your age?";
        for (;;) {
          const answer = interrupt<number>(question);
          if (Number.isInteger(answer) && answer >= 0) {
            printed.push(`The human in the loop is ${answer} years old.`);
            return { age: answer };
          }
          question = `'${answer} is not a valid age. What is your age?`;
        }
      })
      .addEdge(START, "human_node")
      .compile({ checkpointer: saver });
    const first = await graph.invoke({}, config);
    const second = await graph.invoke(new Command({ resume: -1 }), config);
    const third = await graph.invoke(new Command({ resume: "ten" }), config);
    const asked = [first, second, third].flatMap(({ __interrupt__ = [] }) => __interrupt__);
    expect(questions(asked)).toEqual([
      "What is your age?",
      "'-1 is not a valid age. What is your age?",
      "'ten is not a valid age. What is your age?",
    ]);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(3);
    expect(await graph.invoke(new Command({ resume: 10 }), config)).toEqual({ age: 10 });
    expect(printed).toEqual(["The human in the loop is 10 years old."]);
  });
});
