import { slope } from "../lib/statistics.js";

/** Part of the readings, from the start, that do not count: until then code is compiled and caches fill. */
const WARM_UP = 0.3;
/** Growth over the readings that count which is no leak: part of the mean, and bytes. */
const ALLOWED = { heap: { part: 0.05, bytes: 1e6 }, resident: { part: 0.1, bytes: 20e6 } };

/** What is wrong after a soak, in words; nothing where nothing is. */
export function findLeaks(readings, before, after) {
  const counted = readings.slice(Math.floor(readings.length * WARM_UP));
  const leaks = [];
  for (const [what, allowed] of Object.entries(ALLOWED)) {
    const points = counted.map((reading) => [reading.seconds, reading[what]]);
    const duration = points.at(-1)[0] - points[0][0];
    const growth = slope(points) * duration;
    const mean = points.reduce((sum, [, bytes]) => sum + bytes, 0) / points.length;
    console.log(
      `${what}: ${(growth / 1e6).toFixed(2)} MB more over ${duration.toFixed(0)} s, at ${(mean / 1e6).toFixed(1)} MB on average.`,
    );
    if (growth > allowed.part * mean + allowed.bytes) leaks.push(`${what} grows`);
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [had, has] = [before[name] ?? 0, after[name] ?? 0];
    if (has > had) leaks.push(`${has - had} ${name} left over`);
  }
  return leaks;
}
