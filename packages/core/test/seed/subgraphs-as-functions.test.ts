// Seed: "Using with subgraphs called as functions".
import { describe, expect, it } from "vitest";
import { Annotation, type CheckpointSaver, Command, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, newThread } from "../support/run.js";

const State = Annotation.Root({ state_counter: Annotation<number>() });

/** What the counters of the seed's example print; `checkpointer` is the saver of one process. */
function extendedExample(printed: string[]) {
  let nodeInSubgraph = 0;
  let humanNode = 0;
  let parentNode = 0;
  return (checkpointer: CheckpointSaver) => {
    const subgraph = new StateGraph(State)
      .addNode("some_node", () => {
        nodeInSubgraph++;
        printed.push(`Entered \`node_in_subgraph\` a total of ${nodeInSubgraph} times`);
      })
      .addNode("human_node", () => {
        humanNode++;
        printed.push(`Entered human_node in sub-graph a total of ${humanNode} times`);
        const answer = interrupt("what is your name?");
        printed.push(`Got an answer of ${answer}`);
      })
      .addEdge(START, "some_node")
      .addEdge("some_node", "human_node")
      .compile({ checkpointer });
    return new StateGraph(State)
      .addNode("parent_node", async (state) => {
        parentNode++;
        printed.push(`Entered \`parent_node\` a total of ${parentNode} times`);
        return await subgraph.invoke(state);
      })
      .addEdge(START, "parent_node")
      .compile({ checkpointer });
  };
}

const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

describe.each(eachSaver)("subgraphs called as functions, on $name", ({ open }) => {
  it("prints what the seed prints", async () => {
    const { saver, reopen } = open();
    const printed: string[] = [];
    const process = extendedExample(printed);
    const config = newThread();
    for (const chunk of await collect(process(saver).stream({ state_counter: 1 }, config))) {
      expect(chunk).toEqual({
        __interrupt__: [
          expect.objectContaining({
            value: "what is your name?",
            resumable: true,
            ns: [expect.stringMatching(`^parent_node:${uuid}$`), expect.stringMatching(`^human_node:${uuid}$`)],
            when: "during",
          }),
        ],
      });
      printed.push("{'__interrupt__': …}");
    }
    printed.push("--- Resuming ---");
    for (const chunk of await collect(process(reopen()).stream(new Command({ resume: "35" }), config))) printed.push(JSON.stringify(chunk));
    expect(printed).toEqual([
      "Entered `parent_node` a total of 1 times",
      "Entered `node_in_subgraph` a total of 1 times",
      "Entered human_node in sub-graph a total of 1 times",
      "{'__interrupt__': …}",
      "--- Resuming ---",
      "Entered `parent_node` a total of 2 times",
      "Entered human_node in sub-graph a total of 2 times",
      "Got an answer of 35",
      '{"parent_node":{"state_counter":1}}',
    ]);
  });

  it("skips what is done and re-runs what asked, in the order of the seed's five points", async () => {
    const { saver, reopen } = open();
    const entered: string[] = [];
    const enter = (name: string) => () => void entered.push(name);
    const build = (checkpointer: CheckpointSaver) => {
      const subgraph = new StateGraph(State)
        .addNode("sub_node_1", enter("sub_node_1"))
        .addNode("sub_node_2", () => {
          entered.push("sub_node_2");
          interrupt("go on?");
        })
        .addNode("sub_node_3", enter("sub_node_3"))
        .addEdge(START, "sub_node_1")
        .addEdge("sub_node_1", "sub_node_2")
        .addEdge("sub_node_2", "sub_node_3")
        .compile();
      return new StateGraph(State)
        .addNode("node_1", enter("node_1"))
        .addNode("node_2", async (state) => {
          entered.push("node_2");
          return await subgraph.invoke(state);
        })
        .addNode("node_3", enter("node_3"))
        .addEdge(START, "node_1")
        .addEdge("node_1", "node_2")
        .addEdge("node_2", "node_3")
        .compile({ checkpointer });
    };
    const config = newThread();
    await build(saver).invoke({ state_counter: 1 }, config);
    expect(entered.splice(0)).toEqual(["node_1", "node_2", "sub_node_1", "sub_node_2"]);
    expect(await build(reopen()).invoke(new Command({ resume: true }), config)).toEqual({ state_counter: 1 });
    expect(entered).toEqual(["node_2", "sub_node_2", "sub_node_3", "node_3"]);
  });
});
