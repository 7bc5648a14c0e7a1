/** Control characters, and those that reorder, hide or take no room. Line feeds and tabs aside. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text safe to show to somebody who decides by it: a model or a tool cannot move the cursor, change colours, or hide a part.
 * Emoji keep the joiners that they are made of.
 */
export const printable = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(UNPRINTABLE, (character, index: number) => (isJoiner(text, character, index) ? character : escaped(character)));

/** The same on one line: line feeds and tabs become visible too. */
export const printableLine = (text: string): string => printable(text).replace(/[\n\t]/g, escaped);

const NAMES: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t" };

const escaped = (character: string): string => NAMES[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** A zero-width joiner between two pictures makes one of them. */
const isJoiner = (text: string, character: string, index: number): boolean =>
  character === "\u200d" &&
  /\p{Extended_Pictographic}\ufe0f?$/u.test(text.slice(Math.max(0, index - 4), index)) &&
  /^\p{Extended_Pictographic}/u.test(text.slice(index + 1, index + 3));
