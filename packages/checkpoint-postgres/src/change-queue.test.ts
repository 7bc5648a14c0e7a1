import { CheckpointError } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { type Change, type Part, pointKey } from "./change.js";
import { ChangeQueue } from "./change-queue.js";
import type { Grouped } from "./group-parameters.js";
import type { PointRow } from "./line-memory.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));
const idOf = (part: Part) => (part.kind === "checkpoint" ? part.id : part.kind);
const SIZES = { liveSize: 1, chainSize: 1, patchCount: 0 };

interface Options {
  readonly after?: string;
  readonly parentRow?: PointRow;
  readonly data?: string;
  readonly run?: () => Promise<string>;
}

/** A queue whose groups are committed when the test says so. */
function recorder({ byHand = false, made = (_: string): boolean => true } = {}) {
  const groups: string[][] = [];
  const alone: string[] = [];
  const waiting: (() => void)[] = [];
  const queue = new ChangeQueue(async (group: readonly Grouped[]) => {
    groups.push(group.map(({ part }) => idOf(part)));
    if (byHand) await new Promise<void>((resolve) => waiting.push(resolve));
    return group.map(({ threadId, part }) => {
      const isMade = made(threadId);
      if (isMade && part.kind === "checkpoint") part.row.pk = 1;
      return isMade;
    });
  });
  const put = (threadId: string, id: string, { after, parentRow, data = "", run }: Options = {}) => {
    const row: PointRow = { pk: undefined, line: undefined };
    const parent = parentRow === undefined ? undefined : { id: after ?? "", row: parentRow, sizes: SIZES };
    const part: Part = { kind: "checkpoint", ns: "", id, parentId: after, parent, isPatch: false, sizes: SIZES, metadata: "", data, row };
    const change: Change<string> = {
      threadId,
      part: run === undefined ? part : undefined,
      value: "together",
      makes: pointKey("", id),
      needs: after === undefined ? undefined : pointKey("", after),
      run: async () => {
        alone.push(id);
        await run?.();
        return "alone";
      },
    };
    const saved = queue.add(change);
    saved.catch(() => undefined);
    return { row, saved };
  };
  return { queue, put, groups, alone, commit: () => waiting.shift()?.() };
}

describe("a change queue", () => {
  it("commits together what is handed in at the same moment, also by what goes on in promises", async () => {
    const { put, groups } = recorder();
    const first = put("a", "a1");
    const later = Promise.resolve().then(() => Promise.resolve().then(() => put("b", "b1").saved));
    expect(await Promise.all([first.saved, later, put("c", "c1").saved])).toEqual(["together", "together", "together"]);
    expect(groups).toEqual([["a1", "c1", "b1"]]);
  });

  it("lets two groups be under way at once, and gathers what comes meanwhile", async () => {
    const { put, groups, commit, queue } = recorder({ byHand: true });
    for (const id of ["1", "2", "3", "4"]) {
      put(id, id);
      await turn();
    }
    expect(groups).toEqual([["1"], ["2"]]);
    commit();
    await turn();
    expect(groups).toEqual([["1"], ["2"], ["3", "4"]]);
    commit();
    commit();
    await queue.drained();
  });

  it("has one group of a thread under way, whatever else is free", async () => {
    const { put, groups, commit, queue } = recorder({ byHand: true });
    const first = put("a", "a1");
    await turn();
    put("a", "a2", { after: "a1", parentRow: first.row });
    put("b", "b1");
    await turn();
    expect(groups).toEqual([["a1"], ["b1"]]);
    commit();
    await turn();
    expect(groups.at(-1)).toEqual(["a2"]);
    commit();
    commit();
    await queue.drained();
  });

  it("never makes a group of more than some hundreds, nor of many megabytes", async () => {
    const { put, groups, queue } = recorder();
    for (let n = 0; n < 600; n++) put(`t${n}`, String(n));
    await queue.drained();
    expect(groups.map((group) => group.length)).toEqual([256, 256, 88]);
    for (let n = 0; n < 30; n++) put(`t${n}`, String(n), { data: "x".repeat(400_000) });
    await queue.drained();
    expect(groups.slice(3).map((group) => group.length)).toEqual([10, 10, 10]);
    let row: PointRow | undefined;
    for (let n = 0; n < 300; n++) row = put("one", `one${n}`, row === undefined ? {} : { after: `one${n - 1}`, parentRow: row }).row;
    await queue.drained();
    expect(groups.slice(6).map((group) => group.length)).toEqual([256, 44]);
    expect(groups.slice(6).flat()).toEqual(Array.from({ length: 300 }, (_, n) => `one${n}`));
  });

  it("makes by themselves, in their order, what was left of a thread", async () => {
    const { put, groups, alone, queue } = recorder({ made: (thread) => thread !== "a" });
    const first = put("a", "a1");
    const changes = [first, put("a", "a2", { after: "a1", parentRow: first.row }), put("b", "b1")];
    const third = put("a", "a3", { run: async () => "" });
    expect(await Promise.all(changes.map(({ saved }) => saved))).toEqual(["alone", "alone", "together"]);
    await third.saved;
    expect([groups, alone]).toEqual([[["a1", "a2", "b1"]], ["a1", "a2", "a3"]]);
    await queue.drained();
  });

  it("lets a change go by itself between others of its thread, and other threads go on", async () => {
    const { put, groups, alone, queue } = recorder();
    let release = () => {};
    put("a", "a1");
    put("a", "a2", { run: () => new Promise((resolve) => (release = () => resolve(""))) });
    const last = put("a", "a3");
    await put("b", "b1").saved;
    await put("b", "b2").saved;
    expect([groups, alone]).toEqual([[["a1", "b1"], ["b2"]], ["a2"]]);
    release();
    await last.saved;
    expect(groups.at(-1)).toEqual(["a3"]);
    await queue.drained();
  });

  it("rejects what stands on a change that failed, also what is handed in before anybody was told, and nothing else", async () => {
    const { put, groups, queue } = recorder();
    const error = new CheckpointError("INVALID_ARGUMENT", "no");
    let fail = () => {};
    const failing = put("a", "a1", { run: () => new Promise((_, reject) => (fail = () => reject(error))) });
    const waiting = [put("a", "a2", { after: "a1" }), put("a", "a3", { after: "a2" }), put("a", "other")];
    fail();
    await expect(failing.saved).rejects.toBe(error);
    const late = put("a", "a4", { after: "a3" });
    const settled = await Promise.allSettled([...waiting, late].map(({ saved }) => saved));
    expect(settled.map((one) => (one.status === "rejected" ? one.reason : one.value))).toEqual([error, error, "together", error]);
    // Whoever was told may try again, and go on.
    await put("a", "a1").saved;
    await put("a", "a2", { after: "a1" }).saved;
    await turn();
    expect(groups).toEqual([["other"], ["a1"], ["a2"]]);
    await queue.drained();
  });
});

describe("a group that fails", () => {
  const failing = (error: unknown) => {
    const alone: string[] = [];
    const queue = new ChangeQueue(async () => {
      throw error;
    });
    const part: Part = { kind: "release", leaseId: "l" };
    const add = (threadId: string) =>
      queue.add({
        threadId,
        part,
        run: async () => {
          alone.push(threadId);
        },
      });
    return { add, alone };
  };
  const withCode = (code: string, retryable: boolean) =>
    new CheckpointError("STORAGE_FAILED", "x", { cause: Object.assign(new Error("x"), { code }), retryable });

  it.each(["23514", "22P05", "54000", "57014", "40001", "XX000"])(
    "with %s may be the fault of one: each is made by itself",
    async (code) => {
      const { add, alone } = failing(withCode(code, false));
      await Promise.all(["a", "b", "c"].map(add));
      expect(alone).toEqual(["a", "b", "c"]);
    },
  );

  it.each(["57P01", "08006", "53100", "25006", "ECONNRESET", "42P01", "55P03"])(
    "with %s is told to all, and none is tried again",
    async (code) => {
      const error = withCode(code, true);
      const { add, alone } = failing(error);
      const settled = await Promise.allSettled(["a", "b", "c"].map(add));
      expect(settled.map((one) => one.status === "rejected" && one.reason)).toEqual([error, error, error]);
      expect(alone).toEqual([]);
    },
  );
});
