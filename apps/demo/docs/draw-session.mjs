// Draws docs/session.svg from a real session: node docs/draw-session.mjs (after a build, in apps/demo).
// The program is killed with SIGKILL at the gate and started again, as the picture shows.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "holdpoint-picture-"));

const ESCAPE = "\u001b";
const COLOUR_CODE = new RegExp(`(${ESCAPE}\\[\\d+m)`);
const PROMPT = new RegExp(`› (?:${ESCAPE}\\[39m)?$`);

/** Runs the program, answering each prompt with the next line; with no line left, kills it or lets it end. */
function session(lines, end) {
  return new Promise((resolve) => {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [main, "--interactive"], { cwd: folder, env: { PATH, HOME, FORCE_COLOR: "1" } });
    let output = "";
    let mark = 0;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (!PROMPT.test(output.slice(mark))) return;
      mark = output.length;
      const line = lines.shift();
      if (line !== undefined) child.stdin.write(`${line}\n`);
      else if (end === "kill") child.kill("SIGKILL");
      else child.stdin.end();
    });
    child.on("close", () => resolve(output.trimEnd()));
  });
}

const COLOURS = { 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 36: "#79c0ff" };
const escapeXml = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

/** One line of terminal output as SVG text; `state` carries colours over line ends. */
function drawLine(line, state) {
  let drawn = "";
  for (const part of line.split(COLOUR_CODE)) {
    const code = part.startsWith(ESCAPE) ? Number(part.slice(2, -1)) : Number.NaN;
    if (Number.isNaN(code)) {
      if (part === "") continue;
      const look = [state.colour && `fill="${state.colour}"`, state.bold && 'font-weight="bold"', state.faint && 'opacity="0.6"']
        .filter(Boolean)
        .join(" ");
      drawn += `<tspan${look === "" ? "" : ` ${look}`}>${escapeXml(part)}</tspan>`;
    } else if (code === 22) Object.assign(state, { bold: false, faint: false });
    else if (code === 1) state.bold = true;
    else if (code === 2) state.faint = true;
    else state.colour = COLOURS[code];
  }
  return drawn;
}

const command = "\u001b[2m$\u001b[22m npm run demo";
const first = await session(["Book the McKittrick Hotel from 12 to 14 March for Ada Lovelace"], "kill");
const second = await session(["e", "", "", "", "Grace Hopper", "a"], "end");
rmSync(folder, { recursive: true });

const lines = [
  command,
  ...first.split("\n"),
  "\u001b[31mKilled\u001b[39m  \u001b[2m(kill -9 from elsewhere)\u001b[22m",
  "",
  command,
  ...second.split("\n"),
];
const [size, leading, padding] = [14, 19, 18];
const width = Math.ceil(81 * size * 0.602) + 2 * padding;
const height = lines.length * leading + 2 * padding;
const state = {};
const text = lines.map(
  (line, index) => `<text x="${padding}" y="${Math.round(padding + (index + 0.8) * leading)}">${drawLine(line, state)}</text>`,
);
writeFileSync(
  new URL("./session.svg", import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A session of the demo in a terminal">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" fill="#e6edf3" xml:space="preserve" style="white-space:pre">
${text.join("\n")}
</g>
</svg>
`,
);
