import { END, START } from "../constants.js";
import { GraphError } from "../errors.js";
import { kindOf } from "../read-options.js";
import { isStandardSchema } from "../state/standard-schema.js";

const RESERVED = new Set([
  START,
  END,
  "__interrupt__",
  "__error__",
  "__resume__",
  "__pregel_tasks",
  "__control__",
  "__no_writes__",
  "__return__",
  "__metadata__",
  "__copy__",
]);
const RESERVED_PREFIX = /^(branch:to:|join:|overwrite:)/;

/** @throws GraphError RESERVED_NAME, DUPLICATE_NODE */
export function checkNodeName(name: string, taken: { has(name: string): boolean }, stateKeys: ReadonlySet<string>): void {
  if (typeof name !== "string" || name === "")
    throw new GraphError("INVALID_GRAPH", 'A node needs a name that is not empty: addNode("name", fn).');
  if (RESERVED.has(name)) throw new GraphError("RESERVED_NAME", `"${name}" is a name of the runtime. Choose another one for the node.`);
  for (const character of ["|", ":"]) {
    if (name.includes(character))
      throw new GraphError(
        "RESERVED_NAME",
        `Node "${name}" holds "${character}", which separates the levels of a namespace. Leave it out.`,
      );
  }
  if (stateKeys.has(name))
    throw new GraphError(
      "RESERVED_NAME",
      `"${name}" is a state key, and cannot be a node's name as well. State keys: ${[...stateKeys].join(", ")}.`,
    );
  if (taken.has(name)) throw new GraphError("DUPLICATE_NODE", `The graph has a node "${name}" already. Give each node a name of its own.`);
}

/** @throws GraphError RESERVED_NAME */
export function checkStateKeys(keys: Iterable<string>): void {
  for (const key of keys) {
    if (RESERVED.has(key) || RESERVED_PREFIX.test(key) || key === "__proto__") {
      throw new GraphError("RESERVED_NAME", `State key "${key}" is a name of the runtime. Choose another one.`);
    }
  }
}

/** @throws GraphError INVALID_GRAPH */
export function checkEdge(from: unknown, to: unknown): void {
  const names: readonly unknown[] = Array.isArray(from) ? [...from, to] : [from, to];
  const wrong = names.filter((name) => typeof name !== "string" || name === "");
  if (wrong.length === 0) return;
  throw new GraphError(
    "INVALID_GRAPH",
    `An edge leads from a node, or a list of nodes, to a node: addEdge("a", "b"). One of them is ${kindOf(wrong[0])}.`,
  );
}

/** @throws GraphError INVALID_GRAPH */
export function checkContext(context: unknown): void {
  if (context === undefined || isStandardSchema(context)) return;
  throw new GraphError("INVALID_GRAPH", "What checks `context` must be a Standard Schema, such as z.object({ … }).");
}

/** A graph's nodes and ways, as far as they are known before it runs. */
export interface GraphOutline {
  readonly nodes: Names;
  readonly ways: readonly KnownWay[];
}

/** The keys of a map, or a set. */
interface Names {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

export interface KnownWay {
  readonly source: string;
  /** Undefined: anywhere. */
  readonly target: string | undefined;
}

/**
 * Checks that every way leads from a node to a node, and that every node can be reached.
 * @throws GraphError UNKNOWN_NODE, INVALID_GRAPH, UNREACHABLE_NODE
 */
export function checkOutline({ nodes, ways }: GraphOutline, stops: readonly string[]): void {
  const have = () => `The graph has: ${[...nodes.keys()].join(", ") || "no node"}.`;
  for (const { source: from, target: to } of ways) {
    if (from !== START && !nodes.has(from))
      throw new GraphError("UNKNOWN_NODE", `An edge starts at "${from}", which is no node. ${have()}`);
    if (to !== undefined && to !== END && !nodes.has(to))
      throw new GraphError("UNKNOWN_NODE", `An edge from "${from}" leads to "${to}", which is no node. ${have()}`);
  }
  if (!ways.some(({ source }) => source === START)) {
    throw new GraphError("INVALID_GRAPH", `No edge leaves START, so that nothing would run. Add addEdge(START, "…"). ${have()}`);
  }
  const reached = reachable(nodes, ways);
  const lost = Array.from(nodes.keys()).filter((name) => !reached.has(name));
  if (lost.length > 0) {
    throw new GraphError(
      "UNREACHABLE_NODE",
      `No way leads to ${lost.map((name) => `"${name}"`).join(", ")}. Add an edge, or name it in the ends of the node whose Command goes there: addNode("…", fn, { ends: ["${lost[0]}"] }). ${have()}`,
    );
  }
  for (const name of stops) {
    if (!nodes.has(name))
      throw new GraphError("UNKNOWN_NODE", `interruptBefore or interruptAfter names "${name}", which is no node. ${have()}`);
  }
}

function reachable(nodes: Names, ways: readonly KnownWay[]): ReadonlySet<string> {
  const from = new Map<string, KnownWay[]>();
  for (const way of ways) {
    const list = from.get(way.source);
    if (list === undefined) from.set(way.source, [way]);
    else list.push(way);
  }
  const reached = new Set<string>();
  const open = [START];
  const reach = (name: string) => {
    const { size } = reached;
    if (reached.add(name).size > size) open.push(name);
  };
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const { target } of from.get(name) ?? []) {
      // A way that leads anywhere reaches all there is.
      if (target === undefined) return new Set(nodes.keys());
      reach(target);
    }
  }
  return reached;
}
