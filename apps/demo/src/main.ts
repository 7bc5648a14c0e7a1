#!/usr/bin/env node
import { HELP, parseFlags } from "./flags.js";

/** Reads the flags, and loads what they ask for: asking for help loads nothing. */
async function main(): Promise<number> {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.kind === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (flags.kind === "mistake") {
    process.stderr.write(`${flags.line} See --help.\n`);
    return 2;
  }
  const { run } = await import("./run.js");
  return run(flags);
}

process.exitCode = await main();
