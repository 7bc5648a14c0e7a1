/** Sizes that decide between a patch and a new snapshot, in characters of stored text. */
export interface ChainSize {
  /** Size of the value itself, were it stored whole. */
  readonly liveSize: number;
  /** Size of the last snapshot and of every patch since, this one included: what must be read. */
  readonly chainSize: number;
  /** Patches since the last snapshot, this one included. */
  readonly patchCount: number;
}

/** What reading one more row costs, as text. */
const ROW_SIZE = 64;
/** So much waste is read in no time: small values need not be stored whole every other step. */
const ALLOWANCE = 2048;

/**
 * Tells whether the value should be stored whole: when what must be read outweighs twice the value.
 *
 * So reading stays within twice the value, and since the next snapshot comes only after patches that dropped as much as the value
 * holds, snapshots at most double what patches store. A value that only grows is never stored whole again.
 */
export function shouldSnapshot({ liveSize, chainSize, patchCount }: ChainSize): boolean {
  return chainSize + patchCount * ROW_SIZE > 2 * liveSize + ALLOWANCE;
}
