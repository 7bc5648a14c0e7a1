// A patch says how a value differs from the one before it. It is plain data: short tuples with a leading kind, since one is stored at every
// step. It is kept apart from user data by its place in a record, never by its looks.

/** Properties set to new values, properties patched, properties deleted. Empty parts at the end are left out. */
export type ObjectPatch = readonly [
  kind: "o",
  set: Readonly<Record<string, unknown>>,
  nested?: Readonly<Record<string, Patch>>,
  deleted?: readonly string[],
];

/** From `start` on, `removed` items are replaced by `items`. Appending is the usual case: (length, 0, tail). */
export type SplicePatch = readonly [kind: "s", start: number, removed: number, items: readonly unknown[]];

/** The first `length` items stay, apart from those set (index, value in turn) and patched (index, patch in turn); then comes the tail. */
export type ItemsPatch = readonly [
  kind: "i",
  length: number,
  tail: readonly unknown[],
  set: readonly unknown[],
  nested: readonly (number | Patch)[],
];

/** The first `length` code units stay; then comes the tail. */
export type TextPatch = readonly [kind: "t", length: number, tail: string];

/** The old value is gone; this one stands in its place. */
export type ReplacePatch = readonly [kind: "=", value: unknown];

/** Keys and indexes from the outermost value inwards. */
export type Path = readonly (string | number)[];

/** Parts of the old value that stand elsewhere in the new one: where they stood and where they stand, after the patch is applied. */
export type MovePatch = readonly [kind: "m", moves: readonly (readonly [from: Path, to: Path])[], patch: Patch];

export type Patch = ObjectPatch | SplicePatch | ItemsPatch | TextPatch | ReplacePatch | MovePatch;

/** How a value came from the one before it. */
export interface Difference {
  readonly patch: Patch;
  /** Parts of the old value that the new one no longer has; their size tells when patches outweigh the value. */
  readonly dropped: readonly unknown[];
}

/** Finds the difference one level down and adds to `dropped`; undefined where the new value is better stored whole. */
export type DiffChild = (before: unknown, after: unknown, dropped: unknown[], key: string) => Patch | undefined;
