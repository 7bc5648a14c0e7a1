export type { CliStreams } from "./cli-streams.js";
export { runCli } from "./run-cli.js";
