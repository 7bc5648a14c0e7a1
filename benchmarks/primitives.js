// What the primitives cost that a step is made of, on one or several versions of Node: the table in docs/performance.md.
//
//   node primitives.js [NODE …]     each a path of a Node binary; default: this one
//
// Each version runs in processes of its own, several times and in turn, with an AsyncLocalStorage in use and without: once one is used, promises cost
// more for as long as the process lives. What is shown is the quickest round of all.
import { AsyncLocalStorage } from "node:async_hooks";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Annotation, END, START, StateGraph } from "@holdpoint/core";
import Database from "libsql";

const PROCESSES = Number(process.env.PROCESSES ?? 5);
const ROUNDS = 150;
/** What has processes of its own. */
const KINDS = ["idle", "active", "steps"];
/** Milliseconds that a round takes at least. */
const ROUND = 2;

/** What is left alive, so that nothing is optimised away. */
let sink;
const storage = new AsyncLocalStorage();
const empty = async () => 1;
const nested = async () => await empty();

/** Those whose cost depends on whether an AsyncLocalStorage is in use. Each does so many of its kind. */
const promises = {
  "a promise that is awaited": async (count) => {
    // Made here: one that is older than the first use of an AsyncLocalStorage costs several times as much, each time.
    const promise = Promise.resolve(1);
    for (let at = 0; at < count; at++) sink = await promise;
  },
  "an `async` function, called and awaited": async (count) => {
    for (let at = 0; at < count; at++) sink = await empty();
  },
  "two, one in the other": async (count) => {
    for (let at = 0; at < count; at++) sink = await nested();
  },
  "a turn of the event loop (`setImmediate`)": async (count) => {
    for (let at = 0; at < count; at++) await new Promise(setImmediate);
  },
};

/** @param {(index: number) => unknown} once */
const repeat = (once) => (count) => {
  for (let at = 0; at < count; at++) sink = once(at);
};

function unlimited(make) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const plain = {
  "`AsyncLocalStorage.run` around a function that returns at once": repeat((at) => storage.run(at, () => 1)),
  "`getStore()` within it": (count) => storage.run(1, () => repeat(() => storage.getStore())(count)),
  "`new AbortController()`, and its signal": repeat(() => new AbortController().signal),
  "`AbortSignal.any` of two signals": (() => {
    const signals = [new AbortController().signal, new AbortController().signal];
    return repeat(() => AbortSignal.any(signals));
  })(),
  "`crypto.randomUUID()`": repeat(() => randomUUID()),
  "`new Date().toISOString()`": repeat(() => new Date().toISOString()),
  "`new Error()`": repeat(() => new Error("no")),
  "the same while `stackTraceLimit` is 0": repeat(() => unlimited(() => new Error("no"))),
};

/** A step of a graph without a saver, so many in one run. */
function steps() {
  const State = Annotation.Root({ left: Annotation() });
  const graphOf = (node) =>
    new StateGraph(State)
      .addNode("node", node)
      .addEdge(START, "node")
      .addConditionalEdges("node", ({ left }) => (left > 0 ? "node" : END))
      .compile();
  const runOf = (graph) => (count) => graph.invoke({ left: count }, { recursionLimit: count + 1 });
  return {
    "a step, a node that returns at once": runOf(graphOf(({ left }) => ({ left: left - 1 }))),
    "a step, an `async` node": runOf(graphOf(async ({ left }) => ({ left: left - 1 }))),
  };
}

/** A commit of one row in WAL mode, on each driver that there is. */
async function commits(folder) {
  const drivers = { libsql: () => new Database(join(folder, "libsql.db")) };
  const sqlite = await import("node:sqlite").catch(() => undefined);
  if (sqlite !== undefined) drivers["node:sqlite"] = () => new sqlite.DatabaseSync(join(folder, "node.db"));
  return Object.fromEntries(
    Object.entries(drivers).map(([name, open]) => {
      const database = open();
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)");
      const insert = database.prepare("INSERT INTO row (text) VALUES (?)");
      return [`a commit in WAL mode, one row of 60 bytes (${name})`, repeat(() => insert.run("x".repeat(60)))];
    }),
  );
}

/** Nanoseconds that one takes, in the quickest round. */
async function quickest(run) {
  const timed = async (count) => {
    const started = performance.now();
    await run(count);
    return performance.now() - started;
  };
  // Code that is new is slow at first: only the quickest of some tries tells whether a round is long enough.
  let count = 1;
  while (Math.min(await timed(count), await timed(count), await timed(count)) < ROUND) count *= 2;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, ((await timed(count)) * 1e6) / count);
  return best;
}

async function measureAll(table) {
  const figures = {};
  for (const [name, run] of Object.entries(table)) figures[name] = await quickest(run);
  return figures;
}

/** What one process measures. */
async function measureHere(kind) {
  if (kind === "idle") return measureAll(promises);
  // Apart, since the signals that are made there leave much behind for the collector.
  if (kind === "steps") return measureAll(steps());
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-primitives-"));
  try {
    // In use, as it is in every run of a graph: the code stands within a `run`.
    const inUse = await storage.run({}, () => measureAll(promises));
    const figures = Object.entries(inUse).map(([name, figure]) => [`${name}, an AsyncLocalStorage in use`, figure]);
    return {
      ...Object.fromEntries(figures),
      ...(await measureAll(plain)),
      ...(await measureAll(await commits(folder))),
      ...(await measureAll(steps())),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureWith(node, best) {
  for (const kind of KINDS) {
    const output = execFileSync(node, ["--no-warnings", fileURLToPath(import.meta.url), `--${kind}`], { encoding: "utf8" });
    for (const [name, figure] of Object.entries(JSON.parse(output))) best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, figure);
  }
}

function show(figure) {
  if (figure === undefined) return "–";
  const digits = figure < 100 ? 2 : 3;
  return Number(figure.toPrecision(digits)).toLocaleString("en-US");
}

function compare(nodes) {
  const versions = nodes.map((node) => execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).trim());
  const bests = nodes.map(() => ({}));
  for (let turn = 0; turn < PROCESSES; turn++) for (const [at, node] of nodes.entries()) measureWith(node, bests[at]);
  // A promise stands beside itself with an AsyncLocalStorage in use.
  const names = [...new Set(bests.flatMap((best) => Object.keys(best)))];
  names.sort((one, other) => placeOf(one) - placeOf(other));
  console.log(`| ns | ${versions.map((version) => `Node ${version}`).join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(versions.length)}`);
  for (const name of names) console.log(`| ${name} | ${bests.map((best) => show(best[name])).join(" | ")} |`);
}

function placeOf(name) {
  const at = Object.keys(promises).findIndex((each) => name.startsWith(each));
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}

const [first] = process.argv.slice(2);
if (KINDS.some((kind) => first === `--${kind}`)) console.log(JSON.stringify(await measureHere(first.slice(2))));
else compare(first === undefined ? [process.execPath] : process.argv.slice(2));

export { sink };
