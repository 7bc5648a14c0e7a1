import { expect, it } from "vitest";
import { type DocumentWrite, planWrites } from "./plan-writes.js";

const write = (kind: DocumentWrite["kind"], key: string, data?: string): DocumentWrite => ({
  kind,
  namespace: ["a"],
  key,
  data,
  duration: undefined,
});

it("the writes of a batch come down to one for each document, the last, in the order of these", () => {
  const writes = [write("put", "x", "1"), write("put", "y", "2"), write("put", "x", "3"), write("put", "z", "4"), write("delete", "z")];
  expect(planWrites(writes)).toEqual([write("put", "y", "2"), write("put", "x", "3"), write("delete", "z")]);
});

it("a document that was deleted before it was put, in the same batch, is new", () => {
  const writes = [write("put", "x", "1"), write("delete", "x"), write("put", "x", "2"), write("put", "x", "3")];
  expect(planWrites(writes)).toEqual([write("put-anew", "x", "3")]);
});
