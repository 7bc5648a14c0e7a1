// One process of the race tests, on the built packages: `node child.mjs <task> <database> <effects> <who> <start> <threads>`.
import { appendFileSync } from "node:fs";
import { ApprovalError, createApprovals, sweepExpired } from "@holdpoint/approvals";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Annotation, Command, GraphError, interrupt, START, StateGraph } from "@holdpoint/core";

const [task, database, effects, who, start, threads] = process.argv.slice(2);
const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const checkpointer = SqliteSaver.fromConnString(database);
const approvals = createApprovals({
  rules: [
    { name: "votes", when: { node: "vote" }, approvers: ["ann", "bob", "cy", "dan"], quorum: 2 },
    { name: "deadline", approvers: ["ann", "bob", "cy", "dan"], expiresIn: 1 },
  ],
});
const state = Annotation.Root({ answer: Annotation() });
const node = (_, { configurable }) => {
  const answer = interrupt("Go?");
  appendFileSync(effects, `${configurable.thread_id} ${answer}\n`);
  return { answer };
};
const graphs = Object.fromEntries(
  ["vote", "late"].map((name) => [
    name,
    new StateGraph(state).addNode(name, node).addEdge(START, name).compile({ checkpointer, approvals, name }),
  ]),
);

/** Answers until the question is decided: by this answer, or by somebody else's. */
async function answer(graph, thread) {
  for (;;) {
    try {
      const { __interrupt__ } = await graph.invoke(new Command({ resume: true, by: { id: who } }), { configurable: { thread_id: thread } });
      return __interrupt__ === undefined ? "decided" : "held";
    } catch (error) {
      if (ApprovalError.is(error)) return error.code;
      if (!GraphError.is(error)) throw error;
      if (error.code !== "THREAD_BUSY") return error.code;
      await sleep(2);
    }
  }
}

const names = Array.from({ length: Number(threads) }, (_, number) => `t${number}`);
const graph = graphs[task === "ask-late" || task === "late" || task === "sweep" ? "late" : "vote"];
await sleep(Math.max(0, Number(start) - Date.now()));
if (task.startsWith("ask")) {
  for (const thread_id of names) await graph.invoke({}, { configurable: { thread_id } });
} else if (task === "sweep") {
  for (let idle = 0; idle < 2; ) {
    const { settled, failed, busy } = await sweepExpired({ graph });
    say({ answered: settled.map(({ threadId }) => threadId), failed: failed.map(({ error }) => String(error)) });
    idle = settled.length + busy.length === 0 ? idle + 1 : 0;
  }
} else {
  for (const thread of names) say({ thread, outcome: await answer(graph, thread) });
}
checkpointer.close();
