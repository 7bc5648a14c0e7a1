// A process that is killed between any two writes loses nothing that was acknowledged, and does nothing again that was saved.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../../..", import.meta.url));
const libraries = join(packages, "..", "node_modules");
const home = mkdtempSync(join(tmpdir(), "holdpoint-crash-home-"));
const child = join(home, "child.mjs");
const OWN = "@holdpoint/checkpoint-sqlite";
/** A third party's saver, which has LangGraph's contract and nothing more. */
const PEER = "@langchain/langgraph-checkpoint-sqlite";

/** Copies the built packages, so that nobody who builds them meanwhile changes what the processes run. */
function installBuilt(): void {
  for (const name of ["checkpoint", "checkpoint-sqlite", "core"]) {
    const dist = join(packages, name, "dist");
    if (!existsSync(join(dist, "index.js"))) {
      throw new Error(`These tests start processes that use the built packages, and ${dist} is missing. Run "npm run build" first.`);
    }
    cpSync(dist, join(home, "node_modules/@holdpoint", name, "dist"), { recursive: true });
    cpSync(join(packages, name, "package.json"), join(home, "node_modules/@holdpoint", name, "package.json"));
  }
  mkdirSync(join(home, "node_modules/@langchain"));
  for (const library of ["libsql", "better-sqlite3", PEER]) {
    if (existsSync(join(libraries, library))) symlinkSync(join(libraries, library), join(home, "node_modules", library));
  }
  cpSync(fileURLToPath(new URL("child.mjs", import.meta.url)), child);
}

interface Exit {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** One thread: its file, its journal, and the processes that run it one after the other. */
class Thread {
  readonly #folder = mkdtempSync(join(tmpdir(), "holdpoint-crash-"));
  readonly #journal = join(this.#folder, "journal");

  constructor(
    private readonly durability: string,
    private readonly saver = OWN,
  ) {}

  live(moment = "before", number = 0): Promise<Exit> {
    const args = [join(this.#folder, "threads.db"), this.#journal, moment, String(number), this.durability, this.saver];
    const process = spawn("node", ["--no-warnings", child, ...args]);
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

  get journal(): string[] {
    return existsSync(this.#journal) ? readFileSync(this.#journal, "utf8").split("\n").filter(Boolean) : [];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Tasks whose code ran after their result was acknowledged; answers that were recorded twice. */
function repeated(journal: readonly string[]): string[] {
  const finished = new Set<string>();
  const wrong: string[] = [];
  for (const line of journal) {
    const [kind = "", what = ""] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    const levels = what.split("|");
    if (kind === "ran") {
      // Whatever is inside a finished task is finished too.
      if (levels.some((level) => finished.has(level.split(":")[1] ?? ""))) wrong.push(line);
    } else if (kind === "task") {
      finished.add(what);
    } else if (kind === "saved") {
      finished.add(levels.at(-1)?.split(":")[1] ?? "");
    } else if (kind === "answer") {
      if (finished.has(line)) wrong.push(line);
      finished.add(line);
    }
  }
  return wrong;
}

async function undisturbed(durability: string, saver = OWN): Promise<{ readonly output: string; readonly writes: number }> {
  const thread = new Thread(durability, saver);
  const { output, code, errors } = await thread.live();
  expect([code, errors]).toEqual([0, ""]);
  expect(repeated(thread.journal)).toEqual([]);
  const writes = thread.journal.filter((line) => !/^(ran|saved) /.test(line)).length;
  thread.remove();
  return { output, writes };
}

/** Kills one process at its nth write, and lets the next one finish. False once the run has fewer writes than that. */
async function killedOnce(durability: string, saver: string, number: number, expected: string): Promise<boolean> {
  const thread = new Thread(durability, saver);
  const first = await thread.live("before", number);
  if (first.signal !== "SIGKILL") {
    expect([first.code, first.errors]).toEqual([0, ""]);
    thread.remove();
    return false;
  }
  const acknowledged = thread.journal;
  const second = await thread.live();
  const place = `killed before write ${number}`;
  expect([place, second.code, second.errors]).toEqual([place, 0, ""]);
  expect([place, second.output]).toEqual([place, expected]);
  expect([place, repeated(thread.journal)]).toEqual([place, []]);
  // Nothing acknowledged is taken back.
  expect(thread.journal.slice(0, acknowledged.length)).toEqual(acknowledged);
  thread.remove();
  return true;
}

/** Dies once at each write, or at every so many, in runs of their own. Gives the number of the first write that no run came to. */
async function everyWrite(durability: string, saver: string, every: number, expected: string): Promise<number> {
  let next = 1;
  let ended = false;
  const worker = async () => {
    while (!ended) {
      const number = next;
      next += every;
      if (!(await killedOnce(durability, saver, number, expected))) ended = true;
    }
  };
  await Promise.all([worker(), worker()]);
  return next;
}

describe("kill -9", () => {
  beforeAll(installBuilt);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  // The file holds the same after one write as before the next one; before it, more code has run.
  it.each([
    ["sync", OWN, 1],
    ["async", OWN, 3],
    ["exit", OWN, 1],
    ["sync", PEER, 9],
    ["async", PEER, 11],
    ["exit", PEER, 7],
  ])(
    "before any write (%s, %s, every %d): the next process ends the run, and repeats nothing that was saved",
    async (durability, saver, every) => {
      const { output, writes } = await undisturbed(durability, saver);
      expect(JSON.parse(output).state.log).toContain("gate: yes to <first?> yes to <second, after yes to <first?>?>");
      const processes = await everyWrite(durability, saver, every, output);
      // Every write was a place to die at.
      expect(processes).toBeGreaterThan(writes);
    },
    180_000,
  );

  it("after each single write: a hundred deaths later the thread is where it would have been", async () => {
    const { output } = await undisturbed("sync");
    const thread = new Thread("sync");
    let exit = await thread.live("after", 1);
    let deaths = 0;
    while (exit.signal === "SIGKILL" && deaths < 300) {
      deaths++;
      exit = await thread.live("after", 1);
    }
    expect([exit.code, exit.errors, exit.output]).toEqual([0, "", output]);
    expect(repeated(thread.journal)).toEqual([]);
    expect(deaths).toBeGreaterThan(40);
    thread.remove();
  }, 180_000);
});
