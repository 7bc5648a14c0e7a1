// Measures the workloads of one file in a process of its own, so that what one leaves behind (heap, compiled code, LangChain's bridge) does
// not slow another. Started by run.js, which gets a message for each row.
import { runWorkload, titleOf } from "./lib/run-workload.js";

const { file, word, ...limits } = JSON.parse(process.argv[2]);
const { workloads } = await import(new URL(`workloads/${file}.js`, import.meta.url).href);
for (const workload of workloads) {
  if (word !== undefined && !titleOf(workload).includes(word) && workload.group !== word) continue;
  process.send(await runWorkload(workload, limits));
}
process.disconnect();
