const SEGMENTS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Pictures and East Asian characters take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\ufe0f/u;

/** Cuts text into what stands in one place on the screen. */
export const graphemes = (text: string): string[] => Array.from(SEGMENTS.segment(text), ({ segment }) => segment);

/** Columns that text without control characters takes on a terminal. */
export function displayWidth(text: string): number {
  // Most text is ASCII, and a column a character.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return graphemes(text).reduce((width, grapheme) => width + (WIDE.test(grapheme) ? 2 : 1), 0);
}
