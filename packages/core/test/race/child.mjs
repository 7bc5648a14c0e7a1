// One of several processes that answer the same questions: node child.mjs FILE EFFECTS ME QUESTIONS
// QUESTIONS is a JSON list of { thread, id }. Prints a JSON line for each of its answers: { id, outcome, recorded? }.
import { Command } from "@holdpoint/core";
import { openGraph } from "./graph.mjs";

const [file, effects, me, questions] = process.argv.slice(2);
const graph = openGraph(file, effects);
const shuffled = JSON.parse(questions)
  .map((question) => ({ question, order: Math.random() }))
  .sort((one, other) => one.order - other.order)
  .map(({ question }) => question);

for (const { thread, id } of shuffled) {
  for (;;) {
    try {
      await graph.invoke(new Command({ resume: { [id]: me } }), { configurable: { thread_id: thread } });
      console.log(JSON.stringify({ id, outcome: "won" }));
    } catch (error) {
      // The thread is being run for another of its questions: ask again.
      if (error.code === "THREAD_BUSY") {
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 10));
        continue;
      }
      console.log(JSON.stringify({ id, outcome: error.code ?? String(error), recorded: error.details?.recorded?.[0]?.value }));
    }
    break;
  }
}
