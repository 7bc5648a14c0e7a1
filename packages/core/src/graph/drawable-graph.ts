import { END, START } from "../constants.js";
import { type DrawnEdge, type DrawnNode, drawMermaid, type MermaidOptions } from "./mermaid.js";

/** A graph's shape, for pictures, in LangChain's form. */
export interface DrawableGraph {
  /** By id; `__start__` first, and `__end__` last where something leads to it. */
  readonly nodes: Readonly<Record<string, DrawnNode>>;
  readonly edges: readonly DrawnEdge[];
  /** The one node that no edge leads to; undefined where there are several, or none. */
  firstNode(): DrawnNode | undefined;
  /** The one node that no edge leads from. */
  lastNode(): DrawnNode | undefined;
  /** Gives a Mermaid flow chart: paste it into Markdown, or into mermaid.live. */
  drawMermaid(options?: MermaidOptions): string;
  toJSON(): { nodes: { id: string; type: "runnable" | "schema"; metadata?: unknown }[]; edges: DrawnEdge[] };
}

/** @param nodes without start and end */
export function drawableGraph(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): DrawableGraph {
  const end = edges.some(({ target }) => target === END) ? [{ id: END, name: END }] : [];
  const all = [{ id: START, name: START }, ...nodes, ...end];
  const shape = { nodes: all, edges, first: onlyOne(all, edges, "target"), last: onlyOne(all, edges, "source") };
  return {
    nodes: byId(all),
    edges,
    firstNode: () => shape.first,
    lastNode: () => shape.last,
    drawMermaid: (options) => drawMermaid(shape, options),
    toJSON: () => ({ nodes: all.map(asJson), edges: [...edges] }),
  };
}

/** With own keys only, so that a node named "__proto__" is one like any other. */
function byId(nodes: readonly DrawnNode[]): Record<string, DrawnNode> {
  return Object.fromEntries(nodes.map((node) => [node.id, node]));
}

function onlyOne(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[], side: "source" | "target"): DrawnNode | undefined {
  const taken = new Set(edges.map((edge) => edge[side]));
  const [found, ...more] = nodes.filter(({ id }) => !taken.has(id));
  return more.length === 0 ? found : undefined;
}

function asJson({ id, metadata }: DrawnNode) {
  const type = id === START || id === END ? ("schema" as const) : ("runnable" as const);
  return metadata === undefined ? { id, type } : { id, type, metadata };
}
