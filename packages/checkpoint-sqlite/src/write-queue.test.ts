import { CheckpointError } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import type { SqliteValue } from "./sqlite-handle.js";
import { type Rows, WriteQueue } from "./write-queue.js";

/** Transactions that were committed, each as the list of its changes. */
function recorder() {
  const committed: string[][] = [];
  let current: string[] = [];
  const queue = new WriteQueue((run) => {
    current = [];
    run();
    committed.push(current);
  });
  const change = (name: string) => () => {
    current.push(name);
    return name;
  };
  return { committed, queue, change };
}

describe("a write queue", () => {
  it("commits the first change of a turn at once, and those after it together", async () => {
    const { committed, queue, change } = recorder();
    const changes = ["a", "b", "c"].map((name) => queue.add({ run: change(name) }));
    expect(committed).toEqual([["a"]]);
    expect(await Promise.all(changes)).toEqual(["a", "b", "c"]);
    expect(committed).toEqual([["a"], ["b", "c"]]);
    await queue.add({ run: change("d") });
    expect(committed.at(-1)).toEqual(["d"]);
  });

  it("lets a change wait for the next one, or for the end of the turn", async () => {
    const { committed, queue, change } = recorder();
    const first = queue.add({ run: change("a"), mayWait: true });
    expect(committed).toEqual([]);
    await Promise.all([first, queue.add({ run: change("b") })]);
    expect(committed).toEqual([["a", "b"]]);
    await queue.add({ run: change("c"), mayWait: true });
    expect(committed).toEqual([["a", "b"], ["c"]]);
  });

  it("commits what waits when somebody reads, and never holds more than some hundreds", () => {
    const { committed, queue, change } = recorder();
    for (let n = 0; n < 600; n++) void queue.add({ run: change(String(n)) });
    expect(committed.map((group) => group.length)).toEqual([1, 256, 256]);
    queue.flush();
    expect(committed.flat()).toHaveLength(600);
    expect(committed.flat()).toEqual(Array.from({ length: 600 }, (_, n) => String(n)));
  });

  it("tells whoever failed by itself, and commits the others in their order", async () => {
    const { committed, queue, change } = recorder();
    const fails = () => {
      throw new CheckpointError("UNKNOWN_CHECKPOINT", "gone");
    };
    const changes = [
      queue.add({ run: change("a") }),
      queue.add({ run: change("b") }),
      queue.add({ run: fails }),
      queue.add({ run: change("c") }),
    ];
    const settled = await Promise.allSettled(changes);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(committed).toEqual([["a"], ["b", "c"]]);
  });

  it("tells all of them where the storage fails, and tries none again", async () => {
    let tries = 0;
    const queue = new WriteQueue(() => {
      tries++;
      throw new CheckpointError("STORAGE_BUSY", "locked", { retryable: true });
    });
    const changes = [1, 2, 3].map((n) => queue.add({ run: () => n }));
    const settled = await Promise.allSettled(changes);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(tries).toBe(2);
  });

  it("adds the rows of changes beside each other in one go, and runs each where that cannot be", async () => {
    const { committed, queue, change } = recorder();
    const added: (readonly (readonly SqliteValue[])[])[] = [];
    const rows = (place: string, canAdd = true): Rows & { place: string } => ({
      place,
      values: [[place]],
      isBeside: (other) => (other as { place?: string }).place === place,
      addAll: (values) => {
        added.push(values);
        return canAdd;
      },
    });
    const add = (name: string, of?: Rows) => queue.add({ run: change(name), rows: of, mayWait: true });
    const one = [add("a", rows("here")), add("b", rows("here")), add("c"), add("d", rows("here")), add("e", rows("there"))];
    expect(await Promise.all(one)).toEqual([true, true, "c", "d", "e"]);
    expect(added).toEqual([[["here"], ["here"]]]);
    expect(committed).toEqual([["c", "d", "e"]]);
    await Promise.all([add("f", rows("here", false)), add("g", rows("here", false)), add("h", rows("here", false))]);
    expect(added.slice(1)).toEqual([[["here"], ["here"], ["here"]]]);
    expect(committed.at(-1)).toEqual(["f", "g", "h"]);
  });
});
