import { isBranded } from "@holdpoint/checkpoint";
import { recogniseBy } from "../../recognise-by.js";

const BRAND = Symbol.for("holdpoint.NodeError");

/** What an error handler is told of a node that failed for good: its name, and what it threw. */
export class NodeError {
  readonly node: string;
  readonly error: Error;

  constructor(node: string, error: Error) {
    this.node = node;
    this.error = error;
  }

  /** By this LangGraph's own code knows it too. */
  static get unminifiable_name(): string {
    return "NodeError";
  }
}
Object.defineProperty(NodeError.prototype, BRAND, { value: true });

/** Tells a `NodeError` from any other value; holds across duplicate installs. */
export const isNodeError = (value: unknown): value is NodeError => isBranded(value, BRAND);

recogniseBy(NodeError, isNodeError);
