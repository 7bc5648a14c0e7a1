import { CheckpointError } from "../checkpoint-error.js";
import type { Patch } from "../patch/patch.js";
import { isPlainObject } from "../patch/plain.js";

// Channel versions are usually checkpoint ids: 36 characters, stored again for every channel that a step touched. Those of the checkpoint
// itself and of its parent are stored as `true` and `false` instead; no version is a boolean.

type MapVersion = (version: unknown) => unknown;

/** Shortens the versions in a record's maps. */
export function shortenVersions(id: string, parentId?: string): MapVersion {
  return (version) => {
    if (typeof version === "boolean")
      throw new CheckpointError("INVALID_ARGUMENT", "A channel version must be a number or a string, not a boolean.");
    if (version === id) return true;
    return parentId !== undefined && version === parentId ? false : version;
  };
}

/** Undoes {@link shortenVersions}. */
export function restoreVersions(id: string, parentId?: string): MapVersion {
  return (version) => {
    if (version === true) return id;
    return version === false ? parentId : version;
  };
}

/** Levels that are looked into: versions are one or two deep. What is deeper is none, and may hold itself. */
const DEEPEST = 8;

/** Maps a version, or every version of a map. */
export function mapEach(value: unknown, mapVersion: MapVersion, depth = 0): unknown {
  return isPlainObject(value) && depth < DEEPEST ? mapVersions(value, mapVersion, depth + 1) : mapVersion(value);
}

/** Maps every version of a version map, or of a map of such maps. */
export function mapVersions(map: Readonly<Record<string, unknown>>, mapVersion: MapVersion, depth = 0): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(map)) {
    const value = map[key];
    const mapped = mapEach(value, mapVersion, depth);
    if (key === "__proto__") Object.defineProperty(result, key, { value: mapped, writable: true, enumerable: true, configurable: true });
    else result[key] = mapped;
  }
  return result;
}

/** Maps every version that a patch of such a map sets. */
export function mapPatchVersions(patch: Patch, mapVersion: MapVersion): Patch {
  if (!Array.isArray(patch)) return patch;
  if (patch[0] === "=") return ["=", isPlainObject(patch[1]) ? mapVersions(patch[1], mapVersion) : patch[1]];
  // Versions are text or numbers, one or two levels deep: no other patch stands here. A damaged one is found when it is applied.
  if (patch[0] !== "o" || !isPlainObject(patch[1])) return patch;
  const set = mapVersions(patch[1], mapVersion);
  const [, , nested, deleted] = patch;
  if (nested === undefined) return ["o", set];
  if (!isPlainObject(nested)) return patch;
  const mapped = Object.fromEntries(Object.entries(nested).map(([key, child]) => [key, mapPatchVersions(child, mapVersion)]));
  return deleted === undefined ? ["o", set, mapped] : ["o", set, mapped, deleted];
}
