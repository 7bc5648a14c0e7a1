const MARGIN = { left: 64, right: 112, top: 26, bottom: 40 };
const AXIS = "#9ca3af";
const TEXT = "#374151";

/** Draws lines over two logarithmic axes, each with its name at its end. Gives the SVG of a group. */
export function drawPanel({ x, width, height, title, series }) {
  const drawn = series.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return "";
  const all = drawn.flatMap(({ points }) => points);
  const across = scale(
    all.map(([value]) => value),
    MARGIN.left,
    width - MARGIN.right,
  );
  const up = scale(
    all.map(([, value]) => value),
    height - MARGIN.bottom,
    MARGIN.top,
  );
  const bottom = height - MARGIN.bottom;
  const xTicks = [...new Set(all.map(([value]) => value))].sort((a, b) => a - b);
  const parts = [
    `<text x="${MARGIN.left}" y="14" font-weight="600" fill="${TEXT}">${title}</text>`,
    ...powersOfTen(up.least, up.most).map((value) => yTick(value, up.at(value), width)),
    ...xTicks.map((value) => xTick(value, across.at(value), bottom)),
    `<line x1="${MARGIN.left}" y1="${bottom}" x2="${width - MARGIN.right}" y2="${bottom}" stroke="${AXIS}"/>`,
    ...labelPlaces(drawn, up).map((line) => drawLine(line, across, up)),
  ];
  return `<g transform="translate(${x} 0)">\n${parts.join("\n")}\n</g>`;
}

function scale(values, from, to) {
  const least = Math.min(...values) / 1.15;
  const most = Math.max(...values) * 1.15;
  const at = (value) => from + ((Math.log(value) - Math.log(least)) / (Math.log(most) - Math.log(least))) * (to - from);
  return { least, most, at };
}

function powersOfTen(least, most) {
  const first = Math.ceil(Math.log10(least));
  const count = Math.floor(Math.log10(most)) - first + 1;
  return Array.from({ length: count }, (_, index) => 10 ** (first + index));
}

/** Where each line's name stands: at its end, but not over another one. */
function labelPlaces(series, up) {
  const placed = series.map((one) => ({ ...one, y: up.at(one.points.at(-1)[1]) })).sort((a, b) => a.y - b.y);
  for (let index = 1; index < placed.length; index++) placed[index].y = Math.max(placed[index].y, placed[index - 1].y + 15);
  return placed;
}

const round = (value) => value.toFixed(1);

function drawLine({ points, label, color, dashes = "none", y }, across, up) {
  const path = points.map(([px, py], index) => `${index === 0 ? "M" : "L"}${round(across.at(px))} ${round(up.at(py))}`).join(" ");
  const dots = points.map(([px, py]) => `<circle cx="${round(across.at(px))}" cy="${round(up.at(py))}" r="3" fill="${color}"/>`).join("");
  const end = across.at(points.at(-1)[0]);
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dashes}"/>${dots}<text x="${round(end + 8)}" y="${round(y + 4)}" fill="${color}" font-weight="600">${label}</text>`;
}

const yTick = (value, y, width) =>
  `<line x1="${MARGIN.left}" y1="${round(y)}" x2="${width - MARGIN.right}" y2="${round(y)}" stroke="#e5e7eb"/><text x="${MARGIN.left - 8}" y="${round(y + 4)}" text-anchor="end" fill="${TEXT}">${value.toLocaleString("en", { maximumFractionDigits: 4 })}</text>`;

const xTick = (value, x, bottom) =>
  `<line x1="${round(x)}" y1="${bottom}" x2="${round(x)}" y2="${bottom + 4}" stroke="${AXIS}"/><text x="${round(x)}" y="${bottom + 18}" text-anchor="middle" fill="${TEXT}">${value.toLocaleString("en")}</text>`;
