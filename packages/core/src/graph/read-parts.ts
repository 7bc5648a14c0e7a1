import { GraphError } from "../errors.js";
import type { Branch } from "../pregel/model/program.js";
import { ANYTHING, kindOf, readOptions } from "../read-options.js";
import type { OwnStateOptions } from "./node.js";

type NodeEntry = readonly [name: string, action: unknown, options?: OwnStateOptions];

/**
 * Reads the nodes of `addNode` and `addSequence`: an object by name, or a list of `[name, action, options]`.
 * @throws GraphError INVALID_GRAPH
 */
export function readNodes(nodes: unknown): readonly NodeEntry[] {
  const entries: readonly unknown[] | undefined = Array.isArray(nodes)
    ? nodes
    : typeof nodes === "object" && nodes !== null
      ? Object.entries(nodes)
      : undefined;
  if (entries === undefined)
    throw new GraphError("INVALID_GRAPH", `A node needs a name: addNode("name", fn), or { name: fn }. It was given ${kindOf(nodes)}.`);
  const wrong = entries.findIndex((entry) => !Array.isArray(entry));
  if (wrong !== -1)
    throw new GraphError(
      "INVALID_GRAPH",
      `A list of nodes holds [name, fn] or [name, fn, options], but ${kindOf(entries[wrong])} at ${wrong}.`,
    );
  return entries as readonly NodeEntry[];
}

/**
 * Reads a conditional edge: its three parts, or an object `{ source, path, pathMap }`.
 * @throws GraphError INVALID_GRAPH
 */
export function readBranch(first: unknown, second: unknown, third: unknown): { readonly source: string; readonly branch: Branch } {
  const isOne = second === undefined && typeof first === "object" && first !== null && "source" in first;
  const {
    source: from,
    path: route,
    pathMap: ends,
  } = isOne ? readOptions("addConditionalEdges()", first as BranchObject, BRANCH) : { source: first, path: second, pathMap: third };
  if (typeof from !== "string" || from === "")
    throw new GraphError(
      "INVALID_GRAPH",
      `A conditional edge starts at a node: addConditionalEdges("node", fn, ends). It was given ${kindOf(from)}.`,
    );
  const { name, run } = readRoute(from, route);
  const map = readEnds(from, ends);
  return { source: from, branch: { name: name === "" ? "condition" : name, route: run, ...(map === undefined ? {} : { ends: map }) } };
}

const BRANCH = { source: ANYTHING, path: ANYTHING, pathMap: ANYTHING };

interface BranchObject {
  readonly source?: unknown;
  readonly path?: unknown;
  readonly pathMap?: unknown;
}

function readRoute(from: string, route: unknown): { readonly name: string; readonly run: Branch["route"] } {
  if (typeof route === "function") return { name: route.name, run: route as Branch["route"] };
  const runnable = route as { invoke?: unknown; name?: unknown } | null | undefined;
  if (typeof runnable?.invoke === "function") {
    const { invoke } = runnable;
    return { name: typeof runnable.name === "string" ? runnable.name : "", run: (state, runtime) => invoke.call(runnable, state, runtime) };
  }
  throw new GraphError("INVALID_GRAPH", `What chooses the way from "${from}" must be a function or a runnable, not ${kindOf(route)}.`);
}

function readEnds(from: string, ends: unknown): Readonly<Record<string, string>> | undefined {
  if (ends === undefined || ends === null) return undefined;
  const entries: readonly (readonly [string, unknown])[] | undefined = Array.isArray(ends)
    ? ends.map((end: unknown) => [typeof end === "string" ? end : "", end])
    : typeof ends === "object"
      ? Object.entries(ends)
      : undefined;
  const wrong = entries?.find(([, end]) => typeof end !== "string");
  if (entries !== undefined && wrong === undefined) return Object.fromEntries(entries) as Record<string, string>;
  throw new GraphError(
    "INVALID_GRAPH",
    `The ways from "${from}" must be a list of nodes, or a map from what the function returns to nodes; ${wrong === undefined ? kindOf(ends) : `${kindOf(wrong[1])} is none`}.`,
  );
}
