import { createSerializer } from "@holdpoint/checkpoint";
import { describe, expect, it } from "vitest";
import { deepFreeze } from "./deep-freeze.js";

class Message {
  cache: unknown;
  constructor(readonly content: { text: string }) {}
}

describe("deepFreeze", () => {
  it("freezes plain objects and lists all the way down, and gives the value back", () => {
    const value = { list: [{ deep: [1] }], bare: Object.assign(Object.create(null), { a: {} }), [Symbol.for("s")]: { b: 1 } };
    expect(deepFreeze(value)).toBe(value);
    for (const part of [value, value.list, value.list[0], value.list[0]?.deep, value.bare, value.bare.a, value[Symbol.for("s") as never]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it("takes cycles, and nesting that recursion could not follow", () => {
    const cycle: Record<string, unknown> = { list: [] };
    (cycle.list as unknown[]).push(cycle);
    expect(Object.isFrozen(deepFreeze(cycle))).toBe(true);
    let deep: unknown[] = [];
    const innermost = deep;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    deepFreeze(deep);
    expect(Object.isFrozen(innermost)).toBe(true);
  });

  it("lets maps and sets be read, and not be changed; they are saved as before", () => {
    const value = { map: new Map([["a", { n: 1 }]]), set: new Set([[1]]) };
    deepFreeze(value);
    expect(() => value.map.set("b", { n: 2 })).toThrow(TypeError);
    expect(() => value.map.delete("a")).toThrow(TypeError);
    expect(() => value.set.add([2])).toThrow(TypeError);
    expect(() => value.set.clear()).toThrow(TypeError);
    expect(Object.isFrozen(value.map.get("a"))).toBe(true);
    expect([...value.set][0]).toSatisfy(Object.isFrozen);
    const { dumps, loads } = createSerializer();
    expect(loads(dumps(value))).toEqual({ map: new Map([["a", { n: 1 }]]), set: new Set([[1]]) });
    expect(new Map(value.map).set("b", { n: 2 }).size).toBe(2);
  });

  it("leaves alone instances of other classes, dates and bytes", () => {
    const value = { message: new Message({ text: "hi" }), at: new Date(0), bytes: new Uint8Array(2), buffer: Buffer.from("x") };
    deepFreeze(value);
    value.message.cache = 1;
    value.message.content.text = "changed";
    value.at.setTime(5);
    value.bytes[0] = 1;
    expect([value.message.cache, value.at.getTime(), value.bytes[0]]).toEqual([1, 5, 1]);
  });

  it("passes everything else through", () => {
    for (const value of [1, "a", null, undefined, true, 5n, Symbol.iterator, () => 1]) expect(deepFreeze(value)).toBe(value);
  });
});
