import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { describe, expect, it } from "vitest";
import { runBin } from "./support/start-bin.js";
import { newFolder, newStorage, readFile, SECRET, saveThread } from "./support/storages.js";

describe("export and import", () => {
  it("take every thread to another file, whole", async () => {
    const file = await newStorage(["alpha", "beta", "__proto__", "日本語"]);
    const { code, stdout, stderr } = await runBin(["export", file]);
    expect([code, stderr]).toEqual([0, "4 threads exported.\n"]);
    const target = join(newFolder(), "copy.db");
    const imported = await runBin(["import", target, "-"], stdout);
    expect(imported).toEqual({ code: 0, stdout: "4 threads (24 checkpoints, 28 writes) imported.\n", stderr: "" });
    for (const thread of ["alpha", "beta", "__proto__", "日本語"])
      expect(await readFile(target, thread)).toEqual(await readFile(file, thread));
    const saver = SqliteSaver.fromConnString(target);
    expect((await saver.listInterrupts()).items.map(({ id }) => id).sort()).toEqual(
      ["__proto__ asked", "alpha asked", "beta asked", "日本語 asked"].sort(),
    );
    saver.close();
    expect((await runBin(["verify", target])).code).toBe(0);
  });

  it("take some threads, and write a new file that only its owner reads", async () => {
    const file = await newStorage();
    const out = join(newFolder(), "beta.jsonl");
    expect((await runBin(["export", file, "beta", "--out", out])).code).toBe(0);
    expect(statSync(out).mode & 0o077).toBe(0);
    const lines = readFileSync(out, "utf8").trim().split("\n");
    expect(JSON.parse(lines[0]!)).toMatchObject({ format: "holdpoint-checkpoints", version: 1 });
    expect(JSON.parse(lines.at(-1)!)).toEqual({ kind: "end", threadId: "beta", records: lines.length - 2 });
    expect(await runBin(["export", file, "--out", out])).toMatchObject({ code: 1, stderr: expect.stringMatching(/is there already/) });
    expect(await runBin(["export", file, "gamma"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/no thread "gamma"/),
    });
  });

  it("leave alone what is there: a thread is imported as a whole or not at all", async () => {
    const [file, target] = [await newStorage(["alpha", "beta", "gamma"]), await newStorage(["beta"])];
    const before = await readFile(target, "beta");
    const { stdout } = await runBin(["export", file]);
    const dry = await runBin(["import", target, "-", "--dry-run"], stdout);
    expect(dry).toMatchObject({ code: 1, stdout: "2 threads (12 checkpoints, 14 writes) would be imported, 1 failed.\n" });
    expect(await readFile(target, "alpha")).toEqual([]);
    const failed = await runBin(["import", target, "-"], stdout);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^beta: .*\(INVALID_ARGUMENT\)\n$/) });
    expect(await readFile(target, "gamma")).toHaveLength(6);
    const skipped = await runBin(["import", target, "-", "--skip-existing"], stdout);
    expect(skipped).toEqual({ code: 0, stdout: "0 threads (0 checkpoints, 0 writes) imported, 3 passed over.\n", stderr: "" });
    expect(await readFile(target, "beta")).toEqual(before);
  });

  it("refuse an input that is cut off, damaged, or something else, and save nothing of the thread", async () => {
    const { stdout } = await runBin(["export", await newStorage(["alpha", "beta"])]);
    const lines = stdout.trim().split("\n");
    const end = lines.findIndex((line) => line.includes('"end"'));
    const cases: [string, RegExp][] = [
      ["", /The input is empty/],
      ["hello\n", /Line 1 of the input is damaged: it cannot be read/],
      ["{}\n", /no export of holdpoint-checkpoint/],
      [stdout.replace('"version":1', '"version":2'), /version 2 of the format/],
      [lines.slice(0, end + 4).join("\n"), /cut off within the thread "beta"/],
      [lines.toSpliced(end + 2, 1).join("\n"), /(a change of one that does not come before it|has \d+ records, and should have)/],
      [lines.toSpliced(end, 1).join("\n"), /is not of the thread "alpha", whose end is missing/],
      [lines.with(end + 3, lines[end + 3]!.slice(0, -20)).join("\n"), /Line \d+ of the input is damaged: it cannot be read/],
      [lines.with(end + 3, '{"threadId":"beta","kind":"checkpoint"}').join("\n"), /not those of one thread.*Nothing was imported/],
    ];
    for (const [input, message] of cases) {
      const target = join(newFolder(), "target.db");
      const { code, stderr } = await runBin(["import", target, "-"], input);
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
      expect(stderr).not.toContain(SECRET);
      expect(await readFile(target, "beta")).toEqual([]);
    }
  });

  it("end quietly where nobody reads on", async () => {
    const file = await newStorage([]);
    const saver = SqliteSaver.fromConnString(file);
    for (let n = 0; n < 30; n++) await saveThread(saver, `thread-${n}`, 20);
    saver.close();
    const { spawnSync } = await import("node:child_process");
    const bin = new URL("../dist/main.js", import.meta.url).pathname;
    const { stdout, stderr } = spawnSync("sh", ["-c", `"$0" --no-warnings "$1" export "$2" | head -n 1`, process.execPath, bin, file], {
      encoding: "utf8",
    });
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(stderr).toBe("");
  });
});

describe("copy", () => {
  const ring = { current: "a", keys: { a: Buffer.alloc(32, 9).toString("base64") } };

  it("takes threads from plain to encrypted storage and back", async () => {
    const folder = newFolder();
    const [file, keys] = [await newStorage(), join(folder, "keys.json")];
    writeFileSync(keys, JSON.stringify(ring));
    const [encrypted, plain] = [join(folder, "encrypted.db"), join(folder, "plain.db")];
    const there = await runBin(["copy", file, encrypted, "--to-keys", keys]);
    expect(there).toMatchObject({ code: 0, stdout: "2 threads (12 checkpoints, 14 writes) copied.\n" });
    expect(there.stderr).toMatch(/^The 2 journals of .* stay where they are\.\n$/);
    expect(readFileSync(encrypted).includes(SECRET)).toBe(false);
    expect((await runBin(["copy", encrypted, plain, "alpha", "--keys", keys])).code).toBe(0);
    expect(await readFile(plain, "alpha")).toEqual(await readFile(file, "alpha"));
    expect(await readFile(plain, "beta")).toEqual([]);
  });

  it("says what it would do, and makes nothing", async () => {
    const target = join(newFolder(), "target.db");
    const file = await newStorage();
    expect(await runBin(["copy", file, target, "--dry-run"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 threads .* would be copied/),
    });
    expect(existsSync(target)).toBe(false);
    const other = await newStorage(["beta"]);
    const dry = await runBin(["copy", file, other, "--dry-run", "--skip-existing"]);
    expect(dry).toMatchObject({ code: 0, stdout: "1 thread (6 checkpoints, 7 writes) would be copied, 1 passed over.\n" });
    expect(await readFile(other, "alpha")).toEqual([]);
  });
});

describe("prune", () => {
  it("says what would go, and then lets it go", async () => {
    const file = await newStorage(["alpha", "beta"]);
    const before = await readFile(file, "alpha");
    const said = "6 checkpoints, 0 whole threads among them,";
    const options = ["prune", file, "--keep-last", "2"];
    expect(await runBin([...options, "--dry-run"])).toEqual({ code: 0, stdout: `${said} would be deleted.\n`, stderr: "" });
    expect(await readFile(file, "alpha")).toEqual(before);
    expect(await runBin(options)).toEqual({ code: 0, stdout: `${said} were deleted.\n`, stderr: "" });
    const after = await readFile(file, "alpha");
    expect(after.map(({ checkpoint }) => checkpoint)).toEqual(before.slice(0, 3).map(({ checkpoint }) => checkpoint));
    expect((await runBin(["verify", file])).code).toBe(0);
  });

  it("goes by age, and by thread", async () => {
    const file = await newStorage(["alpha", "beta"]);
    expect((await runBin(["prune", file, "--older-than", "1h"])).stdout).toMatch(/^0 checkpoints/);
    expect((await runBin(["prune", file, "--older-than", "2100-01-01", "--thread", "beta"])).stdout).toMatch(/^4 checkpoints/);
    expect(await readFile(file, "alpha")).toHaveLength(6);
    expect(await runBin(["prune", file, "--keep-last", "1", "--thread", "gamma"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no thread "gamma"/),
    });
  });
});
