import { countTypes } from "./count-types.js";

/** What both use of LangChain is counted alone, and told beside the whole. */
export async function typeFigures() {
  const [ours, peer, ourGraph, peerGraph, shared] = [
    "holdpoint-agent",
    "langgraph-agent",
    "holdpoint-graph",
    "langgraph-graph",
    "shared-part",
  ].map(countTypes);
  const times = (theirs, own, both = 0) => (theirs.instantiations - both) / (own.instantiations - both);
  const own = times(peer, ours, shared.instantiations);
  const row = (title, { instantiations, types, files }) => [
    title,
    ...[instantiations, types, files].map((value) => value.toLocaleString("en")),
  ];
  return [
    {
      title: "type-check of an agent file: instantiations",
      heading: "Types",
      toPeer: `${own.toFixed(1)}x`,
      peerTarget: "5x",
      met: own >= 5,
      text: `LangGraph takes ${own.toFixed(2)}x as many without what both use of LangChain, ${times(peer, ours).toFixed(2)}x with it; ${times(peerGraph, ourGraph).toFixed(2)}x for a graph without an agent in it`,
      table: [
        ["the same file (`figures/types/`)", "instantiations", "types", "files"],
        ["| --- | ---: | ---: | ---: |"],
        row("a graph with an agent in it: Holdpoint", ours),
        row("LangGraph", peer),
        row("what both use of LangChain, alone", shared),
        row("the graph without the agent: Holdpoint", ourGraph),
        row("LangGraph", peerGraph),
      ],
    },
  ];
}
typeFigures.word = "types";
