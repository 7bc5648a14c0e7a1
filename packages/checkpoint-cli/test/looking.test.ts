import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encryptedSerializer } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { describe, expect, it } from "vitest";
import { runBin } from "./support/start-bin.js";
import { newFolder, newStorage, SECRET, saveThread } from "./support/storages.js";

describe("list and stats", () => {
  it("show threads with what they take and what waits, and no value", async () => {
    const file = await newStorage(["small", "large"]);
    const saver = SqliteSaver.fromConnString(file);
    await saveThread(saver, "larger still", 20);
    saver.close();
    const { code, stdout } = await runBin(["list", file]);
    expect(code).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toMatch(/^thread +checkpoints +writes +bytes +newest +waiting$/);
    expect(lines[1]).toMatch(/^"larger still" +21 +22 +\d+ +2026-01-01T00:00:00.000Z +1$/);
    expect(lines).toHaveLength(4);

    const { threads, listed } = JSON.parse((await runBin(["list", file, "--json", "--limit", "1"])).stdout);
    expect(threads).toBe(3);
    expect(listed).toEqual([expect.objectContaining({ threadId: "larger still", checkpoints: 21, waiting: 1 })]);
    expect((await runBin(["list", file, "--limit", "1"])).stdout).toMatch(/… and 2 more threads: --limit\n$/);

    const stats = await runBin(["stats", file]);
    expect(stats.stdout).toMatch(/^3 threads, 33 checkpoints, 36 writes, [\d,]+ bytes\n$/);
    expect(JSON.parse((await runBin(["stats", file, "--json", "--thread", "small"])).stdout)).toMatchObject({ threads: 1, checkpoints: 6 });
    for (const text of [stdout, stats.stdout]) expect(text).not.toContain(SECRET);
  });

  it("of empty storage say so", async () => {
    expect((await runBin(["list", await newStorage([])])).stdout).toBe("No threads.\n");
  });

  it("print names that would act on a terminal as text", async () => {
    const file = await newStorage(["\u001b[2J\u001b]0;owned\u0007", "\u202egnp.exe", "new\nline", "a b", "日本語"]);
    const { stdout } = await runBin(["list", file]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(stdout.trim().split("\n")).toHaveLength(6);
    for (const name of ["\\u001b[2J\\u001b]0;owned\\u0007", "\\u202egnp.exe", '"new\\nline"', '"a b"', "日本語"])
      expect(stdout).toContain(name);
  });
});

describe("show", () => {
  it("shows checkpoints, the newest first, and values only when asked to", async () => {
    const file = await newStorage(["alpha"]);
    const { code, stdout } = await runBin(["show", file, "alpha"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain(SECRET);
    expect(stdout.split("\n\n")).toHaveLength(6);
    expect(stdout).toMatch(/loop 0 {2}in gate:1/);
    expect(stdout).toMatch(/messages: list of 5, [\d,]+ characters/);
    expect(stdout).toContain('by gate: asks "alpha asked", "alpha answered"');
    expect(stdout).toContain("answered\n");

    const shown = await runBin(["show", file, "alpha", "--values", "--ns", "", "--limit", "1"]);
    expect(shown.stdout).toContain(`text: '${SECRET} 4'`);
    expect(shown.stdout.split("\n\n")).toHaveLength(1);
  });

  it("says that there is no such thread", async () => {
    const { code, stderr } = await runBin(["show", await newStorage(), "gamma"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/The thread "gamma" has no such checkpoint in /)]);
  });
});

describe("an encrypted storage", () => {
  const ring = { current: "a", keys: { a: Buffer.alloc(32, 7).toString("base64") } };

  it("is read with its keys, which come from a file", async () => {
    const folder = newFolder();
    const [file, keys] = [join(folder, "threads.db"), join(folder, "keys.json")];
    writeFileSync(keys, JSON.stringify(ring));
    const saver = SqliteSaver.fromConnString(file, { serializer: encryptedSerializer({ keys: ring }) });
    await saveThread(saver, "alpha");
    saver.close();
    expect((await runBin(["show", file, "alpha", "--keys", keys])).stdout).toContain("list of 5");
    expect((await runBin(["verify", file, "--keys", keys])).code).toBe(0);
    // What needs no key goes without.
    expect((await runBin(["stats", file])).stdout).toMatch(/^1 thread, 6 checkpoints/);
    expect((await runBin(["list", file])).stdout).toMatch(/alpha +6 +7 +\d+ +\? +\?/);
    expect(await runBin(["show", file, "alpha"])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(CORRUPT_DATA\)/) });
  });

  it.each([
    ["{ not json, but hunter2 }", /must hold JSON like/],
    ["[]", /must hold JSON like/],
    ['{"current":"a","keys":{"a":"hunter2"}}', /32 random bytes/],
    ['{"current":"b","keys":{}}', /current key/],
  ])("refuses the key file %s, and shows nothing of it", async (text, message) => {
    const keys = join(newFolder(), "keys.json");
    writeFileSync(keys, text);
    const { code, stderr } = await runBin(["stats", await newStorage(), "--keys", keys]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("hunter2");
  });
});
