/** Starts a key that had to be escaped. */
const ESCAPE = "\u0001";

// Databases cut text at NUL or refuse it, and lone surrogates have no form in UTF-8: two different thread ids could become one.
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Turns any string into text that every database stores as it is; most strings stay as they are. Two strings never become one. */
export function toKeyText(key: string): string {
  return UNSTORABLE.test(key) || key.startsWith(ESCAPE) ? ESCAPE + JSON.stringify(key) : key;
}

/** Undoes {@link toKeyText}. */
export function fromKeyText(text: string): string {
  return text.startsWith(ESCAPE) ? (JSON.parse(text.slice(ESCAPE.length)) as string) : text;
}
