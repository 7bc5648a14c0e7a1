import { CheckpointError } from "../checkpoint-error.js";

// A uuid of version 6 is a 60-bit count of 100 ns since 1582-10-15, written from the high digits down, so that ids sort as text.
// The count does not fit a double: it is kept as two numbers, high * 2^20 + low.
const LOW_SIZE = 0x100000;
const HIGH_LIMIT = 2 ** 40;
const GREGORIAN_MS = 12_219_292_800_000;
const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f])([0-9a-f]{3})-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A parent further ahead than this (2^40 ticks, 30 hours) must not carry the whole process into the future. */
const FAR_AHEAD = 2 ** 20;

interface Ticks {
  high: number;
  low: number;
}

let suffix: string | undefined;
const last: Ticks = { high: 0, low: 0 };
let childrenOfFarAhead = 0;
let cachedHigh = -1;
let cachedMiddle = -1;
let cachedText = "";

/**
 * Makes the id of a new checkpoint: a uuid of version 6, lower case, which sorts by time as text.
 *
 * Each id is greater than the one before it in this process, and greater than `after` (the parent's id), even where the parent
 * was made by a machine whose clock is ahead. Ids of different processes differ by 62 random bits.
 *
 * @throws CheckpointError INVALID_ARGUMENT if no uuid can sort after `after` (it is not a uuid, and greater than any).
 */
export function checkpointId(after?: string): string {
  const now = currentTicks();
  if (compare(now, last) <= 0) add(now, last, 1);
  const id = format(now);
  if (after === undefined || id > after) {
    last.high = now.high;
    last.low = now.low;
    return id;
  }
  return idAfter(after, now);
}

/** Reads the time in an id that {@link checkpointId} made, in milliseconds since 1970; undefined of other ids. */
export function checkpointTime(id: string): number | undefined {
  const ticks = UUID.exec(id)?.[3] === "6" ? parse(id) : undefined;
  return ticks === undefined ? undefined : Math.floor((ticks.high * LOW_SIZE + ticks.low) / 10_000) - GREGORIAN_MS;
}

function idAfter(after: string, now: Ticks): string {
  const parent = parse(after);
  if (parent === undefined) throw noIdAfter(after);
  const next: Ticks = { high: 0, low: 0 };
  if (parent.high - now.high < FAR_AHEAD) {
    add(next, parent, 1);
    last.high = next.high;
    last.low = next.low;
  } else {
    add(next, parent, ++childrenOfFarAhead);
  }
  const id = next.high < HIGH_LIMIT ? format(next) : "";
  if (id <= after) throw noIdAfter(after);
  return id;
}

function noIdAfter(after: string): CheckpointError {
  return new CheckpointError(
    "INVALID_ARGUMENT",
    `No checkpoint id can sort after ${JSON.stringify(after)}. Use ids made by checkpointId(), or other uuids, for checkpoints.`,
  );
}

function currentTicks(): Ticks {
  const ms = Date.now() + GREGORIAN_MS;
  const upper = Math.floor(ms / LOW_SIZE);
  const lower = (ms - upper * LOW_SIZE) * 10_000;
  const carry = Math.floor(lower / LOW_SIZE);
  return { high: upper * 10_000 + carry, low: lower - carry * LOW_SIZE };
}

function compare(a: Ticks, b: Ticks): number {
  return a.high - b.high || a.low - b.low;
}

function add(target: Ticks, base: Ticks, count: number): void {
  const low = base.low + count;
  const carry = Math.floor(low / LOW_SIZE);
  target.high = base.high + carry;
  target.low = low - carry * LOW_SIZE;
}

/** The smallest count whose id is not below that of `id`'s digits; other versions of uuid count as the end of their upper 48 bits. */
function parse(id: string): Ticks | undefined {
  const match = UUID.exec(id);
  if (match === null) return undefined;
  const [, first, second, version, third] = match as unknown as [string, string, string, string, string];
  const middle = Number.parseInt(second, 16);
  const low = version === "6" ? Number.parseInt(third, 16) : 0xfff;
  return { high: Number.parseInt(first, 16) * 256 + (middle >>> 8), low: ((middle & 0xff) << 12) | low };
}

function format({ high, low }: Ticks): string {
  const middle = low >>> 12;
  if (high !== cachedHigh || middle !== cachedMiddle) {
    const first = Math.floor(high / 256);
    const second = ((high & 0xff) << 8) | middle;
    cachedText = `${first.toString(16).padStart(8, "0")}-${second.toString(16).padStart(4, "0")}-6`;
    cachedHigh = high;
    cachedMiddle = middle;
  }
  suffix ??= randomSuffix();
  return cachedText + (0x1000 | (low & 0xfff)).toString(16).slice(1) + suffix;
}

/** Clock sequence and node, random for each process; the multicast bit says that the node is no hardware address (RFC 9562, 6.10). */
function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = (bytes[0]! & 0x3f) | 0x80;
  bytes[2] = bytes[2]! | 0x01;
  const hex = Buffer.from(bytes).toString("hex");
  return `-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
