#!/usr/bin/env node
import { runCli } from "./run-cli.js";

// Whoever reads has had enough (`holdpoint-checkpoint export … | head`): nothing to say about it.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), process);
