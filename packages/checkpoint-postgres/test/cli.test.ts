// The command line on a PostgreSQL database.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CheckpointSaver } from "@holdpoint/checkpoint";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { checkpoint, META } from "./fixtures.js";
import { sharedServer } from "./shared-server.js";

const BIN = fileURLToPath(new URL("../../checkpoint-cli/dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "holdpoint-postgres-cli-"));
const database = `cli_${process.pid}`;

let server: pg.Client;
let url: string;
beforeAll(async () => {
  const shared = await sharedServer();
  server = new pg.Client({ connectionString: shared });
  await server.connect();
  await server.query(`CREATE DATABASE ${database}`);
  url = Object.assign(new URL(shared), { pathname: `/${database}` }).href;
});
afterAll(async () => {
  await server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await server.end();
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  if (!existsSync(BIN)) throw new Error("This test starts the built program. Build it first: npm run build");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", BIN, ...args], { encoding: "utf8" });
  return { code: status, stdout, stderr };
}

async function save(saver: CheckpointSaver, threadId: string): Promise<void> {
  let parent = checkpoint({ log: ["0"], text: "t".repeat(300) });
  await saver.put({ configurable: { thread_id: threadId } }, parent, META, {});
  for (let n = 1; n < 6; n++) {
    const child = checkpoint({ log: [...(parent.channel_values.log as string[]), String(n)] }, parent);
    await saver.put({ configurable: { thread_id: threadId, checkpoint_id: parent.id } }, child, { ...META, step: n }, {}, parent);
    await saver.putWrites({ configurable: { thread_id: threadId, checkpoint_id: child.id } }, [["log", n]], `task-${n}`);
    parent = child;
  }
}

async function exported(saver: Required<Pick<CheckpointSaver, "exportThread">>, threadId: string) {
  const records = [];
  for await (const { ...record } of saver.exportThread(threadId)) records.push({ ...record, sizes: undefined });
  return records;
}

it("moves threads there and back, lists, prunes and verifies them, and never prints the password", async () => {
  const saver = PostgresSaver.fromConnString(url);
  await save(saver, "alpha");
  await save(saver, "beta");
  const file = join(folder, "threads.db");
  const said = [
    run("copy", url, file),
    run("prune", file, "--keep-last", "3"),
    run("copy", file, url, "--skip-existing"),
    run("list", url, "--json"),
    run("prune", url, "--keep-last", "2", "--thread", "beta", "--dry-run"),
    run("prune", url, "--keep-last", "2", "--thread", "beta"),
    run("verify", url),
    run("verify", file),
  ];
  expect(said.map(({ code }) => code)).toEqual(said.map(() => 0));
  for (const { stdout, stderr } of said) expect(stdout + stderr).not.toMatch(/secret/);
  expect(
    JSON.parse(said[3]!.stdout)
      .listed.map(({ threadId }: { threadId: string }) => threadId)
      .sort(),
  ).toEqual(["alpha", "beta"]);
  expect(said[4]!.stdout).toBe(said[5]!.stdout.replace("were deleted", "would be deleted"));
  expect((await exported(saver, "beta")).filter(({ kind }) => kind === "checkpoint")).toHaveLength(2);

  const back = join(folder, "back.db");
  expect(run("export", url, "alpha", "--out", `${back}.jsonl`).code).toBe(0);
  expect(run("import", back, `${back}.jsonl`)).toMatchObject({ code: 0, stdout: "1 thread (6 checkpoints, 5 writes) imported.\n" });
  await saver.end();
});
