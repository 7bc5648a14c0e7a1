import { micros, times, whole } from "./numbers.js";

/** Shows a row on the terminal as soon as it is measured. */
export function printRow(row) {
  const title = `${row.name} [${row.saver}]`.padEnd(68);
  if (row.skipped !== undefined) return console.log(`${title} left out: ${row.skipped}`);
  const { microseconds, bytes } = row;
  const parts = [
    `${micros(microseconds.holdpoint)} µs a ${row.unitName}`,
    row.peer === undefined ? "without the peer" : `peer ${times(row.peer)}`,
    `hand ${times(row.hand)}`,
    bytes.holdpoint === undefined
      ? undefined
      : `bytes ${[bytes.holdpoint, bytes.langgraph, bytes.byHand].map((value) => whole(value) || "–").join(" / ")}`,
    row.missed.length === 0 ? undefined : `misses: ${row.missed.join(", ")}`,
  ];
  console.log(`${title} ${parts.filter((part) => part !== undefined).join(", ")}`);
}
