import { StateGraph, START, END, Annotation } from "@holdpoint/core";
const S = Annotation.Root({ messages: Annotation({ reducer: (a, b) => a.concat(b), default: () => [] }) });
const make = () => new StateGraph(S).addNode("a", (s) => ({})).addNode("b", () => ({})).addEdge(START, "a").addEdge("a", "b").addConditionalEdges("b", () => END, [END]).compile();
async function run(label) {
const g = make();
for (let i = 0; i < 2000; i++) await g.invoke({ messages: [] });
let t = performance.now();
for (let i = 0; i < 5000; i++) await g.invoke({ messages: [] });
console.log(label, ((performance.now() - t) / 5000 * 1000).toFixed(1));
}
await run("core alone us");
await run("core alone us");
await import("@holdpoint/prebuilt");
await run("with bridge us");
await run("with bridge us");
