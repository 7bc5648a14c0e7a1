import * as peer from "@langchain/langgraph-checkpoint";
import { expect, it } from "vitest";
import { MemorySaver } from "../memory/memory-saver.js";
import { copyCheckpoint, emptyCheckpoint } from "./empty-checkpoint.js";

it("an empty checkpoint has the peer's form, and an id and a time of its own", () => {
  const [one, other] = [emptyCheckpoint(), emptyCheckpoint()];
  const { id: _, ts: _ts, ...theirs } = peer.emptyCheckpoint();
  expect(one).toEqual({ ...theirs, id: one.id, ts: one.ts });
  expect(other.id > one.id).toBe(true);
  expect(Math.abs(Date.parse(one.ts) - Date.now())).toBeLessThan(10_000);
});

it("a saver takes it, and gives it back", async () => {
  const saver = new MemorySaver();
  const checkpoint = { ...emptyCheckpoint(), channel_values: { a: [1] }, channel_versions: { a: 1 } };
  const put = await saver.put({ configurable: { thread_id: "1" } }, checkpoint, { source: "update", step: 0, parents: {} }, { a: 1 });
  expect((await saver.getTuple(put))?.checkpoint).toEqual(checkpoint);
});

it("a copy shares the values of channels, and nothing else", () => {
  const list = [1];
  const before = { ...emptyCheckpoint(), channel_values: { list }, channel_versions: { list: 1 }, versions_seen: { node: { list: 1 } } };
  const copy = copyCheckpoint(before);
  expect(copy).toEqual(before);
  copy.channel_values.more = 2;
  copy.channel_versions.list = 2;
  copy.versions_seen.node!.list = 2;
  copy.versions_seen.other = {};
  expect(before).toMatchObject({ channel_versions: { list: 1 }, versions_seen: { node: { list: 1 } } });
  expect([Object.keys(before.channel_values), Object.keys(before.versions_seen)]).toEqual([["list"], ["node"]]);
  expect(copy.channel_values.list).toBe(list);
});
