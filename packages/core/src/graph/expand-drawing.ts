import { END, START } from "../constants.js";
import { type DrawableGraph, drawableGraph } from "./drawable-graph.js";
import type { DrawnEdge, DrawnNode } from "./mermaid.js";

/** Draws graphs that are nodes with what is in them: `outer:inner` in the place of `outer`. */
export function expandDrawing({ nodes, edges }: DrawableGraph, inside: ReadonlyMap<string, DrawableGraph>): DrawableGraph {
  const parts = new Map([...inside].map(([name, drawing]) => [name, insideOf(name, drawing)]));
  const around = edges.map((edge) => ({
    ...edge,
    source: parts.get(edge.source)?.last ?? edge.source,
    target: parts.get(edge.target)?.first ?? edge.target,
  }));
  return drawableGraph(
    withoutEnds(nodes).flatMap((node) => parts.get(node.id)?.nodes ?? [node]),
    [...[...parts.values()].flatMap((part) => part.edges), ...around],
  );
}

/** The inside of a node, and its two ends: the one node that it begins with, or a start of its own; the same for its end. */
function insideOf(name: string, { nodes, edges }: DrawableGraph) {
  const within = (inner: string) => `${name}:${inner}`;
  const begin = onlyEdge(edges, ({ source }) => source === START);
  const end = onlyEdge(edges, ({ target }) => target === END);
  const drawn = edges.filter((edge) => edge !== begin && edge !== end);
  const ends = (at: string, known: DrawnEdge | undefined): DrawnNode[] => (known === undefined ? [{ id: at, name: at }] : []);
  return {
    nodes: [...ends(START, begin), ...withoutEnds(nodes), ...ends(END, end)].map((node) => ({ ...node, id: within(node.id) })),
    edges: drawn.map((edge) => ({ ...edge, source: within(edge.source), target: within(edge.target) })),
    first: within(begin?.target ?? START),
    last: within(end?.source ?? END),
  };
}

const withoutEnds = (nodes: DrawableGraph["nodes"]): DrawnNode[] => Object.values(nodes).filter(({ id }) => id !== START && id !== END);

/** The edge of a sort, where it is the only one, and always taken. */
function onlyEdge(edges: readonly DrawnEdge[], isOne: (edge: DrawnEdge) => boolean): DrawnEdge | undefined {
  const [edge, ...more] = edges.filter(isOne);
  return edge?.conditional === false && more.length === 0 ? edge : undefined;
}
