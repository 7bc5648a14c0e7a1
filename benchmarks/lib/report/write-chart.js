import { writeFileSync } from "node:fs";
import { drawPanel } from "./draw-panel.js";

const FILE = new URL("../../growth.svg", import.meta.url);
const WIDTH = 880;
const HEIGHT = 340;

const CONTENDERS = [
  { key: "langgraph", label: "LangGraph JS", color: "#c2410c" },
  { key: "holdpoint", label: "Holdpoint", color: "#1d4ed8" },
  { key: "byHand", label: "written by hand", color: "#6b7280", dashes: "2 4" },
];

/** Draws how time and bytes grow with a conversation on SQLite, each step committed, into benchmarks/growth.svg. */
export function writeChart(rows) {
  const measured = rows.filter(({ growth, saver }) => growth?.name === "conversation" && saver === "SQLite, sync");
  const series = (readValue) =>
    CONTENDERS.map(({ key, ...rest }) => ({
      ...rest,
      points: measured.map((row) => [row.growth.x, readValue(row, key)]).filter(([, y]) => y > 0),
    }));
  const seconds = series(({ microseconds, unit }, key) => (microseconds[key] * unit) / 1e6);
  const megabytes = series(({ bytes, unit }, key) => (bytes[key] * unit) / 1e6);
  const half = WIDTH / 2;
  const panels = [
    drawPanel({ x: 0, width: half, height: HEIGHT, title: "Seconds", series: seconds }),
    drawPanel({ x: half, width: half, height: HEIGHT, title: "Megabytes", series: megabytes }),
  ];
  writeFileSync(FILE, svg(panels));
}

const svg = (
  panels,
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT + 44}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Time and bytes of a growing conversation, Holdpoint, LangGraph JS and a hand-written loop">
<rect width="${WIDTH}" height="${HEIGHT + 44}" fill="#ffffff"/>
<text x="16" y="26" font-size="15" font-weight="600" fill="#111827">A conversation of so many messages of 1 kB, saved in SQLite after each step (both axes logarithmic)</text>
<g transform="translate(0 40)">
${panels.join("\n")}
</g>
</svg>
`;
