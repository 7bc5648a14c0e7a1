import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash128, hashUuid } from "./hash.js";

describe("hash128", () => {
  it("stays what it is: saved threads hold ids made of it", () => {
    expect(hash128("")).toBe("00000000000000000000000000000000");
    expect(hash128("a")).toBe("033bb196ccef4fe1ccef4fe1ccef4fe1");
    expect(hash128("\ud800")).toBe("95bfdb97ee4a80b7ee4a80b7ee4a80b7");
    expect(hash128("The quick brown fox jumps over the lazy dog")).toBe("15beb6860f94f6cafed4894d28be6d5b");
    expect(hashUuid("The quick brown fox jumps over the lazy dog")).toBe("15beb686-0f94-56ca-bed4-894d28be6d5b");
  });

  it("gives different texts different hashes, also those that differ in a lone surrogate or trailing NULs", () => {
    const texts = [
      "",
      "\0",
      "\0\0",
      "\0\0\0",
      "a",
      "a\0",
      "\ud800",
      "\ud801",
      "\udc00",
      "\ufffd",
      "ab",
      "ba",
      "x".repeat(8),
      "x".repeat(9),
    ];
    expect(new Set(texts.map(hash128)).size).toBe(texts.length);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => (a === b) === (hash128(a) === hash128(b))),
    );
  });

  it("changes about half of its bits when one bit of the text changes", () => {
    let changed = 0;
    const rounds = 400;
    for (let n = 0; n < rounds; n++) {
      const text = `interrupt:${n * 7919}:${"y".repeat(n % 23)}`;
      const at = n % text.length;
      const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (n % 7))) + text.slice(at + 1);
      changed += bitsOf(BigInt(`0x${hash128(text)}`) ^ BigInt(`0x${hash128(flipped)}`));
    }
    expect(changed / rounds).toBeGreaterThan(60);
    expect(changed / rounds).toBeLessThan(68);
  });
});

describe("hashUuid", () => {
  it("has the shape of a uuid of version 5, one for each text", () => {
    const ids = Array.from({ length: 5000 }, (_, n) => hashUuid(`task ${n}`));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(hashUuid("same")).toBe(hashUuid("same"));
  });
});

function bitsOf(value: bigint): number {
  return value.toString(2).replaceAll("0", "").length;
}
