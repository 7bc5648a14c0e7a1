import { exponent } from "./statistics.js";
import { targets } from "./targets.js";

/**
 * Exponents with which time and bytes grow over the workloads that differ in length alone, by name and saver. The shortest are left out: there
 * the fixed price of a run counts, and hides how its steps grow.
 */
export function growthOf(rows) {
  const families = groupBy(rows.filter(isMeasured), familyOf);
  return [...families.values()].map(familyGrowth).filter((growth) => growth !== undefined);
}

const SHORTEST = 100;
const isMeasured = ({ growth, skipped }) => growth !== undefined && skipped === undefined && growth.x >= SHORTEST;
const familyOf = ({ growth, saver }) => `${growth.name}, ${saver === "none" ? "no saver" : saver}`;

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function familyGrowth(rows) {
  if (rows.length < 2) return undefined;
  const fit = (readValue) => {
    const points = rows.map((row) => [row.growth.x, readValue(row) * row.unit]).filter(([, y]) => y > 0);
    return points.length > 1 ? exponent(points) : undefined;
  };
  const limit = rows.map(({ target }) => targets[target].growth).find((one) => one !== undefined);
  const time = fit(({ microseconds }) => microseconds.holdpoint);
  // Heap that stays is too noisy for an exponent of short runs; the bytes of a file are exact.
  const isFile = rows[0].saver.startsWith("SQLite");
  const bytes = isFile ? fit(({ bytes: counted }) => counted.holdpoint) : undefined;
  return {
    name: familyOf(rows[0]),
    from: rows[0].growth.x,
    to: rows.at(-1).growth.x,
    time,
    timeOfPeer: fit(({ microseconds }) => microseconds.langgraph),
    timeByHand: fit(({ microseconds }) => microseconds.byHand),
    bytes,
    bytesOfPeer: isFile ? fit(({ bytes: counted }) => counted.langgraph) : undefined,
    limit,
    met: limit === undefined ? undefined : time <= limit && (bytes ?? 0) <= limit,
  };
}
