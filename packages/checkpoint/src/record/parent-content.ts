import type { Checkpoint } from "../types.js";
import { mapVersions } from "./version-references.js";

/** What a patch needs to know of a parent's content. */
export type ParentContent = Pick<Checkpoint, "id" | "channel_values" | "channel_versions" | "versions_seen">;

/** Copies what a later patch needs where the caller will not pass the parent: versions, and the keys of the values without the values. */
export function contentOf(checkpoint: Checkpoint): ParentContent {
  const keep = (version: unknown) => version;
  return {
    id: checkpoint.id,
    channel_values: Object.fromEntries(Object.keys(checkpoint.channel_values).map((channel) => [channel, undefined])),
    channel_versions: mapVersions(checkpoint.channel_versions, keep) as Checkpoint["channel_versions"],
    versions_seen: mapVersions(checkpoint.versions_seen, keep) as Checkpoint["versions_seen"],
  };
}
