/** Text that a terminal takes for text: a thread's id may come from anybody. */
export function printable(text: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(text) && !text.startsWith('"') ? text : escaped(text);
}

/** A JSON text in which nothing acts on a terminal, nor turns the direction of writing. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}
