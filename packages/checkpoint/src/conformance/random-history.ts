import assert from "node:assert/strict";
import { checkpointId, createSerializer } from "../index.js";
import type { ChannelVersion, Checkpoint, CheckpointSaver } from "../types.js";
import { at, metadata, newThread, newVersions, type ThreadFixture } from "./fixtures.js";
import { type Random, randomOf } from "./random.js";
import { type ChangedState, changeState, firstState } from "./random-state.js";

export interface HistoryOptions {
  /** Same seed, same history. */
  readonly seed: number;
  readonly steps: number;
  /** Whether the state holds what JSON can hold, and nothing else. Default false. */
  readonly jsonOnly?: boolean;
}

/** A checkpoint as its runtime holds it, and a copy made when it was put. */
interface Entry {
  readonly held: Checkpoint;
  readonly copy: Checkpoint;
  readonly parent: Entry | undefined;
}

/**
 * Saves a random history: states that grow, shrink, are edited, reordered and changed in place; forks from older checkpoints; parents passed
 * from memory, as read back, or not at all; versions that are ids or numbers. Then compares every checkpoint with a full copy.
 * @throws AssertionError at the first difference.
 */
export async function runRandomHistory(saver: CheckpointSaver, { seed, steps, jsonOnly = false }: HistoryOptions): Promise<void> {
  const random = randomOf(seed, jsonOnly);
  const thread = newThread(random.chance(0.5) ? "" : "node:1|sub:2");
  const numbered = random.chance(0.3);
  const entries = [await putEntry(saver, thread, firstState(random), undefined, random, numbered)];
  for (let step = 0; step < steps; step++) {
    const parent = random.chance(0.85) ? entries.at(-1)! : random.pick(entries);
    const isShared = random.chance(0.7);
    const held = isShared ? parent.held : await readBack(saver, thread, parent);
    const state = changeState({ ...held.channel_values }, random, !isShared);
    entries.push(await putEntry(saver, thread, state, { ...parent, held }, random, numbered));
    if (random.chance(0.1)) await saver.put(...putArguments(thread, entries.at(-1)!));
  }
  await compareAll(saver, thread, entries);
}

async function readBack(saver: CheckpointSaver, thread: ThreadFixture, entry: Entry): Promise<Checkpoint> {
  const tuple = await saver.getTuple(at(thread, entry.held));
  assert.ok(tuple, "a checkpoint that was put is there");
  return tuple.checkpoint;
}

async function putEntry(
  saver: CheckpointSaver,
  thread: ThreadFixture,
  state: ChangedState,
  parent: Entry | undefined,
  random: Random,
  numbered: boolean,
): Promise<Entry> {
  const held = nextCheckpoint(state, parent?.held, random, numbered);
  const entry: Entry = { held, copy: structuredClone(held), parent };
  const [config, checkpoint, meta, versions] = putArguments(thread, entry);
  await saver.put(config, checkpoint, meta, versions, random.chance(0.8) ? parent?.held : undefined);
  return entry;
}

/** A checkpoint of a state, as a child of `parent`. `numbered`: versions are numbers, not ids. */
export function nextCheckpoint(state: ChangedState, parent: Checkpoint | undefined, random: Random, numbered: boolean): Checkpoint {
  const id = checkpointId(parent?.id);
  const before = parent?.channel_versions ?? {};
  const version = (channel: string): ChannelVersion => (numbered ? Number(before[channel] ?? 0) + 1 : id);
  return {
    v: 4,
    id,
    ts: new Date().toISOString(),
    channel_values: state.values,
    channel_versions: { ...before, ...Object.fromEntries([...state.written].map((channel) => [channel, version(channel)])) },
    versions_seen: { ...parent?.versions_seen, [`node-${random.below(4)}`]: { ...before } },
  };
}

function putArguments(thread: ThreadFixture, { held, parent }: Entry): Parameters<CheckpointSaver["put"]> {
  return [parent === undefined ? thread.config : at(thread, parent.held), held, metadata(0), newVersions(held, parent?.held)];
}

async function compareAll(saver: CheckpointSaver, thread: ThreadFixture, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    const tuple = await saver.getTuple(at(thread, entry.held));
    assertSame(tuple?.checkpoint, entry.copy);
    assert.equal(tuple?.parentConfig?.configurable?.checkpoint_id, entry.parent?.copy.id);
  }
  const copies = new Map(entries.map(({ copy }) => [copy.id, copy]));
  for await (const { checkpoint } of saver.list(thread.config)) {
    assertSame(checkpoint, copies.get(checkpoint.id));
    copies.delete(checkpoint.id);
  }
  assert.equal(copies.size, 0, "list returns every checkpoint");
}

/** Equal, in the order of keys too: it shows in prompts and in what a person is shown. */
export function assertSame(actual: Checkpoint | undefined, expected: Checkpoint | undefined): void {
  assert.deepEqual(actual, expected);
  const { dumps } = createSerializer();
  assert.equal(dumps(actual?.channel_values), dumps(expected?.channel_values));
}
