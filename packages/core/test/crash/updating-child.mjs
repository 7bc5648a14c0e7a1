// Makes a thread of several steps with bulkUpdateState, unless it is killed.
//
//   node updating-child.mjs FILE MOMENT NUMBER ORDERED
//
// MOMENT is "before" or "after": the process kills itself then, at its NUMBERth checkpoint; "turn": as the turn ends in which it was handed in.
// ORDERED is "ordered" where the saver may be handed in several checkpoints before the first is acknowledged. Prints a line for each that is.
import { writeSync } from "node:fs";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Annotation, START, StateGraph } from "@holdpoint/core";

const [file, moment, number, order] = process.argv.slice(2);
const saver = SqliteSaver.fromConnString(file);
const put = saver.put.bind(saver);
let puts = 0;
saver.put = async (...args) => {
  const dies = ++puts === Number(number);
  const die = () => process.kill(process.pid, "SIGKILL");
  if (dies && moment === "before") die();
  if (dies && moment === "turn") setImmediate(die);
  const saved = await put(...args);
  writeSync(1, `${saved.configurable.checkpoint_id}\n`);
  if (dies && moment === "after") die();
  return saved;
};
if (order !== "ordered") Object.defineProperty(saver, "ordered", { value: false });

const log = Annotation({ reducer: (all, more) => all.concat(more), default: () => [] });
const graph = new StateGraph(Annotation.Root({ log, also: log }))
  .addNode({ a: () => ({}), b: () => ({}) })
  .addEdge(START, "a")
  .addEdge(START, "b")
  .addEdge("a", "b")
  .addEdge("b", "a")
  .compile({ checkpointer: saver });
const steps = Array.from({ length: 5 }, (_, step) => ({
  updates: [
    { values: { log: [`a${step}`] }, asNode: "a" },
    { values: { log: [`b${step}`], also: [`b${step}`] }, asNode: "b" },
  ],
}));
await graph.bulkUpdateState({ configurable: { thread_id: "thread" } }, steps);
saver.close();
