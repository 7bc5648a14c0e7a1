// An agent that is killed before any write goes on in the next process: what was approved runs once, what was rejected never.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Durability } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../../..", import.meta.url));
const libraries = join(packages, "..", "node_modules");
const home = mkdtempSync(join(tmpdir(), "holdpoint-agent-crash-home-"));
const child = join(home, "child.mjs");

/** Copies the built packages, so that nobody who builds them meanwhile changes what the processes run. */
function installBuilt(): void {
  for (const name of ["checkpoint", "checkpoint-sqlite", "core", "prebuilt"]) {
    const dist = join(packages, name, "dist");
    if (!existsSync(join(dist, "index.js"))) {
      throw new Error(`These tests start processes that use the built packages, and ${dist} is missing. Run "npm run build" first.`);
    }
    cpSync(dist, join(home, "node_modules/@holdpoint", name, "dist"), { recursive: true });
    cpSync(join(packages, name, "package.json"), join(home, "node_modules/@holdpoint", name, "package.json"));
  }
  for (const library of ["libsql", "better-sqlite3", "@langchain/core", "zod"]) {
    const link = join(home, "node_modules", library);
    mkdirSync(dirname(link), { recursive: true });
    if (existsSync(join(libraries, library))) symlinkSync(join(libraries, library), link);
  }
  cpSync(fileURLToPath(new URL("child.mjs", import.meta.url)), child);
}

interface Exit {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** One thread: its file, what its tools did, and the processes that run it one after the other. */
class Thread {
  readonly #folder = mkdtempSync(join(tmpdir(), "holdpoint-agent-crash-"));
  readonly #effects = join(this.#folder, "effects");

  constructor(
    private readonly version: string,
    readonly durability: Durability,
  ) {}

  live(number = 0): Promise<Exit> {
    const args = [join(this.#folder, "threads.db"), this.#effects, String(number), this.version, this.durability];
    const process = spawn("node", [child, ...args]);
    let output = "";
    let errors = "";
    process.stdout.on("data", (data) => {
      output += data;
    });
    process.stderr.on("data", (data) => {
      errors += data;
    });
    return new Promise((resolve, reject) => {
      process.once("error", reject).once("close", (code, signal) => resolve({ code, signal, output, errors }));
    });
  }

  /** Each line `TOOL ARGUMENT KEY`. */
  get effects(): string[] {
    return existsSync(this.#effects) ? readFileSync(this.#effects, "utf8").split("\n").filter(Boolean) : [];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const transcript = [
  ["human", "go", null],
  ["ai", "", null],
  ["tool", "pay approved", "accept"],
  ["tool", "look free", null],
  ["tool", expect.stringMatching(/refused in review[\s\S]*Too dear\./), "ignore"],
  ["ai", expect.stringMatching(/^pay approved; look free; This call/), null],
];

function checkEnd(place: string, { code, errors, output }: Exit, thread: Thread): void {
  expect([place, code, errors]).toEqual([place, 0, ""]);
  expect([place, JSON.parse(output).messages]).toEqual([place, transcript]);
  // Whoever heeds the key does each once, however often it was tried.
  const done = [...new Set(thread.effects)].map((line) => line.split(" ").slice(0, 2).join(" "));
  expect([place, done.filter((each) => each !== "look free")]).toEqual([place, ["pay approved"]]);
  const looked = done.length - 1;
  // What nobody had to approve can be done for a message of the model that was not saved before the process died: the model is asked again, and
  // calls anew. In "sync" the message is saved before any call of it runs.
  if (thread.durability === "sync") expect([place, looked]).toEqual([place, 1]);
  else expect([place, looked]).toEqual([place, expect.toBeOneOf([1, 2])]);
}

/** Kills a process before its nth write, and lets the next one finish; not killed: the run has fewer writes than that. */
async function killedOnce(
  version: string,
  durability: Durability,
  number: number,
): Promise<{ readonly killed: boolean; readonly paidAgain: boolean }> {
  const thread = new Thread(version, durability);
  try {
    const first = await thread.live(number);
    const killed = first.signal === "SIGKILL";
    // A result that was cut off is tried again once: no more.
    checkEnd(`killed before write ${number}`, killed ? await thread.live() : first, thread);
    expect(thread.effects.length).toBeLessThanOrEqual(killed ? 4 : 2);
    return { killed, paidAgain: thread.effects.filter((line) => line.startsWith("pay ")).length > 1 };
  } finally {
    thread.remove();
  }
}

describe("kill -9 of an agent", () => {
  beforeAll(installBuilt);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  // Every second write, from the first or the second on, so that the one that follows the approved effect is among them.
  it.each<[string, Durability, number]>([
    ["v2", "sync", 2],
    ["v2", "async", 2],
    ["v2", "exit", 2],
    ["v1", "sync", 1],
    ["v1", "async", 1],
    ["v1", "exit", 1],
  ])(
    "before any write (%s, %s, from write %d on): approved calls take effect once, rejected ones never",
    async (version, durability, first) => {
      let next = first;
      let ended = false;
      let retries = 0;
      const worker = async () => {
        while (!ended) {
          const number = next;
          next += 2;
          const { killed, paidAgain } = await killedOnce(version, durability, number);
          if (!killed) ended = true;
          if (paidAgain) retries++;
        }
      };
      await Promise.all([worker(), worker()]);
      // "exit" has few writes to die at.
      expect(next).toBeGreaterThan(durability === "exit" ? 7 : 10);
      // Some died between an approved effect and its saving: there the key is what keeps it from happening twice.
      expect(retries).toBeGreaterThan(0);
    },
  );

  it.each<[Durability]>([["sync"], ["async"], ["exit"]])(
    "before the third write of each process, again and again (%s)",
    async (durability) => {
      const thread = new Thread("v2", durability);
      let exit = await thread.live(3);
      let deaths = 0;
      while (exit.signal === "SIGKILL" && deaths < 50) {
        deaths++;
        exit = await thread.live(3);
      }
      checkEnd(`after ${deaths} deaths`, exit, thread);
      expect(deaths).toBeGreaterThan(durability === "exit" ? 1 : 3);
      thread.remove();
    },
  );
});
