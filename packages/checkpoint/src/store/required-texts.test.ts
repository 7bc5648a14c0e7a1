import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSerializer } from "../serde/create-serializer.js";
import { compileFilter } from "./compile-filter.js";
import { requiredTexts, TAGGED_START } from "./required-texts.js";

const field = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "b", "~hp", "__proto__", '":1', "\ud800", "$eq"));
const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom<unknown>(0, -0, 1, -1.5, 1e21, Number.NaN, null, true, "\ud800", 5n),
);

describe("texts that a filter requires", () => {
  it("occur in the data of every document that meets it", () => {
    const { dumps } = createSerializer();
    const documents = fc.record({
      fields: fc.array(fc.tuple(field, scalar), { minLength: 1, maxLength: 5 }),
      named: fc.nat(),
      withOperator: fc.boolean(),
      withoutPrototype: fc.boolean(),
    });
    let met = 0;
    fc.assert(
      fc.property(documents, ({ fields, named, withOperator, withoutPrototype }) => {
        const plain = Object.fromEntries(fields);
        const value = withoutPrototype ? Object.assign(Object.create(null), plain) : plain;
        const [name, content] = Object.entries(plain)[named % Object.keys(plain).length]!;
        const filter = Object.fromEntries([[name, withOperator ? { $eq: content } : content]]);
        if (!compileFilter(filter)(value)) return;
        met += 1;
        const data = dumps(value);
        const texts = requiredTexts(filter);
        expect(data.startsWith(TAGGED_START) || texts.every((text) => data.includes(text))).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(met).toBeGreaterThan(500);
  });

  it("are none for what can be written in several ways, or is no equality", () => {
    expect(requiredTexts(undefined)).toEqual([]);
    expect(requiredTexts({ a: 0, b: { x: 1 }, c: [1], d: new Date(), e: { $ne: 1 }, f: { $in: [1] }, g: 1n, h: Number.NaN })).toEqual([]);
    expect(requiredTexts({ a: "x", b: { $eq: 1, $lt: 5 } })).toEqual(['"a":"x"', '"b":1']);
  });
});
