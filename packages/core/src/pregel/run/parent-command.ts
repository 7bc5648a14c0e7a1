import { isBranded } from "@holdpoint/checkpoint";
import type { Command } from "../../control/command.js";
import { recogniseBy } from "../../recognise-by.js";
import { GraphBubbleUp } from "../model/graph-bubble-up.js";

const BRAND = Symbol.for("holdpoint.ParentCommand");

/** Carries a `Command` for the graph around out of a graph that was called as a function. */
export class ParentCommandSignal extends GraphBubbleUp {
  readonly command: Command;

  constructor(command: Command) {
    super("A Command for the graph around this one is on its way there. Code that catches this signal should throw it again.");
    this.name = "ParentCommand";
    this.command = command;
  }
}
Object.defineProperty(ParentCommandSignal.prototype, BRAND, { value: true });

/** Tells that signal from anything else that may be thrown. */
export const isParentCommand = (thrown: unknown): thrown is ParentCommandSignal => isBranded(thrown, BRAND);

recogniseBy(ParentCommandSignal, isParentCommand);
