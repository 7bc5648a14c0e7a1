import type { Command } from "./command.js";

const STORAGE = "A storage is the path of a SQLite file, or a postgres:// URL (with @holdpoint/checkpoint-postgres installed).";

/** What the program says of itself. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name, takes }) => `${name} ${takes}`.length));
  const rows = commands.map(({ name, takes, summary }) => `  ${`${name} ${takes}`.padEnd(width)}  ${summary}`);
  return `Looks after storages of Holdpoint's checkpoints.

  holdpoint-checkpoint <command> …

${rows.join("\n")}

${STORAGE}
holdpoint-checkpoint <command> --help says more. Ends with 0; with 1 where something is broken or could not be done; with 2 for a
command that cannot be meant.
`;
}

const OPTION_HELP: Readonly<Record<string, string>> = {
  "--checkpoint": "<id>: this checkpoint alone",
  "--dry-run": "say what would be done, and do nothing",
  "--json": "one JSON object",
  "--keep-last": "<n>: so many of the newest of each line stay",
  "--keys": '<file>: keys of an encrypted storage, { "current": "a", "keys": { "a": "…base64…" } }',
  "--limit": "<n>: so many at most",
  "--ns": '<namespace>: of this graph inside alone; "" for the outermost',
  "--older-than": "<time or age>: younger ones stay (2026-01-31, 30d, 12h, 2w)",
  "--out": "<file>: a new file instead of the standard output",
  "--skip-existing": "pass over threads that have something saved in the target",
  "--thread": "<id>: this thread alone",
  "--to-keys": "<file>: keys of the target, where that is encrypted",
  "--values": "show values too",
};

/** What the program says of one command. */
export function commandHelp({ name, takes, summary, help, options }: Command): string {
  const names = Object.keys(options)
    .map((option) => `--${option}`)
    .sort();
  const width = Math.max(...names.map((option) => option.length));
  const rows = names.map((option) => `  ${option.padEnd(width)}  ${OPTION_HELP[option] ?? ""}`);
  return `holdpoint-checkpoint ${name} ${takes}\n${summary}\n\n${help}\n\n${rows.join("\n")}\n`;
}
