// MurmurHash3 x86 128 (Austin Appleby, public domain) over the UTF-16 code units of a text, low byte first, so that every
// JavaScript string has a hash of its own, lone surrogates included. Not for secrets: collisions can be made on purpose.

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** Hashes a text to 128 bits, as 32 lower-case hex digits. Fast and well mixed; not cryptographic. */
export function hash128(text: string): string {
  const [a, b, c, d] = hashWords(text);
  return hex(a) + hex(b) + hex(c) + hex(d);
}

/** Hashes a text to the shape of a uuid: {@link hash128} with the version (5) and variant bits set. */
export function hashUuid(text: string): string {
  const [a, b, c, d] = hashWords(text);
  const third = (c & 0x3fffffff) | 0x80000000;
  return `${hex(a)}-${half(b >>> 16)}-${half((b & 0x0fff) | 0x5000)}-${half(third >>> 16)}-${half(third)}${hex(d)}`;
}

/** Hex digits of each byte: looked up, they cost a fifth of what `toString(16)` does. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const half = (word: number): string => `${BYTES[(word >>> 8) & 255]}${BYTES[word & 255]}`;
const hex = (word: number): string => half(word >>> 16) + half(word);

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function finish(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const mixA = (word: number) => Math.imul(rotate(Math.imul(word, C1), 15), C2);
const mixB = (word: number) => Math.imul(rotate(Math.imul(word, C2), 16), C3);
const mixC = (word: number) => Math.imul(rotate(Math.imul(word, C3), 17), C4);
const mixD = (word: number) => Math.imul(rotate(Math.imul(word, C4), 18), C1);

function hashWords(text: string): [number, number, number, number] {
  const length = text.length;
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    a = (Math.imul(rotate(a ^ mixA(word(text, at)), 19) + b, 5) + 0x561ccd1b) | 0;
    b = (Math.imul(rotate(b ^ mixB(word(text, at + 2)), 17) + c, 5) + 0x0bcaa747) | 0;
    c = (Math.imul(rotate(c ^ mixC(word(text, at + 4)), 15) + d, 5) + 0x96cd1c35) | 0;
    d = (Math.imul(rotate(d ^ mixD(word(text, at + 6)), 13) + a, 5) + 0x32ac3b17) | 0;
  }
  if (at < length) {
    a ^= mixA(lastWord(text, at));
    b ^= mixB(lastWord(text, at + 2));
    c ^= mixC(lastWord(text, at + 4));
    d ^= mixD(lastWord(text, at + 6));
  }
  return finishWords(a, b, c, d, length * 2);
}

/** Two code units. */
const word = (text: string, at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);

/** What is left of two code units, padded with zeros. Apart from `word`, since a read past the end makes the engine give up its quick code. */
const lastWord = (text: string, at: number): number =>
  (at < text.length ? text.charCodeAt(at) : 0) | (at + 1 < text.length ? text.charCodeAt(at + 1) << 16 : 0);

function finishWords(a: number, b: number, c: number, d: number, bytes: number): [number, number, number, number] {
  let [w, x, y, z] = [a ^ bytes, b ^ bytes, c ^ bytes, d ^ bytes];
  w = (w + x + y + z) | 0;
  [x, y, z] = [(x + w) | 0, (y + w) | 0, (z + w) | 0];
  [w, x, y, z] = [finish(w), finish(x), finish(y), finish(z)];
  w = (w + x + y + z) | 0;
  return [w, (x + w) | 0, (y + w) | 0, (z + w) | 0];
}
