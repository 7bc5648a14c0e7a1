import { isBranded } from "@holdpoint/checkpoint";
import { recogniseBy } from "../../recognise-by.js";

/**
 * What leaves a node without being an error: a pause, or a command for the graph around. Code that catches it should throw it again
 * (`isGraphBubbleUp` tells it apart).
 */
export class GraphBubbleUp extends Error {
  /** By this LangGraph's own code knows it too. */
  declare readonly is_bubble_up: true;
}
Object.defineProperty(GraphBubbleUp.prototype, "is_bubble_up", { value: true });

/** Tells a pause, or a command for the graph around, on its way out of a node from an error: `catch (e) { if (isGraphBubbleUp(e)) throw e; … }`. */
export const isGraphBubbleUp = (value: unknown): value is GraphBubbleUp => isBranded(value, "is_bubble_up");

recogniseBy(GraphBubbleUp, isGraphBubbleUp);
