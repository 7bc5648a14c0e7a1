import assert from "node:assert/strict";
import type { CheckpointSaver } from "../../types.js";
import { collect } from "../fixtures.js";
import { parentOf, stateAt } from "./crash-script.js";

/** Every step of a thread up to the newest is there, with its state and its parent. */
export async function checkThread(saver: CheckpointSaver, threadId: string): Promise<number> {
  const line = { configurable: { thread_id: threadId, checkpoint_ns: "" } };
  const tuples = await collect(saver.list(line));
  const steps = new Map(tuples.map((tuple) => [tuple.checkpoint.id, Number(tuple.checkpoint.channel_values.step)]));
  for (const { checkpoint, parentConfig, metadata } of tuples) {
    const step = Number(checkpoint.channel_values.step);
    assert.deepEqual(checkpoint.channel_values, stateAt(step), `the state of step ${step} in ${threadId} is another one`);
    assert.equal(metadata?.step, step, `the metadata of step ${step} in ${threadId} are another checkpoint's`);
    const parent = steps.get(String(parentConfig?.configurable?.checkpoint_id));
    assert.equal(parent ?? -1, parentOf(step), `the parent of step ${step} in ${threadId} is another one, or gone`);
  }
  const newest = tuples.length - 1;
  assert.deepEqual(
    [...steps.values()].toSorted((a, b) => b - a),
    Array.from(tuples, (_, index) => newest - index),
    `steps of ${threadId}`,
  );
  assert.deepEqual((await saver.getTuple(line))?.checkpoint, tuples[0]?.checkpoint, `getTuple and list agree on the newest of ${threadId}`);
  return newest;
}
