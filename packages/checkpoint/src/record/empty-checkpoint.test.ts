import * as peer from "@langchain/langgraph-checkpoint";
import { describe, expect, it } from "vitest";
import { copyCheckpoint, emptyCheckpoint } from "./empty-checkpoint.js";

describe("checkpoints made by hand", () => {
  it("are empty as LangGraph's are, with an id and a time of their own", () => {
    const [one, other] = [emptyCheckpoint(), emptyCheckpoint()];
    const { id: _id, ts: _ts, ...rest } = peer.emptyCheckpoint();
    expect(one).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), ts: new Date(one.ts).toISOString(), ...rest });
    expect(one.id < other.id).toBe(true);
  });

  it("are copied so that neither sees what happens to the other's keys; values are shared", () => {
    const list = [1];
    const one = { ...emptyCheckpoint(), channel_values: { list }, channel_versions: { list: 1 }, versions_seen: { node: { list: 1 } } };
    const before = structuredClone(one);
    const copy = copyCheckpoint(one);
    expect(copy).toEqual(peer.copyCheckpoint(one));
    copy.channel_values.more = 1;
    copy.channel_versions.list = 2;
    copy.versions_seen.node!.list = 2;
    copy.versions_seen.other = {};
    expect(one).toEqual(before);
    expect(copy.channel_values.list).toBe(list);
  });
});
