import { CheckpointError } from "@holdpoint/checkpoint";

/** @throws CheckpointError INVALID_ARGUMENT unless it is a number of milliseconds that a timer can wait */
export function checkTime(name: string, time: number): number {
  if (Number.isInteger(time) && time >= 0 && time < 2 ** 31) return time;
  throw new CheckpointError("INVALID_ARGUMENT", `${name} must be a whole number of milliseconds from 0 on.`);
}
