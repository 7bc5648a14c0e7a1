import type { CheckpointSaver } from "../../types.js";
import type { Json, RaceJob } from "./job.js";
import { RACES } from "./races.js";

/** Plays a part in a race. @returns what the others are told of it */
export async function runRace(saver: CheckpointSaver, job: RaceJob): Promise<Json> {
  const race = RACES.find(({ name }) => name === job.race);
  if (race === undefined) throw new Error(`There is no race ${JSON.stringify(job.race)}.`);
  const scene = { name: job.name, names: job.names, folder: job.folder, shared: job.shared ?? null };
  if (job.part === "prepare") return (await race.prepare?.(saver, scene)) ?? null;
  if (job.part === "run") return race.run(saver, scene);
  await race.verify(saver, scene, job.results ?? {});
  return null;
}
