// One process in the life of a thread: takes up what the file holds, and goes on until the end, or until it is killed.
//
//   node child.mjs FILE JOURNAL MOMENT NUMBER DURABILITY SAVER
//
// SAVER is the package whose SqliteSaver opens the file.
// MOMENT is "before" or "after": the process kills itself then, at its NUMBERth write to the saver; 0 never. The journal is append-only:
//   ran NAMESPACE        code of the task at NAMESPACE ran
//   task ID              the saver has acknowledged the result of the task ID
//   step NAMESPACE       the saver has acknowledged a checkpoint of the graph at NAMESPACE
//   saved NAMESPACE      that checkpoint holds what the task at NAMESPACE did
//   answer ID VALUE      the saver has acknowledged an answer
import { appendFileSync } from "node:fs";
import { Annotation, Command, entrypoint, getConfig, interrupt, Send, START, StateGraph, task } from "@holdpoint/core";

const [file, journal, moment, number, durability, saverPackage] = process.argv.slice(2);
const { SqliteSaver } = await import(saverPackage);
const note = (line) => appendFileSync(journal, `${line}\n`);
/** Tasks whose code ran in this process, and the step that each belongs to. */
const places = new Map();

/** The tasks of a graph that a checkpoint of it holds: those of its step. With "async", later ones may have run before it is acknowledged. */
function heldBy(ns, { step }) {
  const around = (place) => place.split("|").slice(0, -1).join("|");
  return [...places.keys()].filter((place) => around(place) === ns && places.get(place) === step);
}

/** Passes every call on, and kills the process around the one that was asked for. */
function deadly(saver) {
  let writes = 0;
  const around = async (write, acknowledged) => {
    const dies = ++writes === Number(number);
    if (dies && moment === "before") process.kill(process.pid, "SIGKILL");
    const result = await write();
    acknowledged(result);
    if (dies) process.kill(process.pid, "SIGKILL");
    return result;
  };
  return {
    getTuple: (config) => saver.getTuple(config),
    list: (config, options) => saver.list(config, options),
    deleteThread: (threadId) => saver.deleteThread(threadId),
    put: (...args) => {
      const ns = args[0].configurable.checkpoint_ns;
      const held = heldBy(ns, args[2]);
      return around(
        () => saver.put(...args),
        () => {
          note(`step ${ns}`);
          for (const place of held) note(`saved ${place}`);
        },
      );
    },
    putWrites: (config, writes, taskId) =>
      around(
        () => saver.putWrites(config, writes, taskId),
        () => {
          const [[channel, value]] = writes;
          if (channel === "__resume__") note(`answer ${taskId} ${value.value}`);
          else if (channel !== "__interrupt__" && channel !== "__error__") note(`task ${taskId}`);
        },
      ),
    // Where the saver has it; otherwise the runtime saves decisions as writes.
    recordDecisions:
      saver.recordDecisions &&
      ((config, decisions) =>
        around(
          () => saver.recordDecisions(config, decisions),
          ({ kind }) => kind === "recorded" && decisions.forEach(({ interruptId, value }) => void note(`answer ${interruptId} ${value}`)),
        )),
  };
}

const ran = () => {
  const { configurable, metadata } = getConfig();
  const place = configurable.checkpoint_ns;
  places.set(place, metadata.langgraph_step);
  note(`ran ${place}`);
};
const effect = task("effect", (name) => {
  ran();
  return `effect ${name}`;
});
const keyed = task({ name: "keyed", key: (name) => name }, async (name) => {
  ran();
  return `keyed ${name}`;
});
const gatedTask = task("gated", (name) => {
  const answer = interrupt(`in a task: ${name}`);
  ran();
  return `${name}: ${answer}`;
});

const State = Annotation.Root({ log: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }) });
const node = (name) => () => {
  ran();
  return { log: [name] };
};

const inner = new StateGraph(State)
  .addNode("inner_work", node("inner_work"))
  .addNode("inner_gate", async () => ({ log: [await effect("inner"), `inner: ${interrupt("inner?")}`] }))
  .addNode("inner_end", node("inner_end"))
  .addEdge(START, "inner_work")
  .addEdge("inner_work", "inner_gate")
  .addEdge("inner_gate", "inner_end")
  .compile();

const called = new StateGraph(State)
  .addNode("called_work", node("called_work"))
  .addNode("called_gate", () => ({ log: [`called: ${interrupt("called?")}`] }))
  .addEdge(START, "called_work")
  .addEdge("called_work", "called_gate")
  .compile();

const builder = new StateGraph(State)
  .addNode("plan", async () => ({ log: [await effect("plan"), await keyed("a"), await keyed("b")] }))
  .addNode("gate", async () => {
    const drafted = await effect("draft");
    const first = interrupt("first?");
    const second = interrupt(`second, after ${first}?`);
    ran();
    return { log: [drafted, `gate: ${first} ${second}`] };
  })
  .addNode("beside", node("beside"))
  .addNode("sub", async (_, runtime) => {
    const { log } = await inner.invoke({}, runtime);
    return { log };
  })
  .addNode("join", node("join"))
  .addNode("charge", async ({ name }) => ({ log: [await gatedTask(name)] }))
  .addNode("last", async () => {
    const { log } = await called.invoke({ log: ["for called"] });
    ran();
    return { log };
  })
  .addEdge(START, "plan")
  .addEdge("plan", "gate")
  .addEdge("plan", "beside")
  .addEdge("plan", "sub")
  .addEdge(["gate", "beside", "sub"], "join")
  .addConditionalEdges("join", () => ["x", "y"].map((name) => new Send("charge", { name })), ["charge"])
  .addEdge("charge", "last");

const saver = deadly(SqliteSaver.fromConnString(file));
const config = { configurable: { thread_id: "thread" }, durability };

/** Runs a graph to its end, whatever the file says that was done before: answers one question at a time. */
async function goOn(graph, thread, input) {
  const at = { ...config, configurable: { thread_id: thread } };
  for (let round = 0; round < 50; round++) {
    const state = await graph.getState(at);
    const [asked] = state.interrupts;
    if (state.config.configurable.checkpoint_id === undefined) await graph.invoke(input, at);
    else if (asked !== undefined) await graph.invoke(new Command({ resume: { [asked.id]: `yes to <${asked.value}>` } }), at);
    else if (state.next.length > 0) await graph.invoke(null, at);
    else return state.values;
  }
  throw new Error("The thread does not come to its end.");
}

const workflow = entrypoint({ name: "workflow", checkpointer: saver }, async (name) => {
  const drafts = await Promise.all([effect(`${name} 1`), effect(`${name} 2`)]);
  return [...drafts, interrupt(`send ${drafts.length}?`)];
});

const state = await goOn(builder.compile({ checkpointer: saver }), "graph", { log: ["input"] });
const result = await goOn(workflow, "workflow", "essay");
process.stdout.write(JSON.stringify({ state, result }));
