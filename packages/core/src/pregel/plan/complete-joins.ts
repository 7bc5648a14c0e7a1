import { START } from "../../constants.js";
import type { Control } from "../model/graph-state.js";
import type { Program } from "../model/program.js";

/** Nodes that are due because all nodes of a fan-in edge have run: they will not run again for it. Nothing where somebody acts for START, which begins anew. */
export function heldNodes(program: Program, control: Control, acting: readonly string[]): readonly string[] {
  if (acting.includes(START)) return [];
  const targets = completeJoins(program, control).map((join) => program.joins[join]!.target);
  return [...new Set(targets)].filter((name) => !acting.includes(name));
}

/** The complete fan-in edges of which the target stays due. */
export const joinsThatHold = (program: Program, control: Control, due: readonly string[]): readonly string[] =>
  completeJoins(program, control).filter((join) => due.includes(program.joins[join]!.target));

/** The fan-in edges whose target is due because of them. A node that ran last wrote to its edges: one that does not gather any more was complete. */
function completeJoins({ joins }: Program, { nodes, ran = [], joins: gathering, complete = [] }: Control): readonly string[] {
  const wereComplete = Object.entries(joins).filter(
    ([name, { barrier, target }]) =>
      nodes.includes(target) && !(name in gathering) && (complete.includes(name) || barrier.names.some((node) => ran.includes(node))),
  );
  return wereComplete.map(([name]) => name);
}
