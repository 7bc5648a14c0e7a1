// MurmurHash3 x86 128 (Austin Appleby, public domain) over the UTF-16 code units of a text, low byte first, so that every
// JavaScript string has a hash of its own, lone surrogates included. Not for secrets: collisions can be made on purpose.

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** Hashes a text to 128 bits, as 32 lower-case hex digits. Fast and well mixed; not cryptographic. */
export function hash128(text: string): string {
  const words = hashWords(text);
  return hex(words[0]) + hex(words[1]) + hex(words[2]) + hex(words[3]);
}

/** Hashes a text to the shape of a uuid: {@link hash128} with the version (5) and variant bits set. */
export function hashUuid(text: string): string {
  const [a, b, c, d] = hashWords(text);
  const second = hex((b & 0xffff0fff) | 0x5000);
  const third = hex((c & 0x3fffffff) | 0x80000000);
  return `${hex(a)}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${hex(d)}`;
}

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(word: number): string {
  return BYTES[word >>> 24]! + BYTES[(word >>> 16) & 0xff]! + BYTES[(word >>> 8) & 0xff]! + BYTES[word & 0xff]!;
}

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

type Words = readonly [number, number, number, number];

/** Two code units. Those past the end read as NaN, which `|` turns into 0: the zero padding of the tail. */
function wordAt(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
}

// Ids of tasks are made of this at every snapshot of a history: no closures and no arrays on the way.
function hashWords(text: string): Words {
  const length = text.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    a = (Math.imul(rotate(a ^ mixA(wordAt(text, at)), 19) + b, 5) + 0x561ccd1b) | 0;
    b = (Math.imul(rotate(b ^ mixB(wordAt(text, at + 2)), 17) + c, 5) + 0x0bcaa747) | 0;
    c = (Math.imul(rotate(c ^ mixC(wordAt(text, at + 4)), 15) + d, 5) + 0x96cd1c35) | 0;
    d = (Math.imul(rotate(d ^ mixD(wordAt(text, at + 6)), 13) + a, 5) + 0x32ac3b17) | 0;
  }
  if (at < length) {
    a ^= mixA(wordAt(text, at));
    b ^= mixB(wordAt(text, at + 2));
    c ^= mixC(wordAt(text, at + 4));
    d ^= mixD(wordAt(text, at + 6));
  }
  return finishWords(a, b, c, d, length * 2);
}

function finishWords(a: number, b: number, c: number, d: number, bytes: number): Words {
  let w = a ^ bytes;
  let x = b ^ bytes;
  let y = c ^ bytes;
  let z = d ^ bytes;
  w = (w + x + y + z) | 0;
  x = finish((x + w) | 0);
  y = finish((y + w) | 0);
  z = finish((z + w) | 0);
  w = (finish(w) + x + y + z) | 0;
  return [w, (x + w) | 0, (y + w) | 0, (z + w) | 0];
}
