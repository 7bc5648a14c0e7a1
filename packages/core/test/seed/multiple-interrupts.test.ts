// Seed: "Using multiple interrupts", with its "incorrect code that introduces non-determinism".
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Annotation, Command, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, newThread } from "../support/run.js";

const State = Annotation.Root({ age: Annotation<string | null>(), name: Annotation<string | null>() });

function incorrectExample() {
  const printed: string[] = [];
  const builder = new StateGraph(State)
    .addNode("human_node", (state) => {
      const name = state.name ? "N/A" : interrupt<string>("what is your name?");
      const age = state.age ? "N/A" : interrupt<string>("what is your age?");
      printed.push(`Name: ${name}. Age: ${age}`);
      return { age, name };
    })
    .addEdge(START, "human_node");
  return { builder, printed };
}

/** Warnings of the process, while the test runs. */
function warnings(): string[] {
  const seen: string[] = [];
  const spy = vi.spyOn(process, "emitWarning").mockImplementation((warning) => void seen.push(String(warning)));
  onTestFinished(() => spy.mockRestore());
  return seen;
}

describe.each(eachSaver)("multiple interrupts in one node, on $name", ({ open }) => {
  it("matches answers by index, so that the incorrect code gets the name as the age", async () => {
    const { saver, reopen } = open();
    const { builder, printed } = incorrectExample();
    const warned = warnings();
    const config = newThread();
    const asked = await collect(builder.compile({ checkpointer: saver }).stream({ age: null, name: null }, config));
    expect(asked).toEqual([
      {
        __interrupt__: [
          expect.objectContaining({
            value: "what is your name?",
            resumable: true,
            ns: [expect.stringMatching(/^human_node:/)],
            when: "during",
          }),
        ],
      },
    ]);
    const resume = new Command({ resume: "John", update: { name: "foo" } });
    expect(await collect(builder.compile({ checkpointer: reopen() }).stream(resume, config))).toEqual([
      { human_node: { age: "John", name: "N/A" } },
    ]);
    expect(printed).toEqual(["Name: N/A. Age: John"]);
    expect(warned).toEqual([expect.stringContaining("asked something else in the place of interrupt")]);
  });

  it("keeps a list of answers for the task, in the order of the calls", async () => {
    const { saver, reopen } = open();
    const { builder, printed } = incorrectExample();
    const warned = warnings();
    const config = newThread();
    await builder.compile({ checkpointer: saver }).invoke({ age: null, name: null }, config);
    const second = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "John" }), config);
    expect(second.__interrupt__).toEqual([expect.objectContaining({ value: "what is your age?" })]);
    expect(await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: "35" }), config)).toEqual({
      age: "35",
      name: "John",
    });
    expect(printed).toEqual(["Name: John. Age: 35"]);
    expect(warned).toEqual([]);
  });
});
