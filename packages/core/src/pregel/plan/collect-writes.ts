import { END, OVERWRITE_PREFIX, TASKS } from "../../constants.js";
import { CLASS_NAME } from "../../control/class-name.js";
import { Command, toCommand } from "../../control/command.js";
import { isOverwrite } from "../../control/overwrite.js";
import { toSend } from "../../control/send.js";
import { GraphError } from "../../errors.js";
import type { Packet, Write } from "../model/graph-state.js";
import type { NodeSpec, Program } from "../model/program.js";
import { joinParentCommands } from "./join-parent-commands.js";
import { LOST_CLASSES } from "./lost-class.js";
import { updatePairs } from "./update-pairs.js";

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
  if (!Array.isArray(result)) return collectPart(program, node, result, writes) ?? { kind: "writes", writes };
  const leaving = result.flatMap((part) => collectPart(program, node, part, writes)?.command ?? []);
  const [first, ...others] = leaving;
  return first === undefined ? { kind: "writes", writes } : { kind: "parent-command", command: joinParentCommands([first, ...others]) };
}

type ForParent = Extract<NodeResult, { readonly kind: "parent-command" }>;

function collectPart(program: Program, node: string, part: unknown, writes: Write[]): ForParent | undefined {
  if (part === null || part === undefined) return undefined;
  const command = toCommand(part);
  if (command !== undefined) {
    if (command.graph === Command.PARENT) {
      // What does not fit is the fault of this node, and shows before anything is saved of it.
      updatePairs(command.update);
      return { kind: "parent-command", command };
    }
    commandWrites(program, command, writes);
    return undefined;
  }
  if (typeof part !== "object" || Array.isArray(part) || toSend(part) !== undefined) throw invalidResult(node, part);
  for (const key of Object.keys(part)) addUpdate(program, key, (part as Record<string, unknown>)[key], writes, node);
  return undefined;
}

/** The writes of a command for this graph: its update, then where it goes. */
export function commandWrites(program: Program, command: Command, writes: Write[] = []): Write[] {
  const { update, goto } = command;
  for (const [key, value] of updatePairs(update)) addUpdate(program, key, value, writes);
  for (const target of goto) addDestination(program, target, writes);
  return writes;
}

// Keys that the state does not have are left out, as in LangGraph: a subgraph's result may hold more than its parent keeps.
function addUpdate(program: Program, key: string, value: unknown, writes: Write[], node?: string): void {
  if (!(key in program.channels)) {
    if (key === CLASS_NAME && node !== undefined && LOST_CLASSES.has(value)) throw lostClass(node, value);
    return;
  }
  if (isOverwrite(value)) writes.push([OVERWRITE_PREFIX + key, value.value]);
  else if (value !== undefined || program.channels[key]?.clears === true) writes.push([key, value]);
}

/** Adds the write that makes a node, or a `Send`, run next; none for END. */
export function addDestination(program: Program, target: unknown, writes: Write[]): void {
  if (target === END) return;
  const send = typeof target === "string" ? undefined : toSend(target);
  if (send !== undefined) {
    requireNode(program, send.node, "a Send");
    writes.push([TASKS, { node: send.node, args: send.args } satisfies Packet]);
  } else writes.push(requireNode(program, target, "goto or a conditional edge").entry);
}

function requireNode(program: Program, name: unknown, where: string): NodeSpec {
  const node = typeof name === "string" ? program.nodes.get(name) : undefined;
  if (node !== undefined) return node;
  throw new GraphError(
    "UNKNOWN_NODE",
    `The destination ${describe(name)} of ${where} is no node of the graph "${program.name}". It has: ${[...program.nodes.keys()].join(", ")}.`,
  );
}

/** Names a destination in a message. An object is none, and its content is nobody's business there. */
function describe(name: unknown): string {
  if (typeof name === "string") return JSON.stringify(name);
  if (typeof name !== "object" || name === null) return String(name);
  return "node" in name
    ? "that is an object with a node, but no Send (after JSON: make it anew, new Send(node, args)), "
    : "that is an object";
}

function lostClass(node: string, name: unknown): GraphError {
  return new GraphError(
    "INVALID_GRAPH_NODE_RETURN_VALUE",
    `Node "${node}" returned a ${name} that has lost its class, as JSON and structuredClone lose it. Make it anew: new ${name}(…).`,
  );
}

function invalidResult(node: string, part: unknown): GraphError {
  const got = typeof part === "object" && !Array.isArray(part) ? "a Send" : Array.isArray(part) ? "a list" : typeof part;
  return new GraphError(
    "INVALID_GRAPH_NODE_RETURN_VALUE",
    `Node "${node}" returned ${got}. Return an object with state keys, a Command, a list of these, or nothing. (A Send goes into Command({ goto }) or a conditional edge.)`,
  );
}
