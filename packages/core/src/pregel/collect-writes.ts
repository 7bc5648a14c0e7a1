import { BRANCH_PREFIX, END, OVERWRITE_PREFIX, TASKS } from "../constants.js";
import { Command } from "../control/command.js";
import { Overwrite } from "../control/overwrite.js";
import { Send } from "../control/send.js";
import { GraphError } from "../errors.js";
import type { Packet, Write } from "./graph-state.js";
import type { Exits, Program } from "./program.js";

/** What a node's result says: writes for this graph, or a command for the graph around it. */
export type NodeResult =
  | { readonly kind: "writes"; readonly writes: Write[] }
  | { readonly kind: "parent-command"; readonly command: Command };

/**
 * Reads what a node returned: nothing, an update, a `Command`, or a list of updates and commands.
 * @throws GraphError INVALID_GRAPH_NODE_RETURN_VALUE, UNKNOWN_NODE
 */
export function collectWrites(program: Program, node: string, result: unknown): NodeResult {
  const writes: Write[] = [];
  for (const part of Array.isArray(result) ? result : [result]) {
    if (part instanceof Command) {
      if (part.graph === Command.PARENT) return { kind: "parent-command", command: part };
      commandWrites(program, part, writes);
    } else if (part !== null && part !== undefined) {
      if (typeof part !== "object" || Array.isArray(part) || part instanceof Send) throw invalidResult(node, part);
      updateWrites(program, Object.entries(part), writes);
    }
  }
  return { kind: "writes", writes };
}

/** The writes of a command for this graph: its update, then where it goes. */
export function commandWrites(program: Program, command: Command, writes: Write[] = []): Write[] {
  const { update, goto } = command;
  if (update !== undefined && update !== null) updateWrites(program, Array.isArray(update) ? update : Object.entries(update), writes);
  for (const target of goto) writes.push(...destinationWrites(program, target));
  return writes;
}

// Keys that the state does not have are left out, as in LangGraph: a subgraph's result may hold more than its parent keeps.
function updateWrites(program: Program, entries: readonly (readonly [string, unknown])[], writes: Write[]): void {
  for (const [key, value] of entries) {
    if (!(key in program.channels)) continue;
    if (value instanceof Overwrite) writes.push([OVERWRITE_PREFIX + key, value.value]);
    else if (value !== undefined) writes.push([key, value]);
  }
}

/** The write that makes a node, or a `Send`, run next; none for END. */
export function destinationWrites(program: Program, target: unknown): Write[] {
  if (target === END) return [];
  if (target instanceof Send) {
    requireNode(program, target.node, "a Send");
    return [[TASKS, { node: target.node, args: target.args } satisfies Packet]];
  }
  requireNode(program, target, "goto or a conditional edge");
  return [[BRANCH_PREFIX + String(target), null]];
}

/** The writes of a node's plain and fan-in edges. */
export function exitWrites(exits: Exits, from: string): Write[] {
  const writes: Write[] = exits.edges.map((target) => [BRANCH_PREFIX + target, null]);
  for (const join of exits.joins) writes.push([join, from]);
  return writes;
}

function requireNode(program: Program, name: unknown, where: string): void {
  if (typeof name === "string" && program.nodes.has(name)) return;
  throw new GraphError(
    "UNKNOWN_NODE",
    `The destination ${JSON.stringify(name)} of ${where} is no node of the graph "${program.name}". It has: ${[...program.nodes.keys()].join(", ")}.`,
  );
}

function invalidResult(node: string, part: unknown): GraphError {
  const got = part instanceof Send ? "a Send" : Array.isArray(part) ? "a list" : typeof part;
  return new GraphError(
    "INVALID_GRAPH_NODE_RETURN_VALUE",
    `Node "${node}" returned ${got}. Return an object with state keys, a Command, a list of these, or nothing. (A Send goes into Command({ goto }) or a conditional edge.)`,
  );
}
