import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runBin } from "./support/start-bin.js";
import { newFolder, newStorage } from "./support/storages.js";

describe("the program", () => {
  it("says what it can do", async () => {
    const { code, stdout } = await runBin(["--help"]);
    expect(code).toBe(0);
    for (const name of ["list", "show", "stats", "export", "import", "copy", "prune", "verify"]) expect(stdout).toContain(`  ${name} `);
    expect(await runBin([])).toMatchObject({ code: 2, stdout: "", stderr: stdout });
    const prune = await runBin(["prune", "--help"]);
    expect(prune.code).toBe(0);
    expect(prune.stdout).toMatch(/--dry-run\s+say what would be done/);
  });

  it.each([
    [["lst"], /no command "lst"\. There are: list, show/],
    [["list"], /It takes: holdpoint-checkpoint list <storage>/],
    [["list", "a.db", "b"], /It takes: holdpoint-checkpoint list <storage>/],
    [["list", "--frob", "a.db"], /--frob.* See: holdpoint-checkpoint list --help/],
    [["list", "a.db", "--limit", "many"], /--limit takes a whole number from 0 on, not "many"/],
    [["prune", "a.db"], /Say what may go: --keep-last, --older-than, or both/],
    [["prune", "a.db", "--older-than", "yesterday"], /--older-than takes a time such as 2026-01-31, or an age such as 30d/],
    [["copy", "a.db", "a.db"], /from one storage to another one/],
    [["list", "mysql://somewhere"], /a URL that begins with postgres:\/\//],
  ])("takes %j for a mistake", async (args, message) => {
    const { code, stdout, stderr } = await runBin(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^holdpoint-checkpoint: /);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  it("makes no database of a path with a typing error", async () => {
    const file = join(newFolder(), "missing.db");
    for (const args of [
      ["list", file],
      ["stats", file],
      ["verify", file],
      ["export", file],
      ["prune", file, "--keep-last", "1"],
      ["copy", file, `${file}2`],
    ]) {
      expect(await runBin(args)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/There is no file/) });
    }
    expect([existsSync(file), existsSync(`${file}2`)]).toEqual([false, false]);
  });

  it("says in one line what is wrong with a storage, and no password", async () => {
    const file = await newStorage([]);
    expect(await runBin(["list", join(file, "..")])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(STORAGE_FAILED\)\n$/) });
    const { code, stderr } = await runBin(["stats", "postgres://somebody:hunter2@127.0.0.1:1/none"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\(STORAGE_FAILED\)\n$/);
    expect(stderr).not.toContain("hunter2");
  });
});
