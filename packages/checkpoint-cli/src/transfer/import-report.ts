import type { CliStreams } from "../cli-streams.js";
import { plural } from "../output/plural.js";
import { printable } from "../output/printable.js";
import { writeText } from "../output/write-text.js";
import type { ImportOutcome } from "./import-thread.js";

export interface ReportOptions {
  /** What is done to a thread: "imported", "copied". */
  readonly verb: string;
  readonly dryRun: boolean;
}

/** Counts what became of threads, and tells at once of those that failed. */
export class ImportReport {
  readonly #streams: CliStreams;
  readonly #options: ReportOptions;
  #counts = { imported: 0, skipped: 0, failed: 0, checkpoints: 0, writes: 0 };

  constructor(streams: CliStreams, options: ReportOptions) {
    this.#streams = streams;
    this.#options = options;
  }

  get done(): number {
    const { imported, skipped, failed } = this.#counts;
    return imported + skipped + failed;
  }

  add(threadId: string, outcome: ImportOutcome): void {
    const counts = this.#counts;
    counts[outcome.kind] += 1;
    if (outcome.kind === "imported") {
      counts.checkpoints += outcome.checkpoints;
      counts.writes += outcome.writes;
    } else if (outcome.kind === "failed") {
      this.#streams.stderr.write(`${printable(threadId)}: ${outcome.error.message} (${outcome.error.code})\n`);
    }
  }

  /** Says how it went. @returns the exit code */
  async end(): Promise<number> {
    const { imported, skipped, failed, checkpoints, writes } = this.#counts;
    const { verb, dryRun } = this.#options;
    const what = `${plural(imported, "thread")} (${plural(checkpoints, "checkpoint")}, ${plural(writes, "write")})`;
    const parts = [`${what} ${dryRun ? "would be " : ""}${verb}`];
    if (skipped > 0) parts.push(`${skipped} passed over`);
    if (failed > 0) parts.push(`${failed} failed`);
    await writeText(this.#streams.stdout, `${parts.join(", ")}.\n`);
    return failed > 0 ? 1 : 0;
  }
}
