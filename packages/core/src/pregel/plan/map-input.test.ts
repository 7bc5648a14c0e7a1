import { describe, expect, it } from "vitest";
import { z } from "zod";
import { START } from "../../constants.js";
import { GraphError } from "../../errors.js";
import { StateGraph } from "../../graph/state-graph.js";
import { Annotation } from "../../state/annotation.js";
import type { StateInput } from "../../state/state-schema.js";
import { mapInput, requireKeys } from "./map-input.js";

const programOf = (state: StateInput, input?: StateInput) =>
  new StateGraph(state, input === undefined ? {} : { input })
    .addNode("node", () => undefined)
    .addEdge(START, "node")
    .compile().program;
const plain = programOf(Annotation.Root({ a: Annotation<unknown>(), constructor: Annotation<unknown>(), toString: Annotation<unknown>() }));
const checked = programOf(z.object({ age: z.coerce.number().int(), name: z.string().default("nobody"), note: z.string().optional() }));

async function refusal(run: () => unknown): Promise<GraphError> {
  let error: unknown;
  try {
    await run();
  } catch (reason) {
    error = reason;
  }
  if (GraphError.is(error)) return error;
  throw new Error(`no GraphError: ${String(error)}`);
}

describe("an input", () => {
  it("becomes writes of the keys that the state has, in the input's order", async () => {
    expect(await mapInput(plain, { toString: 1, other: 2, a: null, constructor: 3 })).toEqual([
      ["toString", 1],
      ["a", null],
      ["constructor", 3],
    ]);
    expect(await mapInput(plain, { a: undefined })).toEqual([]);
  });

  it("is parsed by its schemas", async () => {
    expect(await mapInput(checked, { age: "7", note: "x" })).toEqual([
      ["age", 7],
      ["note", "x"],
    ]);
  });

  it("is refused with every issue and its place", async () => {
    const error = await refusal(() => mapInput(checked, { age: "old", name: 7 }));
    expect(error.code).toBe("INVALID_INPUT");
    expect((error.details.issues as { path: unknown[] }[]).map(({ path }) => path)).toEqual([["age"], ["name"]]);
    expect(error.message).toContain("age:");
  });

  it.each([["text"], [7], [[{ a: 1 }]], [true]])("%j is refused: it has no keys", async (input) => {
    expect((await refusal(() => mapInput(plain, input))).code).toBe("INVALID_INPUT");
  });

  it("takes only the keys of an input schema, where there is one", async () => {
    const program = programOf(
      Annotation.Root({ question: Annotation<string>(), answer: Annotation<string>() }),
      Annotation.Root({ question: Annotation<string>() }),
    );
    expect(await mapInput(program, { question: "?", answer: "smuggled" })).toEqual([["question", "?"]]);
  });
});

describe("keys that must have a value", () => {
  it("may have it from before", async () => {
    await expect(requireKeys(checked, { age: 1 })).resolves.toBeUndefined();
    expect((await refusal(() => requireKeys(checked, {}))).message).toContain("age");
  });
});
