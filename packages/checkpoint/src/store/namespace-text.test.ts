import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterNamespaceText, fromNamespaceText, toNamespaceText } from "./namespace-text.js";

const label = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), minLength: 1 }),
  fc.constantFrom("a", "b", "ab", ",", '"', '","', "\\", '\\"', "\0", "\ud800", "-", "*"),
);
const namespace = fc.array(label, { maxLength: 4 });

/** The order in which a database compares texts. */
const isBelow = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

describe("a namespace as text", () => {
  it("is read back as it was, and survives UTF-8 without NUL", () => {
    fc.assert(
      fc.property(namespace, (labels) => {
        const text = toNamespaceText(labels);
        expect(fromNamespaceText(text)).toEqual(labels);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(text).not.toContain("\0");
      }),
    );
  });

  it("begins with another's text exactly if its labels begin with the other's, which is where a database looks for it", () => {
    const startsWith = (labels: readonly string[], prefix: readonly string[]) => prefix.every((one, at) => labels[at] === one);
    fc.assert(
      fc.property(namespace, namespace, fc.boolean(), (prefix, rest, isUnder) => {
        const labels = isUnder ? [...prefix, ...rest] : rest;
        const [text, from, to] = [toNamespaceText(labels), toNamespaceText(prefix), afterNamespaceText(prefix)];
        const expected = startsWith(labels, prefix);
        expect(text.startsWith(from)).toBe(expected);
        expect(!isBelow(text, from) && isBelow(text, to)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
