import { CheckpointError } from "../checkpoint-error.js";
import type { Checkpoint } from "../types.js";
import { type ChainLink, decodeCheckpoints } from "./decode-checkpoint.js";

/** How the rows of a list and the chains that they are read from belong together. */
export interface Chains<Row, Link extends ChainLink> {
  /** What a row is read from, oldest first: the last whole checkpoint and the changes since. */
  readonly chainOf: (row: Row) => readonly Link[];
  /** The row of the list that a link is; undefined where it is none of them. */
  readonly rowOf: (link: Link) => Row | undefined;
}

/**
 * Decodes rows of a list that are stored as changes, each chain of them once. Leaves out those that cannot be read: to read one by itself, when its turn
 * has come, tells why.
 * @param rows newest first
 */
export function decodeChains<Row, Link extends ChainLink>(
  rows: readonly Row[],
  { chainOf, rowOf }: Chains<Row, Link>,
): Map<Row, Checkpoint> {
  const found = new Map<Row, Checkpoint>();
  const left = new Set(rows);
  for (const row of rows) {
    if (!left.has(row)) continue;
    try {
      const chain = chainOf(row);
      const wanted = new Map<ChainLink, Row>();
      for (const link of chain) {
        const one = rowOf(link);
        if (one !== undefined && left.has(one)) wanted.set(link, one);
      }
      const checkpoints = decodeCheckpoints(chain, (link) => wanted.has(link));
      for (const [at, one] of [...wanted.values()].entries()) {
        found.set(one, checkpoints[at]!);
        left.delete(one);
      }
    } catch (error) {
      if (!CheckpointError.is(error)) throw error;
    }
  }
  return found;
}
