/** Random choices that a seed repeats. */
export interface Random {
  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** Whether only JSON values may be chosen. */
  readonly jsonOnly: boolean;
  pick<T>(items: readonly T[]): T;
}

/** Makes the choices of a seed (mulberry32, public domain). */
export function randomOf(seed: number, jsonOnly: boolean): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    jsonOnly,
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)]!,
  };
}
