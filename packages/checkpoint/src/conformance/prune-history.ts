import assert from "node:assert/strict";
import type { Checkpoint, CheckpointSaver } from "../types.js";
import type { ConformanceCase } from "./conformance-case.js";
import { at, metadata, newThread, newVersions, type ThreadFixture } from "./fixtures.js";
import { prune } from "./prune-cases.js";
import { type Random, randomOf } from "./random.js";
import { assertSame, type HistoryOptions, nextCheckpoint } from "./random-history.js";
import { changeState, firstState } from "./random-state.js";

interface Entry {
  readonly held: Checkpoint;
  readonly copy: Checkpoint;
  /** As it reads: gone once the parent is. */
  parentId: string | undefined;
}

/** One line of a thread and full copies of what must be in it. */
class Model {
  entries: Entry[] = [];
  readonly thread: ThreadFixture;

  constructor(
    private readonly saver: CheckpointSaver,
    private readonly random: Random,
  ) {
    this.thread = newThread(random.chance(0.5) ? "" : "lasting");
  }

  async grow(): Promise<void> {
    const { random, saver, thread } = this;
    const parent = random.chance(0.8) ? this.entries.at(-1) : this.entries[random.below(this.entries.length)];
    const readBack = parent !== undefined && random.chance(0.3) ? (await saver.getTuple(at(thread, parent.held)))?.checkpoint : undefined;
    const base = readBack ?? parent?.held;
    const state = base === undefined ? firstState(random) : changeState({ ...base.channel_values }, random, readBack !== undefined);
    const held = nextCheckpoint(state, base, random, false);
    const config = base === undefined ? thread.config : at(thread, base);
    await saver.put(config, held, metadata(0), newVersions(held, base), random.chance(0.8) ? base : undefined);
    this.entries.push({ held, copy: structuredClone(held), parentId: base?.id });
    if (random.chance(0.3)) await saver.putWrites(at(thread, held), [["text", random.below(9)]], "task");
  }

  async prune(): Promise<void> {
    const keepLast = 1 + this.random.below(Math.max(2, this.entries.length));
    const { checkpoints } = await prune(this.saver, { threadId: this.thread.threadId, keepLast });
    const before = this.entries.length;
    this.entries = this.entries.slice(-keepLast);
    assert.equal(checkpoints, before - this.entries.length);
    const ids = new Set(this.entries.map(({ copy }) => copy.id));
    for (const entry of this.entries) if (entry.parentId !== undefined && !ids.has(entry.parentId)) entry.parentId = undefined;
  }

  async compare(): Promise<void> {
    for (const { copy, parentId } of this.entries) {
      const tuple = await this.saver.getTuple(at(this.thread, copy));
      assertSame(tuple?.checkpoint, copy);
      assert.equal(tuple?.parentConfig?.configurable?.checkpoint_id, parentId);
    }
    const listed: (Checkpoint | undefined)[] = [];
    for await (const { checkpoint } of this.saver.list(this.thread.config)) listed.unshift(checkpoint);
    assert.equal(listed.length, this.entries.length, "list returns every checkpoint that stays");
    for (const [index, { copy }] of this.entries.entries()) assertSame(listed[index], copy);
  }
}

/**
 * Saves a random history that is pruned again and again, and compares what must be left with full copies after each time.
 * @throws AssertionError at the first difference.
 */
export async function runPrunedHistory(saver: CheckpointSaver, { seed, steps, jsonOnly = false }: HistoryOptions): Promise<void> {
  const random = randomOf(seed, jsonOnly);
  const model = new Model(saver, random);
  for (let step = 0; step < steps; step++) {
    await model.grow();
    if (!random.chance(0.12)) continue;
    await model.prune();
    await model.compare();
  }
  await model.compare();
}

export const pruneHistoryCases: readonly ConformanceCase[] = [1, 2, 3, 4].map((seed) => ({
  name: `a random history that is pruned again and again reads back exactly (seed ${seed})`,
  run: (saver) => runPrunedHistory(saver, { seed, steps: 100, jsonOnly: true }),
}));
