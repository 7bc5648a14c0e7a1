import { existsSync, readFileSync } from "node:fs";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { describe, expect, it } from "vitest";
import { readAudit, verifyAudit } from "../src/index.js";
import { newFile } from "./support/each-saver.js";
import { runChild } from "./support/start-child.js";

const PEOPLE = ["ann", "bob", "cy", "dan"];
const THREADS = 40;
const names = Array.from({ length: THREADS }, (_, number) => `t${number}`);

/** What ran, as a file that nothing rolls back says. */
const effectsIn = (file: string): string[] => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").sort() : []);

async function race(database: string, effects: string, tasks: readonly (readonly [task: string, who: string])[]) {
  const start = String(Date.now() + 1500);
  return Promise.all(tasks.map(([task, who]) => runChild(task, database, effects, who, start, String(THREADS))));
}

describe("several processes on one SQLite file", () => {
  it("vote at once: each question is decided once, by the second of two people, and runs once", async () => {
    const [database, effects] = [newFile("threads.db"), newFile("effects.log")];
    await runChild("ask", database, effects, "asker", "0", String(THREADS));
    const said = await race(
      database,
      effects,
      PEOPLE.map((who) => ["vote", who] as const),
    );
    expect(effectsIn(effects)).toEqual(names.map((name) => `${name} true`).sort());
    const saver = SqliteSaver.fromConnString(database);
    for (const [index, thread] of names.entries()) {
      const outcomes = said.map((child) => child[index]?.outcome as string).sort();
      expect(outcomes).toEqual(["ALREADY_DECIDED", "ALREADY_DECIDED", "decided", "held"]);
      const voters: unknown[] = [];
      for await (const { data } of readAudit(saver, { threadId: thread, kind: ["voted", "decided"] }))
        voters.push((data as { by: { id: string } }).by.id);
      expect(new Set(voters).size).toBe(2);
      expect(voters).toHaveLength(2);
    }
    expect((await verifyAudit(saver)).kind).toBe("intact");
    saver.close();
  });

  it("sweep and answer late at once: each question expires once, and no late answer runs", async () => {
    const [database, effects] = [newFile("threads.db"), newFile("effects.log")];
    await runChild("ask-late", database, effects, "asker", "0", String(THREADS));
    const [first = [], second = [], ...late] = await race(database, effects, [
      ["sweep", "-"],
      ["sweep", "-"],
      ["late", "ann"],
      ["late", "bob"],
    ]);
    expect(effectsIn(effects)).toEqual(names.map((name) => `${name} false`).sort());
    expect([...first, ...second].flatMap(({ failed }) => failed)).toEqual([]);
    for (const outcome of late.flat().map((one) => one.outcome)) expect(["EXPIRED", "ALREADY_DECIDED"]).toContain(outcome);
    const saver = SqliteSaver.fromConnString(database);
    const decided: string[] = [];
    for await (const { threadId, data } of readAudit(saver, { kind: "decided" })) {
      decided.push(threadId);
      expect(data).toMatchObject({ by: { id: "deadline" }, value: false });
    }
    expect(decided.sort()).toEqual([...names].sort());
    expect((await verifyAudit(saver)).kind).toBe("intact");
    saver.close();
  });
});
