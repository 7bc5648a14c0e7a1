import { micros, whole } from "./numbers.js";
import { machine } from "./versions.js";

const line = (cells) => `| ${cells.join(" | ")} |`;

const SHAPES = [
  { shape: "loop", title: "A small state: one number that counts the steps" },
  { shape: "conversation", title: "A growing state: a conversation, one message of 1 kB a step" },
];

/** The text of docs/growth.md. */
export function growthPage(rows) {
  const parts = SHAPES.map(({ shape, title }) => {
    const measured = rows.filter(({ growth }) => growth.name === shape);
    return `## ${title}\n\n${table(measured).join("\n")}`;
  });
  return `# How a thread grows

Made by \`npm run growth\`. What one more step costs on threads of different lengths: it should be the same at the 10,000th step as at the 100th. Each
step is saved before the next one starts. Bytes are those of the database's files, or of the heap that stays. The hand-written loop appends to a log.

${machine()} Absolute times differ from machine to machine; how they change from one length to the next does not.

${parts.join("\n\n")}

Why it stays flat: a step is stored as what it changed, found by identity ([decision 0008](decisions/0008-a-checkpoint-is-one-row.md)), with a
snapshot whenever the changes since the last one outweigh it. At 10,000 steps LangGraph was left out: it stores the whole state with each step.
`;
}

function table(rows) {
  return [
    line(["saver", "steps", "µs a step", "LangGraph", "by hand", "bytes a step", "LangGraph", "by hand"]),
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.filter(({ skipped }) => skipped === undefined).map(tableLine),
  ];
}

const tableLine = ({ saver, unit, microseconds, bytes, peerLeftOut }) =>
  line([
    saver,
    unit.toLocaleString("en"),
    micros(microseconds.holdpoint),
    peerLeftOut ? "–" : micros(microseconds.langgraph),
    micros(microseconds.byHand),
    whole(bytes.holdpoint),
    peerLeftOut ? "–" : whole(bytes.langgraph),
    whole(bytes.byHand),
  ]);
