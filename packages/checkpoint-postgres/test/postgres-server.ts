import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Binaries, placeBinaries } from "./postgres-binaries.js";

const WATCHDOG = fileURLToPath(new URL("watchdog.mjs", import.meta.url));
/** PostgreSQL does not run as root; this user owns nothing. */
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

export interface ServerOptions {
  /** Whether commits wait for the disk, as they do in use. Without it, what is acknowledged survives only the death of clients. */
  readonly fsync: boolean;
  /** The process that wants the server: it ends after that one. Default: this one. */
  readonly owner?: number;
  /** A folder that is to be removed with it. */
  readonly place?: string;
}

/** A PostgreSQL server of its own, on a free port of this machine, with a database in a temporary folder. */
export class PostgresServer {
  #process: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly binaries: Binaries,
    private readonly options: ServerOptions,
  ) {}

  static async create(options: ServerOptions): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-postgres-"));
    chmodSync(folder, 0o755);
    // While this file is there, the watchdog lets the server run.
    writeFileSync(join(folder, "watched"), "");
    const { owner = process.pid, place } = options;
    spawn(process.execPath, [WATCHDOG, String(owner), folder, ...(place === undefined ? [] : [place])], {
      detached: true,
      stdio: "ignore",
    }).unref();
    const binaries = placeBinaries(folder);
    mkdirSync(join(folder, "data"));
    if (asNobody.uid !== undefined) chownSync(join(folder, "data"), NOBODY, NOBODY);
    initialize(binaries, folder);
    const server = new PostgresServer(folder, await freePort(), binaries, options);
    await server.start();
    return server;
  }

  /** For the user "postgres", who may do everything. */
  get url(): string {
    return urlOf(this.port);
  }

  async start(): Promise<void> {
    const log = join(this.folder, "log");
    const { fsync } = this.options;
    const settings = {
      port: this.port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      max_connections: 200,
      shared_buffers: "64MB",
      fsync: fsync ? "on" : "off",
      synchronous_commit: fsync ? "on" : "off",
      full_page_writes: fsync ? "on" : "off",
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(this.binaries.postgres, ["-D", join(this.folder, "data"), ...args], {
      ...asNobody,
      cwd: this.folder,
      detached: true,
      stdio: ["ignore", "ignore", openLog(log)],
    });
    child.unref();
    this.#process = child;
    for (let tries = 0; !(await this.#answers()); tries++) {
      if (child.exitCode !== null || tries > 600) throw new Error(`PostgreSQL does not start:\n${readFileSync(log, "utf8").slice(-2000)}`);
      await sleep(50);
    }
  }

  /** "SIGTERM" waits for clients, "SIGINT" ends them, "SIGQUIT" stops without writing anything more (pg_ctl stop -m immediate), "SIGKILL" is a crash. */
  async stop(signal: "SIGTERM" | "SIGINT" | "SIGQUIT" | "SIGKILL" = "SIGINT"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
    // After a crash its children end by themselves, and only then may the next one have the data.
    if (signal === "SIGKILL") await this.#childrenGone(child.pid!);
  }

  /** Stops the server and removes everything. */
  async remove(): Promise<void> {
    await this.stop("SIGQUIT");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The postmaster's last line of its file says "ready" once it takes connections. */
  async #answers(): Promise<boolean> {
    try {
      const lines = readFileSync(join(this.folder, "data", "postmaster.pid"), "utf8").split("\n");
      return Number(lines[0]) === this.#process?.pid && lines[7]?.trim() === "ready";
    } catch {
      return false;
    }
  }

  async #childrenGone(pid: number): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      const { status } = spawnSync("pgrep", ["-g", String(pid)]);
      if (status !== 0) return;
      await sleep(50);
    }
  }
}

export function urlOf(port: number): string {
  return `postgres://postgres:secret%20word@127.0.0.1:${port}/postgres`;
}

function initialize({ initdb }: Binaries, folder: string): void {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "secret word\n");
  // An order of text that is not that of its bytes, as databases have it that somebody else has made.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"];
  const auth = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const { status, stderr, error } = spawnSync(initdb, ["-D", join(folder, "data"), "--no-sync", "--no-instructions", ...locale, ...auth], {
    ...asNobody,
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`initdb of PostgreSQL fails: ${error?.message ?? stderr}`);
}

function openLog(path: string): number {
  // Opened here, written by the server's user.
  return openSync(path, "a");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
