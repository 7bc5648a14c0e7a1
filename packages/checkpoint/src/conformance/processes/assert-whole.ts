import assert from "node:assert/strict";

/** What belongs together is all there, or none of it; where it was acknowledged, all. */
export function assertWhole(found: readonly unknown[], whole: readonly unknown[], isAcknowledged: boolean, what: string): void {
  if (found.length === 0) assert.ok(!isAcknowledged, `the ${what} were acknowledged, and are gone`);
  else assert.deepEqual(found, whole, `the ${what} are there by halves`);
}
