import { END, START } from "../constants.js";

/** One arrow of a drawn graph. */
export interface DrawnEdge {
  readonly source: string;
  readonly target: string;
  /** A way that is chosen as the graph runs. */
  readonly conditional: boolean;
  readonly label?: string;
}

/** A graph's shape, for pictures. */
export interface DrawableGraph {
  readonly nodes: readonly string[];
  readonly edges: readonly DrawnEdge[];
  /** Gives a Mermaid flow chart: paste it into Markdown, or into mermaid.live. */
  drawMermaid(): string;
}

export function drawableGraph(nodes: readonly string[], edges: readonly DrawnEdge[]): DrawableGraph {
  return { nodes, edges, drawMermaid: () => drawMermaid(nodes, edges) };
}

function drawMermaid(nodes: readonly string[], edges: readonly DrawnEdge[]): string {
  const ids = new Map([START, ...nodes, END].map((name, index) => [name, `n${index}`]));
  const box = (name: string) => {
    const label = name.replaceAll('"', "#quot;");
    return name === START || name === END ? `  ${ids.get(name)}(["${label}"])` : `  ${ids.get(name)}["${label}"]`;
  };
  const arrow = ({ source, target, conditional, label }: DrawnEdge) => {
    const line = conditional ? "-.->" : "-->";
    const text = label === undefined || label === target ? "" : `|"${label.replaceAll('"', "#quot;")}"|`;
    return `  ${ids.get(source)} ${line}${text} ${ids.get(target)}`;
  };
  return ["flowchart TD", ...[START, ...nodes, END].map(box), ...edges.map(arrow)].join("\n");
}
