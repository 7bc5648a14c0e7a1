import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CheckpointError } from "../checkpoint-error.js";
import { createSerializer } from "./create-serializer.js";
import { registerType } from "./extensions.js";
import { OpaqueValue } from "./opaque-value.js";
import type { SerializerExtension } from "./serializer.js";

const serializer = createSerializer();
const roundTrip = (value: unknown) => serializer.loads(serializer.dumps(value));

/** An array with nothing at most of its places. */
function holes(length: number, items: Record<number, unknown>): unknown[] {
  return Object.assign([], items, { length });
}

/** Anything that can be saved, tag-like objects included. */
const anything = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.constantFrom(null, undefined, -0, Number.NaN, Number.POSITIVE_INFINITY),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array(),
    fc.float64Array({ noNaN: true }),
    fc.webUrl().map((url) => new URL(url)),
    fc.constantFrom("~hp", "v", '"~hp"'),
  ),
  key: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("~hp", "v", "__proto__", "constructor", "toJSON", "lc", "type", "0")),
  object: fc
    .array(fc.tuple(tie("key") as fc.Arbitrary<string>, tie("value")), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    tie("object"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    (tie("object") as fc.Arbitrary<object>).map((object) => Object.assign(Object.create(null), object) as unknown),
  ),
})).value;

describe("createSerializer", () => {
  it("brings back everything as it was, in the order of its keys", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const read = roundTrip(value);
        assert.deepEqual(read, value);
        assert.equal(serializer.dumps(read), serializer.dumps(value));
      }),
      { numRuns: 2000 },
    );
  });

  it("does not change what it saves", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const before = inspect(value, { depth: 50, sorted: false });
        serializer.dumps(value);
        assert.equal(inspect(value, { depth: 50, sorted: false }), before);
      }),
    );
  });

  it.each<[string, unknown]>([
    ["a pattern in the middle of a match", Object.assign(/a(?<x>b)/dgimsuy, { lastIndex: 3 })],
    ["bytes of a pool", Buffer.from("pooled")],
    ["a view of a part", new Uint16Array(new Uint8Array([1, 2, 3, 4, 5, 6]).buffer, 2, 2)],
    ["a DataView", new DataView(new Uint8Array([1, 2]).buffer)],
    ["an ArrayBuffer", new Uint8Array([9, 8]).buffer],
    ["big integers", new BigInt64Array([-1n, 2n ** 62n])],
    ["holes", holes(5, { 1: 1, 3: undefined })],
    ["serialized LangChain messages", { lc: 1, type: "constructor", id: ["langchain_core", "messages", "AIMessage"], kwargs: {} }],
    ["serialized values of the peer", { lc: 2, type: "undefined" }],
    ["own tags", { "~hp": "map", v: [1, 2] }],
    ["own tags inside own tags", { "~hp": { "~hp": "object", v: [] }, v: 1, w: undefined }],
    ["the key __proto__", JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": null}}')],
  ])("keeps %s", (_, value) => {
    assert.deepEqual(roundTrip(value), value);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("keeps dates that are none", () => {
    const read = roundTrip([new Date(Number.NaN)]) as Date[];
    expect(read[0]).toBeInstanceOf(Date);
    expect(read[0]?.getTime()).toBeNaN();
  });

  it("keeps errors as errors", () => {
    const cause = Object.assign(new TypeError("inner"), { code: "E_INNER", when: new Date(0) });
    class ToolError extends RangeError {
      override name = "ToolError";
    }
    const outer = new ToolError("outer", { cause });
    const read = roundTrip(outer) as ToolError;
    expect(read).toBeInstanceOf(RangeError);
    expect([read.name, read.message, read.stack]).toEqual(["ToolError", "outer", outer.stack]);
    expect(read.cause).toBeInstanceOf(TypeError);
    expect(read.cause).toMatchObject({ code: "E_INNER", when: new Date(0) });
    const both = roundTrip(new AggregateError([cause, "text"], "both")) as AggregateError;
    expect([both.message, both.errors[1]]).toEqual(["both", "text"]);
    expect(Object.keys(read)).toEqual(["name"]);
    expect((roundTrip(new DOMException("stop", "AbortError")) as Error).name).toBe("AbortError");
  });

  it("saves an instance of an unknown class as its own properties, not as what its toJSON says", () => {
    class Money {
      constructor(readonly cents: number) {}
      toJSON() {
        return `${this.cents}`;
      }
    }
    assert.deepEqual(roundTrip({ price: new Money(5), list: [new Money(6)] }), { price: { cents: 5 }, list: [{ cents: 6 }] });
  });
});

describe("what cannot be saved", () => {
  const cyclic: Record<string, unknown> = { a: {} };
  (cyclic.a as Record<string, unknown>).b = [cyclic];
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];

  it.each<[string, unknown, RegExp]>([
    ["a function", { tools: [{ run: () => 1 }] }, /\.tools\[0\]\.run is a function/],
    ["a symbol", new Map([["key", { s: Symbol("x") }]]), /is a symbol \(Symbol\(x\)\)/],
    ["a promise", { later: Promise.resolve(1) }, /\.later is an object of type Promise/],
    ["a weak map", [new WeakMap()], /\[0\] is an object of type WeakMap/],
    [
      "a method of an instance",
      {
        "odd key": new (class {
          run = () => 1;
        })(),
      },
      /\["odd key"\]\.run is a function/,
    ],
    ["a cycle", { cyclic }, /refers to itself/],
    ["bottomless nesting", deep, /nested more than/],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what it is about
    ["something beside a hole", { list: [, () => 1] }, /\.list\[1\] is a function/],
    ["an endless list of holes", { list: new Array(2 ** 32 - 1) }, /\.list is a list of 4294967295 places with holes/],
    [
      "a cycle through a map",
      (() => {
        const map = new Map();
        map.set("self", map);
        return map;
      })(),
      /refers to itself|nested more/,
    ],
  ])("%s is refused, with its path", (_, value, message) => {
    expect(() => serializer.dumps(value)).toThrow(message);
    try {
      serializer.dumps(value);
    } catch (error) {
      expect(CheckpointError.is(error, "UNSERIALIZABLE")).toBe(true);
    }
  });

  it("nesting just below the limit is saved and read", () => {
    let maps: unknown = 1;
    let errors: unknown = 1;
    let plain: unknown = 1;
    for (let level = 0; level < 490; level++) {
      maps = new Map([[{ level }, maps]]);
      errors = new Error("x", { cause: errors });
      plain = { plain: [plain].length === 1 ? plain : undefined, level: undefined };
    }
    for (const value of [maps, errors, plain]) expect(serializer.dumps(roundTrip(value))).toBe(serializer.dumps(value));
  });
});

describe("damaged data", () => {
  const sample = serializer.dumps({
    list: [
      1,
      undefined,
      new Date(0),
      new Map([["a", new Set([1n])]]),
      /x/g,
      new URL("http://a"),
      new Uint8Array(9),
      new Error("x"),
      holes(2, { 1: 1 }),
    ],
    like: { "~hp": "x" },
  });

  const readable = (text: string) => {
    try {
      serializer.loads(text);
    } catch (error) {
      if (!CheckpointError.is(error, "CORRUPT_DATA")) throw error;
    }
  };

  it("is read, or refused as CORRUPT_DATA, wherever it was cut or changed", () => {
    for (let length = 0; length < sample.length; length++) readable(sample.slice(0, length));
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.string({ unit: "binary", maxLength: 3 }), (at, text) =>
        readable(sample.slice(0, at) + text + sample.slice(at + 1)),
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(sample);
        bytes[at]! ^= 1 << bit;
        try {
          serializer.loads(bytes);
        } catch (error) {
          if (!CheckpointError.is(error, "CORRUPT_DATA")) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("made up of tags constructs nothing, pollutes nothing and overflows nothing", () => {
    const kinds = [
      "undefined",
      "number",
      "bigint",
      "date",
      "map",
      "set",
      "regexp",
      "bytes",
      "error",
      "url",
      "object",
      "null",
      "sparse",
      "+x",
      "eval",
      "__proto__",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.jsonValue(), (kind, v) => readable(JSON.stringify({ a: { "~hp": kind, v } }))),
      { numRuns: 3000 },
    );
    readable('{"~hp":"object","v":["__proto__",{"polluted":1}]}');
    readable('{"~hp":"error","v":{"class":"Error","message":"x","props":{"__proto__":{"polluted":1}}}}');
    expect(() => serializer.loads('{"~hp":"sparse","v":[4294967295]}')).toThrow(CheckpointError);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(() => serializer.loads(`${'{"~hp":"set","v":['.repeat(50_000)}${"]}".repeat(50_000)}`)).toThrow(CheckpointError);
  });
});

describe("registered types", () => {
  class Money {
    constructor(readonly cents: bigint) {}
  }
  const money: SerializerExtension<Money> = {
    name: "test:money",
    is: (value): value is Money => value instanceof Money,
    encode: ({ cents }) => ({ cents, "~hp": "looks like a tag" }),
    decode: (data) => {
      const { cents } = data as { cents: unknown };
      if (typeof cents !== "bigint") throw new Error("no cents");
      return new Money(cents);
    },
  };

  it("come back as they were, from the serializer that knows them", () => {
    const own = createSerializer({ extensions: [money] });
    const read = own.loads(own.dumps({ price: [new Money(5n)] })) as { price: Money[] };
    expect(read.price[0]).toBeInstanceOf(Money);
    expect(read.price[0]?.cents).toBe(5n);
    expect(() => own.loads('{"~hp":"+test:money","v":{"cents":1}}')).toThrow(/test:money.*no cents/);
  });

  it("pass unharmed through a process that does not know them", () => {
    const own = createSerializer({ extensions: [money] });
    const text = own.dumps({ price: new Money(5n) });
    const read = serializer.loads(text) as { price: unknown };
    expect(read.price).toBeInstanceOf(OpaqueValue);
    expect(serializer.dumps(read)).toBe(text);
    expect((own.loads(serializer.dumps(read)) as { price: Money }).price.cents).toBe(5n);
  });

  it("can be registered for every serializer of the process", () => {
    class Point {
      constructor(readonly x: number) {}
    }
    registerType<Point>({
      name: "test:point",
      is: (value): value is Point => value instanceof Point,
      encode: ({ x }) => x,
      decode: (x) => new Point(x as number),
    });
    expect(roundTrip([new Point(3)])).toEqual([new Point(3)]);
    expect((roundTrip(new Point(4)) as Point).constructor).toBe(Point);
  });
});
