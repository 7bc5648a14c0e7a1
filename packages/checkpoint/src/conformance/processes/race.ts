import type { CheckpointSaver } from "../../types.js";
import type { DetectedCapability } from "../conformance-case.js";
import type { Json } from "./job.js";

/** What a process knows of the race that it takes part in. */
export interface RaceScene {
  /** Its own name. */
  readonly name: string;
  /** Names of all that take part. */
  readonly names: readonly string[];
  /** A folder that they share. */
  readonly folder: string;
  /** What `prepare` gave. */
  readonly shared: Json;
}

/** Something that several processes do to one storage at once, and what must come of it. Each part runs in a process of its own. */
export interface Race {
  readonly name: string;
  /** What the saver needs for it. */
  readonly capability?: DetectedCapability;
  prepare?(saver: CheckpointSaver, scene: RaceScene): Promise<Json>;
  run(saver: CheckpointSaver, scene: RaceScene): Promise<Json>;
  /** Throws an AssertionError if the storage, or what the processes said, is not as it must be. */
  verify(saver: CheckpointSaver, scene: RaceScene, results: Readonly<Record<string, Json>>): Promise<void>;
}
