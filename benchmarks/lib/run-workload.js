import { measure } from "./measure.js";
import { median, ratio } from "./statistics.js";
import { storeKinds } from "./stores/store-kinds.js";
import { targets } from "./targets.js";

/** A workload's name as the command line and the report show it. */
export const titleOf = ({ name, kind }) => `${name} [${storeKinds[kind].title}]`;

/**
 * Measures one workload of a file. Gives a row of plain data.
 *
 * @param {{ number: number, workload: object, processes: Record<string, import("./contender-process.js").ContenderProcess> }} place
 */
export async function runWorkload({ number, workload, processes }, limits) {
  const { group, name, kind, unit, unitName = "step", target, growth, peerLeftOut = false, skipped } = workload;
  const row = { group, name, saver: storeKinds[kind].title, unit, unitName, target, growth, peerLeftOut };
  if (skipped !== undefined) return { ...row, skipped };
  const taking = Object.keys(await workload.contenders()).map((name) => [name, processes[name]]);
  const { holdpoint, langgraph, byHand } = await measure(Object.fromEntries(taking), number, limits);
  const bytes = (measured) => (measured?.bytes === undefined ? undefined : measured.bytes / unit);
  const perUnit = (measured) => (measured === undefined ? undefined : (median(measured.times) * 1000) / unit);
  const peer = langgraph === undefined ? undefined : ratio(langgraph.times, holdpoint.times);
  const hand = ratio(holdpoint.times, byHand.times);
  const missed = missedTargets(targets[target] ?? {}, {
    peer,
    hand,
    bytes: bytes(holdpoint),
    bytesByHand: bytes(byHand),
    isFile: holdpoint.bytes !== undefined && kind.startsWith("sqlite"),
  });
  return {
    ...row,
    rounds: holdpoint.times.length,
    microseconds: { holdpoint: perUnit(holdpoint), langgraph: perUnit(langgraph), byHand: perUnit(byHand) },
    bytes: { holdpoint: bytes(holdpoint), langgraph: bytes(langgraph), byHand: bytes(byHand) },
    peer,
    hand,
    missed,
  };
}

/** Heap that stays is too noisy for a verdict; bytes of a file are exact. */
function missedTargets(target, { peer, hand, bytes, bytesByHand, isFile }) {
  const missed = [];
  if (target.peer !== undefined && peer !== undefined && peer < target.peer) missed.push("peer");
  if (target.hand !== undefined && hand > target.hand) missed.push("hand");
  if (target.handBytes !== undefined && isFile && bytes > target.handBytes * bytesByHand) missed.push("bytes");
  return missed;
}
