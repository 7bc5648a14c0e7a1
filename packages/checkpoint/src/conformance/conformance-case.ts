import type { Serializer } from "../serde/serializer.js";
import type { CheckpointSaver } from "../types.js";

/** One required behaviour of a saver. `run` throws an AssertionError if it is missing. */
export interface ConformanceCase {
  readonly name: string;
  /** Gets a saver with empty storage, and its serializer where that is not the default one. */
  run(saver: CheckpointSaver, serializer?: Serializer): Promise<void>;
}

/** Cases that a saver may leave out if it says why. */
export interface CapabilityCases {
  readonly capability: Capability;
  readonly cases: readonly ConformanceCase[];
}

/** Capabilities that the runtime detects by a member of this name. */
export type DetectedCapability =
  | "columns"
  | "recordDecisions"
  | "acquireLease"
  | "listInterrupts"
  | "appendJournal"
  | "prune"
  | "copyThread"
  | "stats"
  | "exportThread";

export type Capability = DetectedCapability | "distinctTypes" | "anyKeys";
