/**
 * Says which keys of options nobody reads, with what may have been meant: a misspelt option is one that was not given, and nothing else tells of it.
 * A key whose value is `undefined` is not given.
 * @param known keys that are read
 * @param elsewhere keys that other libraries read, with what is to be done here instead; `false` and `null` say there what is so here anyway
 * @returns a sentence's part, such as `interruptBefor (did you mean interruptBefore?)`; undefined where all keys are known
 */
export function describeUnknownKeys(
  given: object,
  known: readonly string[],
  elsewhere: Readonly<Record<string, string>> = {},
): string | undefined {
  let found: string[] | undefined;
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const value = (given as Record<string, unknown>)[key];
    if (value === undefined) continue;
    const instead = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
    if (instead !== undefined && (value === null || value === false)) continue;
    const meant = nearest(key, known);
    const hint = instead ?? (meant === undefined ? undefined : `did you mean ${meant}?`);
    found ??= [];
    found.push(hint === undefined ? key : `${key} (${hint})`);
  }
  return found?.join(", ");
}

/** The name that a misspelt one may stand for: in another way of writing, or some letters away. */
export function nearest(misspelt: string, names: readonly string[]): string | undefined {
  const letters = lettersOf(misspelt);
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const away = distance(letters, lettersOf(name));
    if (away > Math.max(1, Math.floor(name.length / 5)) || away >= fewest) continue;
    best = name;
    fewest = away;
  }
  return best;
}

const lettersOf = (name: string): string => name.replaceAll(/[_-]/g, "").toLowerCase();

/** Letters that are missing, too many, other ones, or changed places with their neighbour. */
function distance(a: string, b: string): number {
  // Nothing that long is a slip of b's.
  if (Math.abs(a.length - b.length) > 4) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + Number(a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, at(before, j - 2) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] as number;
