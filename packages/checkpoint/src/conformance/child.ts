// The program that the kit starts as processes of their own, to be killed or to compete. It is told on its standard input what to do.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { holdLease } from "./processes/hold-lease.js";
import type { Assignment } from "./processes/job.js";
import { closeSaver, findOpener } from "./processes/open-saver.js";
import { runCrash } from "./processes/run-crash.js";
import { runRace } from "./processes/run-race.js";
import { say } from "./processes/say.js";

const lines = createInterface({ input: process.stdin });
// Whoever started it is gone.
lines.once("close", () => process.exit(2));

try {
  const [text] = (await once(lines, "line")) as [string];
  const assignment = JSON.parse(text) as Assignment;
  const open = await findOpener(assignment);
  say({ kind: "ready" });
  await once(lines, "line");
  const saver = await open();
  const { job } = assignment;
  if (job.task === "crash") await runCrash(saver, job);
  else if (job.task === "hold") await holdLease(saver);
  else say({ kind: "result", value: await runRace(saver, job) });
  await closeSaver(saver);
  process.exit(0);
} catch (error) {
  say({ kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
