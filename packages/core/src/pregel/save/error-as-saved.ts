import { describeThrown } from "@holdpoint/checkpoint";

/** What of an error is saved and shown: plain data, whatever was thrown. */
export const errorAsSaved: (error: unknown) => { name: string; message: string } = describeThrown;
