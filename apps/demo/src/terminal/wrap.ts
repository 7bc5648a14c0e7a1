import { displayWidth, graphemes } from "./display-width.js";

/** Breaks text into lines of at most `width` columns, between words where it can. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const piece of line.split(/(\s+)/)) {
    if (displayWidth(current + piece) <= width) {
      current += piece;
      continue;
    }
    if (current.trimEnd() !== "") lines.push(current.trimEnd());
    current = "";
    if (piece.trim() === "") continue;
    for (const grapheme of graphemes(piece)) {
      if (displayWidth(current + grapheme) > width && current !== "") {
        lines.push(current);
        current = "";
      }
      current += grapheme;
    }
  }
  lines.push(current.trimEnd());
  return lines;
}
