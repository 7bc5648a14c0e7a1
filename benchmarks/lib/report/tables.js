import { targets } from "../targets.js";
import { exponents, micros, range, times, whole } from "./numbers.js";

const line = (cells) => `| ${cells.join(" | ")} |`;
const met = (value) => (value === undefined ? "" : value ? "yes" : "**no**");
const rowsOf = (rows, id) => rows.filter(({ target, skipped }) => target === id && skipped === undefined);

/** A row for each target: the ratios of its workloads, from the least to the greatest, and whether all of them meet it. */
export function targetTable(rows, figures) {
  const cells = Object.entries(targets).map(([id, target]) => {
    const measured = rowsOf(rows, id);
    if (measured.length === 0) return [target.title, "", peerLimit(target), "", handLimit(target), "not measured"];
    return [
      target.title,
      range(
        measured.map(({ peer }) => peer),
        times,
      ),
      peerLimit(target),
      range(
        measured.map(({ hand }) => hand),
        times,
      ),
      handLimit(target),
      met(measured.every(({ missed }) => missed.length === 0)),
    ];
  });
  const others = figures.map(({ title, toPeer, peerTarget, met: isMet }) => [title, toPeer, peerTarget, "", "", met(isMet)]);
  return [
    line(["what", "cheaper than LangGraph", "at least", "dearer than by hand", "at most", "met"]),
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...[...cells, ...others].map(line),
  ];
}

const peerLimit = ({ peer }) => (peer === undefined ? "" : `${peer}x`);
const handLimit = ({ hand, handBytes }) =>
  [hand === undefined ? undefined : `${hand}x`, handBytes === undefined ? undefined : `${handBytes}x bytes`].filter(Boolean).join(", ");

/** All workloads, in the order in which they ran. */
export function workloadTable(rows) {
  return [
    line([
      "workload",
      "saver",
      "µs",
      "LangGraph's",
      "by hand",
      "cheaper than LangGraph",
      "dearer than by hand",
      "bytes",
      "LangGraph's",
      "by hand",
      "misses",
    ]),
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ...rows.map((row) =>
      row.skipped === undefined ? workloadLine(row) : line([row.name, row.saver, row.skipped, ...Array.from({ length: 8 }, () => "")]),
    ),
  ];
}

function workloadLine({ name, saver, unitName, microseconds, peer, peerLeftOut, hand, bytes, missed }) {
  const leftOut = peerLeftOut ? "left out" : "";
  return line([
    name,
    saver,
    `${micros(microseconds.holdpoint)} a ${unitName}`,
    micros(microseconds.langgraph) || leftOut,
    micros(microseconds.byHand),
    times(peer),
    times(hand),
    whole(bytes.holdpoint),
    whole(bytes.langgraph),
    whole(bytes.byHand),
    missed.join(", "),
  ]);
}

export function growthTable(growth) {
  return [
    line(["what grows", "over", "exponent of time", "LangGraph's", "by hand", "exponent of bytes", "LangGraph's", "at most", "met"]),
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ...growth.map((row) =>
      line([
        row.name,
        `${row.from.toLocaleString("en")} – ${row.to.toLocaleString("en")}`,
        exponents(row.time),
        exponents(row.timeOfPeer),
        exponents(row.timeByHand),
        exponents(row.bytes),
        exponents(row.bytesOfPeer),
        exponents(row.limit),
        met(row.met),
      ]),
    ),
  ];
}

/** Each figure's own table, under its heading. */
export const figureTables = (figures) =>
  figures
    .filter(({ table }) => table !== undefined)
    .flatMap(({ heading, table }) => [`### ${heading}`, table.map((row, index) => (index === 1 ? row.join("") : line(row))).join("\n")]);
