import { createSerializer, type ThreadRecord } from "@holdpoint/checkpoint";
import { type EndLine, FORMAT, FORMAT_VERSION, type Header, type RecordLine } from "./export-format.js";

const { dumps } = createSerializer();

const line = (value: Header | RecordLine | EndLine): string => `${dumps(value)}\n`;

/** The first line of an export. */
export function headerLine(): string {
  return line({ format: FORMAT, version: FORMAT_VERSION, at: new Date().toISOString() });
}

/** The lines of one thread. */
export async function* threadLines(threadId: string, records: AsyncIterable<ThreadRecord>): AsyncGenerator<string> {
  let count = 0;
  for await (const record of records) {
    count += 1;
    yield line({ threadId, ...record });
  }
  yield line({ kind: "end", threadId, records: count });
}
