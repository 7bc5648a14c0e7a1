import assert from "node:assert/strict";
import type { CheckpointConfig, CheckpointPendingWrite, CheckpointSaver, Decision } from "../../types.js";
import { firstCheckpoint, metadata, newVersions } from "../fixtures.js";
import type { Json } from "./job.js";
import type { Race } from "./race.js";

const QUESTIONS = 60;
const AT = "2026-01-01T00:00:00.000Z";

const line = (thread: string): CheckpointConfig => ({ configurable: { thread_id: thread, checkpoint_ns: "" } });
const at = (thread: string, id: Json): CheckpointConfig => ({
  configurable: { thread_id: thread, checkpoint_ns: "", checkpoint_id: String(id) },
});

async function prepare(saver: CheckpointSaver, thread: string): Promise<string> {
  const checkpoint = firstCheckpoint({ a: 1 });
  const config = await saver.put(line(thread), checkpoint, metadata(0), newVersions(checkpoint));
  const questions = Array.from({ length: QUESTIONS }, (_, n) => ({ id: `q${n}`, value: n, ns: [] }));
  await saver.putWrites(config, [["__interrupt__", questions]], "asking");
  return checkpoint.id;
}

async function standing(saver: CheckpointSaver, thread: string): Promise<Map<string, Decision>> {
  const writes: CheckpointPendingWrite[] = (await saver.getTuple(line(thread)))?.pendingWrites ?? [];
  const decisions = writes.filter(([, channel]) => channel === "__resume__").map(([id, , value]) => [id, value as Decision] as const);
  assert.equal(new Set(decisions.map(([id]) => id)).size, decisions.length, "no question has two decisions");
  return new Map(decisions);
}

interface Answer {
  readonly [key: string]: Json;
  readonly won: boolean;
  /** Who the saver says has decided. */
  readonly standing: string;
}

export const decisionRaces: readonly Race[] = [
  {
    name: "answer the same questions: each is decided once, and the others are told by whom",
    capability: "recordDecisions",
    prepare: (saver) => prepare(saver, "answers"),
    run: async (saver, { name, shared }) => {
      const answers: Answer[] = [];
      for (let n = 0; n < QUESTIONS; n++) {
        const outcome = await saver.recordDecisions!(at("answers", shared), [{ interruptId: `q${n}`, value: name, at: AT, revision: 0 }]);
        const won = outcome.kind === "recorded";
        answers.push({ won, standing: won ? name : String(outcome.recorded[0]?.value) });
      }
      return answers;
    },
    verify: async (saver, { names }, results) => {
      const decisions = await standing(saver, "answers");
      assert.equal(decisions.size, QUESTIONS);
      for (let n = 0; n < QUESTIONS; n++) {
        const said = names.map((name) => ({ name, ...(results[name] as unknown as Answer[])[n]! }));
        const winners = said.filter(({ won }) => won).map(({ name }) => name);
        assert.deepEqual(winners, [decisions.get(`q${n}`)?.value], `those who were told that they decided question ${n}`);
        assert.deepEqual(
          said.map((one) => one.standing),
          names.map(() => winners[0]),
          "all are told who decided",
        );
      }
      if (!saver.listInterrupts) return;
      assert.equal((await saver.listInterrupts({ threadId: "answers", status: "decided" })).items.length, QUESTIONS);
    },
  },
  {
    name: "answer overlapping sets of questions: each set counts whole, or not at all",
    capability: "recordDecisions",
    prepare: (saver) => prepare(saver, "sets"),
    run: async (saver, { name, names, shared }) => {
      const own = names.indexOf(name);
      const won: number[] = [];
      for (let n = 0; n < QUESTIONS - 4; n++) {
        // In different orders, which deadlocks a storage that locks row by row.
        const ids = [n, n + 1, n + 2 + (own % 2)].map((question) => `q${question}`);
        const decisions = (own % 2 === 0 ? ids : ids.toReversed()).map((id) => ({
          interruptId: id,
          value: { name, set: n },
          at: AT,
          revision: 0,
        }));
        const drafts = decisions.map(({ interruptId }) => ({ at: AT, kind: "decided", data: { id: interruptId, name, set: n } }));
        const outcome = await saver.recordDecisions!(at("sets", shared), decisions, saver.appendJournal ? drafts : []);
        if (outcome.kind === "recorded") won.push(n);
        else assert.ok(outcome.recorded.length > 0, "a conflict names what stands");
      }
      return won;
    },
    verify: async (saver, { names }, results) => {
      const found = new Map<string, number>();
      const decisions = await standing(saver, "sets");
      for (const { value } of decisions.values()) {
        const { name, set } = value as { name: string; set: number };
        found.set(`${name} ${set}`, (found.get(`${name} ${set}`) ?? 0) + 1);
      }
      const won = names.flatMap((name) => (results[name] as number[]).map((set) => `${name} ${set}`));
      assert.deepEqual([...found.keys()].toSorted(), won.toSorted(), "what counts is what was told to count");
      assert.deepEqual([...found.values()], Array(won.length).fill(3), "each set is whole");
      if (!saver.readJournal) return;
      const noted: unknown[] = [];
      for await (const { data } of saver.readJournal({ threadId: "sets" })) noted.push((data as { id: string }).id);
      assert.deepEqual(noted.toSorted(), [...decisions.keys()].toSorted(), "the journal tells of each decision once");
    },
  },
];
