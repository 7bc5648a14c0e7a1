import { createRequire } from "node:module";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { describe, expect, it } from "vitest";
import { runBin } from "./support/start-bin.js";
import { newStorage, SECRET } from "./support/storages.js";

interface Handle {
  exec(sql: string): void;
  close(): void;
}

/** Writes into the file as a hostile hand would. The driver is another process's: this one's has closed the file. */
function sql(file: string, text: string): void {
  const builtIn = process.getBuiltinModule?.("node:sqlite" as "fs") as { DatabaseSync?: unknown } | undefined;
  const Database = (builtIn?.DatabaseSync ?? createRequire(import.meta.url)("libsql")) as new (path: string) => Handle;
  const handle = new Database(file);
  handle.exec("DROP TRIGGER holdpoint_journal_update; DROP TRIGGER holdpoint_journal_delete;");
  handle.exec(text);
  handle.close();
}

const ofThread = (thread: string) => `(SELECT pk FROM holdpoint_line WHERE thread = '${thread}' AND ns = '')`;

describe("verify", () => {
  it("reads everything of a storage that is whole", async () => {
    const { code, stdout, stderr } = await runBin(["verify", await newStorage()]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "2 threads, 12 checkpoints, 14 writes, 2 journal entries: all whole.\n",
      stderr: "",
    });
  });

  it("verifies the journal of a thread that was deleted", async () => {
    const file = await newStorage(["alpha"]);
    const saver = SqliteSaver.fromConnString(file);
    await saver.deleteThread("alpha");
    saver.close();
    expect((await runBin(["verify", file])).stdout).toBe("1 thread, 0 checkpoints, 0 writes, 1 journal entry: all whole.\n");
    sql(file, "UPDATE holdpoint_journal SET kind = 'forged'");
    expect(await runBin(["verify", file])).toMatchObject({ code: 1, stdout: expect.stringMatching(/^alpha: journal: entry 0 is changed/) });
  });

  it.each([
    [
      "a checkpoint cut off",
      `UPDATE holdpoint_checkpoint SET data = substr(data, 1, 20) WHERE line = ${ofThread("beta")}`,
      ["records", "checkpoints"],
    ],
    ["a missing base", `DELETE FROM holdpoint_checkpoint WHERE is_patch = 0 AND line = ${ofThread("beta")}`, ["records", "checkpoints"]],
    ["forged metadata", `UPDATE holdpoint_checkpoint SET metadata = '[1]' WHERE line = ${ofThread("beta")}`, ["records", "checkpoints"]],
    [
      "a damaged write",
      `UPDATE holdpoint_write SET data = '{' WHERE task = 'task-1' AND checkpoint IN (SELECT pk FROM holdpoint_checkpoint WHERE line = ${ofThread("beta")})`,
      ["records", "checkpoints"],
    ],
    ["a damaged question in the inbox", `UPDATE holdpoint_interrupt SET data = '1' WHERE line = ${ofThread("beta")}`, ["inbox"]],
    ["a forged entry", "UPDATE holdpoint_journal SET data = '\"forged\"' WHERE thread = 'beta'", ["journal"]],
  ])("tells of %s, by thread, without values", async (_, damage, parts) => {
    const file = await newStorage(["alpha", "beta", "gamma"]);
    sql(file, damage);
    const { code, stdout } = await runBin(["verify", file, "--json"]);
    expect(code).toBe(1);
    const { threads, broken, findings } = JSON.parse(stdout);
    expect([threads, broken]).toEqual([3, 1]);
    expect(findings.map(({ threadId, part }: { threadId: string; part: string }) => [threadId, part])).toEqual(
      parts.map((part) => ["beta", part]),
    );
    const text = await runBin(["verify", file]);
    expect(text.stdout).toMatch(/^beta: .*\((CORRUPT_DATA|BROKEN_JOURNAL)\)$/m);
    expect(text.stdout).toMatch(/1 thread broken\.\n$/);
    for (const output of [stdout, text.stdout, text.stderr]) expect(output).not.toContain(SECRET);
    expect((await runBin(["verify", file, "alpha", "gamma"])).code).toBe(0);
  });

  it("does not take a storage that fails for one that is broken", async () => {
    const file = await newStorage(["alpha"]);
    sql(file, "DROP TABLE holdpoint_write");
    expect(await runBin(["verify", file])).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/\(STORAGE_FAILED\)\n$/) });
  });
});
