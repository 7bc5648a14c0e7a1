import { CheckpointError } from "@holdpoint/checkpoint";

/** The error of a saver whose method does not say how it went. */
export const noOutcome = (method: string, kinds: string): CheckpointError =>
  new CheckpointError(
    "STORAGE_FAILED",
    `The saver's ${method}() gave no outcome: it must resolve with { kind: ${kinds} }. Nothing ran. Mend the saver, or leave the method out: then it is not called.`,
  );
