import { hashUuid } from "@holdpoint/checkpoint";
import { NAMESPACE_END, NAMESPACE_SEPARATOR } from "../../constants.js";
import type { NodeSpec } from "./program.js";

/** Where tasks are prepared: their ids follow from it, so that the same step of the same thread names its tasks alike in any process. */
export interface TaskScope {
  /** The checkpoint that the step starts from; any unique word where nothing is saved. */
  readonly checkpointId: string;
  readonly ns: string;
}

export type TaskPath = readonly ["__pregel_pull", string] | readonly ["__pregel_push", number];

/** One run of one node in one step. */
export class Task {
  readonly node: NodeSpec;
  readonly input: unknown;
  readonly path: TaskPath;
  /** Attempts at it that have begun. */
  attempts = 0;
  /** The checkpoint at which its step began, where `updateState` made another one in the middle of it. */
  since: string | undefined = undefined;
  readonly #scope: TaskScope;
  #id: string | undefined;
  #ns: string | undefined;

  constructor(node: NodeSpec, input: unknown, path: TaskPath, scope: TaskScope) {
    this.node = node;
    this.input = input;
    this.path = path;
    this.#scope = scope;
  }

  /** The same task of another node, as an error handler is: with an id of its own, so that it finds nothing that the first one did or was told. */
  of(node: NodeSpec): Task {
    const other = new Task(node, this.input, this.path, this.#scope);
    other.since = this.since;
    return other;
  }

  get name(): string {
    return this.node.name;
  }

  // Ids and namespaces are made when asked for: a run that neither saves nor nests needs none.
  get id(): string {
    this.#id ??= taskId(this.#scope, this.path, this.name);
    return this.#id;
  }

  get ns(): string {
    this.#ns ??= nestedNamespace(this.#scope.ns, this.name, this.id);
    return this.#ns;
  }

  // What it did is found under the same id at every checkpoint of its step; what it asks is asked anew at each.
  get resultId(): string {
    return this.since === undefined ? this.id : taskId({ checkpointId: this.since, ns: this.#scope.ns }, this.path, this.name);
  }

  get resultNs(): string {
    return this.since === undefined ? this.ns : nestedNamespace(this.#scope.ns, this.name, this.resultId);
  }

  get triggers(): readonly string[] {
    return this.path[0] === "__pregel_push" ? ["__pregel_push"] : [`branch:to:${this.name}`];
  }
}

/** A uuid that follows from the step and the task's place in it. */
export function taskId(scope: TaskScope, path: readonly (string | number)[], name: string): string {
  return hashUuid(JSON.stringify([scope.checkpointId, scope.ns, path, name]));
}

/** The namespace of what runs inside a task. */
export function nestedNamespace(ns: string, name: string, id: string): string {
  const level = `${name}${NAMESPACE_END}${id}`;
  return ns === "" ? level : `${ns}${NAMESPACE_SEPARATOR}${level}`;
}
