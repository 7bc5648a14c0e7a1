import { describe, expect, it } from "vitest";
import { copyData } from "./copy-data.js";

describe("a copy of data", () => {
  it("is alike at every depth, and another one", () => {
    const data = {
      list: [1, [2], undefined],
      map: new Map([["key", { deep: [true] }]]),
      set: new Set([{ a: 1 }]),
      date: new Date(0),
      bytes: new Uint8Array([1, 2]),
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
    };
    const copy = copyData(data);
    expect(copy).toEqual(data);
    data.list.push(4);
    data.map.get("key")?.deep.push(false);
    for (const one of data.set) one.a = 2;
    data.date.setTime(1);
    data.bytes[0] = 9;
    Object.assign(data.bare, { a: 2 });
    expect(copy).toEqual({
      list: [1, [2], undefined],
      map: new Map([["key", { deep: [true] }]]),
      set: new Set([{ a: 1 }]),
      date: new Date(0),
      bytes: new Uint8Array([1, 2]),
      bare: { a: 1 },
    });
    expect(Object.getPrototypeOf(copy.bare)).toBeNull();
  });

  it("takes a getter's and a proxy's word once", () => {
    let asked = 0;
    const flips = {
      get amount() {
        return ++asked;
      },
    };
    const copy = copyData([new Proxy({ amount: 1 }, { get: () => ++asked, ownKeys: () => ["amount"] }), flips]);
    expect([copy[0]?.amount, copy[0]?.amount, copy[1]?.amount, copy[1]?.amount]).toEqual([1, 1, 2, 2]);
  });

  it("keeps cycles, holes, keys of any name, and objects of classes as they are", () => {
    const data = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2, "toJSON": "x" }') as Record<string, unknown>;
    class Money {
      amount = 1;
    }
    const money = new Money();
    // biome-ignore lint/suspicious/noSparseArray: it is about holes
    const list = [1, , 3];
    Object.assign(data, { data, money, list });
    const copy = copyData(data);
    expect(copy.data).toBe(copy);
    expect(copy.money).toBe(money);
    expect(Object.keys(copy)).toEqual(["__proto__", "constructor", "toJSON", "data", "money", "list"]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(Object.keys(copy.list as object)).toEqual(["0", "2"]);
  });

  it("copies bytes of every kind, a Buffer's too", () => {
    for (const bytes of [Buffer.from([1, 2]), Uint8Array.of(1, 2), Float64Array.of(1, 2)]) {
      const copy = copyData({ bytes }).bytes;
      expect(copy).toEqual(bytes);
      bytes[0] = 9;
      expect(copy[0]).toBe(1);
      expect(copy.constructor).toBe(bytes.constructor);
    }
  });
});
