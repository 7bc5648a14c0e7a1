import fc from "fast-check";
import { expect, it } from "vitest";
import { isAtLeast, roughSize } from "./rough-size.js";

it("tells without adding up all of a value whether it reaches a size", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.string(), { maxLength: 5 }).map((items) => new Set(items)),
    fc.dictionary(fc.string(), fc.jsonValue()).map((entries) => new Map(Object.entries(entries))),
    fc.uint8Array(),
  );
  fc.assert(
    fc.property(fc.oneof(value, fc.array(value), fc.dictionary(fc.string(), value)), fc.nat(400), (one, size) => {
      const whole = roughSize(one);
      expect([isAtLeast(one, size), isAtLeast(one, whole), isAtLeast(one, whole + 1)]).toEqual([whole >= size, true, false]);
    }),
  );
});

it("looks no further than it must", () => {
  const items = Array.from({ length: 1000 }, (_, index) => `item ${index}`);
  const list = new Proxy(items, {
    get(target, key, receiver) {
      if (Number(key) > 30) throw new Error("looked too far");
      return Reflect.get(target, key, receiver);
    },
  });
  expect(isAtLeast({ list }, 128)).toBe(true);
});
