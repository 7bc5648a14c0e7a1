import { expect, it } from "vitest";
import { GraphError } from "../../errors.js";
import { alreadyDecided } from "./already-decided.js";

it("tells the two codes apart for programs", () => {
  const error = alreadyDecided([{ interruptId: "a", value: "standing", at: "2025-01-01T00:00:00.000Z", revision: 0 }], []);
  expect(GraphError.is(error, "ALREADY_DECIDED")).toBe(true);
  expect(GraphError.is(error, "UNKNOWN_INTERRUPT")).toBe(false);
});
