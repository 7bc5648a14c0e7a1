// What the tests of this repository's packages share. Not part of what is published: third parties need none of it to run the kit on a saver of theirs.
export { type ToldDamage, tellDamage } from "./damage.js";
export { oddSaverCalls, oddStoreCalls } from "./odd-calls.js";
export { oddArguments, oddValues, rawFailures } from "./odd-values.js";
