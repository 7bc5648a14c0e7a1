import { expect, it } from "vitest";
import { asAsync } from "./as-async.js";

it("hands out what a generator yields, rejects with what it throws, and is over then", async () => {
  const items = asAsync(
    (function* () {
      yield 1;
      throw new Error("damaged");
    })(),
  );
  expect(await items.next()).toEqual({ value: 1, done: false });
  await expect(items.next()).rejects.toThrow("damaged");
  expect(await items.next()).toEqual({ value: undefined, done: true });
});

it("starts nothing before it is asked, and lets the generator end where the caller leaves", async () => {
  const done: string[] = [];
  function* numbers() {
    done.push("started");
    try {
      yield 1;
      yield 2;
    } finally {
      done.push("left");
    }
  }
  const items = asAsync(numbers());
  expect(done).toEqual([]);
  for await (const item of items) if (item === 1) break;
  expect(done).toEqual(["started", "left"]);
});

it("answers in the order of the calls, also where nobody waits", async () => {
  const items = asAsync([1, 2][Symbol.iterator]() as Generator<number, void, undefined>);
  expect(await Promise.all([items.next(), items.next(), items.next()])).toEqual([
    { value: 1, done: false },
    { value: 2, done: false },
    { value: undefined, done: true },
  ]);
});
