// A thread of many runs: each goes on where the one before it ended, and every state of it can be read and gone back to.
import { describe, expect, it } from "vitest";
import { Annotation, Command, interrupt, START, StateGraph } from "../../src/index.js";
import { eachSaver } from "../support/each-saver.js";
import { collect, log, newThread, savesEachStep } from "../support/run.js";

const RUNS = 150;
const State = Annotation.Root({ log: log(), seen: Annotation<Record<string, number>>() });

const builder = new StateGraph(State)
  .addNode("note", ({ log, seen }) => ({ log: [`noted ${log.at(-1)}`], seen: { ...seen, [String(log.at(-1))]: log.length } }))
  .addNode("ask", ({ log }) => (log.length % 30 === 2 ? { log: [`answered ${interrupt(log.length)}`] } : { log: ["not asked"] }))
  .addEdge(START, "note")
  .addEdge("note", "ask");

describe.each(eachSaver)("a thread of hundreds of steps, on $name", ({ open }) => {
  it("loses nothing, stops and goes on in the middle, and can be gone back to anywhere", async () => {
    const { saver, reopen } = open();
    const config = { ...newThread(), ...savesEachStep };
    const expected: string[] = [];
    let asked = 0;
    for (let run = 0; run < RUNS; run++) {
      const graph = builder.compile({ checkpointer: run % 10 === 0 ? reopen() : saver });
      let result = await graph.invoke({ log: [`input ${run}`] }, config);
      expected.push(`input ${run}`, `noted input ${run}`);
      if (result.__interrupt__ !== undefined) {
        asked += 1;
        expect(result.__interrupt__.map(({ value }) => value)).toEqual([expected.length]);
        result = await builder.compile({ checkpointer: reopen() }).invoke(new Command({ resume: run }), config);
        expected.push(`answered ${run}`);
      } else expected.push("not asked");
      expect(result.log).toEqual(expected);
    }
    expect(asked).toBeGreaterThan(3);

    const graph = builder.compile({ checkpointer: reopen() });
    const states = await collect(graph.getStateHistory(config));
    expect(states).toHaveLength(4 * RUNS);
    for (const { values } of states) expect(values.log).toEqual(expected.slice(0, values.log.length));

    const middle = states[2 * RUNS]!;
    const fork = await graph.updateState(middle.config, { log: ["forked"] }, "ask");
    expect((await graph.getState(fork)).values.log).toEqual([...middle.values.log, "forked"]);
    expect((await graph.getState(states[0]!.config)).values.log).toEqual(expected);
    expect((await graph.invoke({ log: ["after the fork"] }, config)).log.slice(0, middle.values.log.length + 2)).toEqual([
      ...middle.values.log,
      "forked",
      "after the fork",
    ]);
  });
});
