import { isBranded } from "@holdpoint/checkpoint";

const BRAND = Symbol.for("holdpoint.NodeError");

/** What an `errorHandler` is told: which node failed, and with what. No error itself. */
export class NodeError {
  readonly node: string;
  /** What was thrown. After a pause of the handler, an error with the same name, message and code. */
  readonly error: Error;

  constructor(node: string, error: Error) {
    this.node = node;
    this.error = error;
  }
}
Object.defineProperty(NodeError.prototype, BRAND, { value: true });

/** Tells what an `errorHandler` is told from anything else; holds across duplicate installs. */
export const isNodeError = (value: unknown): value is NodeError => isBranded(value, BRAND);
