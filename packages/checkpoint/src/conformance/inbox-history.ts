import assert from "node:assert/strict";
import type { InboxItem, InterruptQuery } from "../inbox/inbox-types.js";
import type { Checkpoint, CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, childOf, firstCheckpoint, newThread, put, type ThreadFixture } from "./fixtures.js";
import { ask, page, question, readAll, second } from "./inbox-fixtures.js";
import { type Random, randomOf } from "./random.js";

interface Asked {
  readonly id: string;
  readonly task: string;
  /** Seconds, as in {@link second}. */
  readonly at: number;
  readonly graph: string;
  assignees: readonly string[];
  expires: number | undefined;
}

/** One checkpoint of the model: what was saved beside it, and nothing that follows from it. */
interface Point {
  readonly checkpoint: Checkpoint;
  readonly asked: Map<string, Asked>;
  readonly lists: Map<string, readonly string[]>;
  readonly finished: Set<string>;
  readonly decisions: Map<string, { readonly revision: number; readonly refused: boolean }>;
}

interface Thread {
  readonly fixture: ThreadFixture;
  points: Point[];
}

const TASKS = ["t1", "t2"];
const PEOPLE = ["ann", "bob"];
const GRAPHS = ["desk", "shop"];

/** Writes the history of a few threads, and keeps what was written. */
class Model {
  /** Questions, in the order in which they were first saved. */
  readonly order: { readonly thread: Thread; readonly point: Point; readonly asked: Asked }[] = [];
  readonly threads: Thread[] = Array.from({ length: 3 }, () => ({ fixture: newThread(), points: [] }));

  constructor(
    private readonly saver: CheckpointSaver,
    private readonly random: Random,
  ) {}

  async step(): Promise<void> {
    const { random } = this;
    const thread = random.pick(this.threads);
    if (thread.points.length === 0 || random.chance(0.12)) return this.#put(thread);
    const point = random.chance(0.8) ? thread.points.at(-1)! : random.pick(thread.points);
    if (random.chance(0.45)) return this.#ask(thread, point);
    if (random.chance(0.15)) return this.#finish(thread, point);
    if (random.chance(0.1)) return this.#putAgain(thread, point);
    if (random.chance(0.04)) return this.#delete(thread);
    return this.#decide(thread, point);
  }

  async #put(thread: Thread): Promise<void> {
    const parent = thread.points.at(-1)?.checkpoint;
    const checkpoint = parent === undefined ? firstCheckpoint({}) : childOf(parent, { n: 1 });
    await put(this.saver, thread.fixture, checkpoint, parent);
    thread.points.push({ checkpoint, asked: new Map(), lists: new Map(), finished: new Set(), decisions: new Map() });
  }

  async #putAgain(thread: Thread, { checkpoint }: Point): Promise<void> {
    await put(this.saver, thread.fixture, { ...checkpoint, ts: `${checkpoint.ts} again` });
  }

  async #ask(thread: Thread, point: Point): Promise<void> {
    const { random } = this;
    const task = random.pick(TASKS);
    const ids = [0, 1, 2].filter(() => random.chance(0.6)).map((n) => `${task}-${n}`);
    const asked = ids.map((id): Asked => {
      const expires = random.chance(0.5) ? random.below(60) : undefined;
      const assignees = PEOPLE.filter(() => random.chance(0.4));
      const known = point.asked.get(id);
      if (known === undefined) return { id, task, at: random.below(8), graph: random.pick(GRAPHS), assignees, expires };
      return Object.assign(known, { assignees, expires });
    });
    const records = asked.map((one) => {
      const expiresAt = one.expires === undefined ? {} : { expiresAt: second(one.expires) };
      return question(one.id, { at: second(one.at), graph: one.graph, terms: { assignees: one.assignees, ...expiresAt } });
    });
    await ask(this.saver, at(thread.fixture, point.checkpoint), task, ...records);
    point.lists.set(task, ids);
    for (const one of asked) {
      if (point.asked.has(one.id)) continue;
      point.asked.set(one.id, one);
      this.order.push({ thread, point, asked: one });
    }
  }

  async #finish(thread: Thread, point: Point): Promise<void> {
    const task = this.random.pick(TASKS);
    await this.saver.putWrites(at(thread.fixture, point.checkpoint), [["result", 1]], task);
    point.finished.add(task);
  }

  async #delete(thread: Thread): Promise<void> {
    await this.saver.deleteThread(thread.fixture.threadId);
    thread.points = [];
    for (let index = this.order.length - 1; index >= 0; index--) if (this.order[index]?.thread === thread) this.order.splice(index, 1);
  }

  async #decide(thread: Thread, point: Point): Promise<void> {
    const { random, saver } = this;
    if (saver.recordDecisions === undefined) return;
    const ids = TASKS.flatMap((task) => [0, 1, 2].map((n) => `${task}-${n}`)).filter(() => random.chance(0.3));
    const late = random.chance(0.2) ? 1 : 0;
    const decisions = ids.map((id) => {
      const revision = (point.decisions.get(id)?.revision ?? -1) + 1 + late;
      return { interruptId: id, value: 1, at: second(1), revision, ...(random.chance(0.4) ? { refused: [{ message: "no" }] } : {}) };
    });
    const { kind } = await saver.recordDecisions(at(thread.fixture, point.checkpoint), decisions);
    assert.equal(kind, late === 1 && ids.length > 0 ? "conflict" : "recorded");
    if (kind === "conflict") return;
    for (const { interruptId, revision, refused } of decisions)
      point.decisions.set(interruptId, { revision, refused: refused !== undefined });
  }

  statusOf({ thread, point, asked }: (typeof this.order)[number]): InboxItem["status"] {
    const decision = point.decisions.get(asked.id);
    if (decision !== undefined && !decision.refused) return "decided";
    const isAsked = point.lists.get(asked.task)?.includes(asked.id) === true && !point.finished.has(asked.task);
    return isAsked && thread.points.at(-1) === point ? "pending" : "closed";
  }

  /** Compares what a random query finds with the model. */
  async compare(): Promise<void> {
    const { random } = this;
    const maybe = <T>(value: T): T | undefined => (random.chance(0.3) ? value : undefined);
    const thread = random.pick(this.threads);
    const query: InterruptQuery = {
      status: random.pick(["pending", "decided", "closed", "any"] as const),
      threadId: maybe(thread.fixture.threadId),
      graph: maybe(random.pick(GRAPHS)),
      assignee: maybe(random.pick(PEOPLE)),
      expiresBefore: maybe(second(30)),
      order: random.pick(["newest", "oldest"] as const),
      limit: 1 + random.below(12),
    };
    const matching = this.order.filter((entry) => {
      const { graph, assignees, expires } = entry.asked;
      if (query.status !== "any" && query.status !== this.statusOf(entry)) return false;
      if (query.threadId !== undefined && entry.thread !== thread) return false;
      if (query.graph !== undefined && query.graph !== graph) return false;
      if (query.assignee !== undefined && assignees.length > 0 && !assignees.includes(query.assignee)) return false;
      return query.expiresBefore === undefined || (expires !== undefined && expires < 30);
    });
    const expected = matching
      .sort((a, b) => a.asked.at - b.asked.at || this.order.indexOf(a) - this.order.indexOf(b))
      .map((entry) => [entry.thread.fixture.threadId, entry.asked.id, this.statusOf(entry)]);
    if (query.order === "newest") expected.reverse();
    const found = (await readAll(this.saver, query)).map(({ threadId, id, status }) => [threadId, id, status]);
    assert.deepEqual(found, expected, JSON.stringify(query));
  }
}

/**
 * Runs a random sequence of whatever touches an inbox, and compares it after each step with a model that knows only what is saved.
 * The saver must hold nothing else. @throws AssertionError at the first difference
 */
export async function runRandomInbox(
  saver: CheckpointSaver,
  { seed, steps }: { readonly seed: number; readonly steps: number },
): Promise<void> {
  assert.deepEqual((await page(saver, { status: "any" })).items, [], "the storage is empty");
  const model = new Model(saver, randomOf(seed, true));
  for (let step = 0; step < steps; step++) {
    await model.step();
    await model.compare();
  }
}

export const inboxHistoryCases: readonly ConformanceCase[] = [1, 2, 3, 4].map((seed) => ({
  name: `a random history of questions is in step with what is saved, after each of its steps (seed ${seed})`,
  run: (saver) => runRandomInbox(saver, { seed, steps: 120 }),
}));
