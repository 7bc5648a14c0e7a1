import type { WriteKind } from "./crash-script.js";

/** A value as JSON has it: what goes from one process to another. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How a process opens a saver: a function that a module exports. */
export interface OpenBy {
  /** The module's URL, or its absolute path. It is imported by plain Node.js, in a process of its own. */
  readonly module: string | URL;
  /** The function's name, or the way to it: `openSaver`, `SqliteSaver.fromConnString`. It may return a promise. */
  readonly export: string;
}

/** One write of the crash script: its step, and what it is. */
export interface Mark {
  readonly op: WriteKind;
  readonly step: number;
  /** Id of the checkpoint that it is about. */
  readonly id: string;
}

/** Checks what the storage holds against what earlier processes said, then writes until it is killed. */
export interface CrashJob {
  readonly task: "crash";
  /** Writes to make before it waits to be killed; none: it never waits. */
  readonly stopAfter?: number;
  /** The kind of large write within which it kills itself, and when: milliseconds after it has begun. */
  readonly killWithin?: { readonly op: WriteKind; readonly after: number };
  /** What earlier processes began, and what was acknowledged to them. */
  readonly begun: readonly Mark[];
  readonly acknowledged: readonly Mark[];
}

/** Takes part in a race, prepares it, or looks at the result. */
export interface RaceJob {
  readonly task: "race";
  readonly race: string;
  readonly part: "prepare" | "run" | "verify";
  /** Name of the process. */
  readonly name: string;
  readonly names: readonly string[];
  /** A folder that the processes share. */
  readonly folder: string;
  /** What `prepare` said. */
  readonly shared?: Json;
  /** What the runs said, by name. */
  readonly results?: Readonly<Record<string, Json>>;
}

/** Takes the lease of a thread, says how that went, and waits to be killed. */
export interface HoldJob {
  readonly task: "hold";
}

export type Job = CrashJob | RaceJob | HoldJob;

/** What a process is told on its standard input, as the first line. */
export interface Assignment {
  readonly open: { readonly module: string; readonly export: string };
  readonly args: readonly Json[];
  readonly job: Job;
}

/** What a process says. */
export type Said =
  /** It has loaded the module, and waits for the word to open the storage. */
  | { readonly kind: "ready" }
  | { readonly kind: "begin"; readonly mark: Mark }
  /** With the milliseconds that the write took. */
  | { readonly kind: "acknowledged"; readonly mark: Mark; readonly took: number }
  | { readonly kind: "result"; readonly value: Json }
  | { readonly kind: "failed"; readonly message: string };
