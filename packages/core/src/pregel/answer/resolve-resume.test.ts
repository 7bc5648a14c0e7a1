import type { Decision } from "@holdpoint/checkpoint";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraphError } from "../../errors.js";
import { interruptId } from "../context/interrupt.js";
import { Interrupt } from "../model/interrupt-types.js";
import { interruptIds, resolveResume } from "./resolve-resume.js";

const asked = (place: string) => new Interrupt({ value: `ask ${place}`, ns: [`${place}:task`], id: interruptId(place, 0) });
const [a, b, c] = ["a", "b", "c"].map(asked) as [Interrupt, Interrupt, Interrupt];
const decided = ({ id }: Interrupt, more: Partial<Decision> = {}): [string, Decision] => [
  id,
  { interruptId: id, value: "standing", at: "2025-01-01T00:00:00.000Z", revision: 0, ...more },
];
const targets = (pending: Interrupt[], failed: Interrupt[] = [], decisions: [string, Decision][] = []) => ({
  pending,
  failed,
  decisions: new Map(decisions),
});

function refusal(resume: unknown, of: ReturnType<typeof targets>): GraphError {
  try {
    resolveResume(resume, of);
  } catch (error) {
    if (GraphError.is(error)) return error;
    throw error;
  }
  throw new Error("The answer was taken.");
}

describe("a bare answer", () => {
  it.each([[null], [false], [0], [""], [{}], [[]], ["text"], [{ age: "25" }], [[{ type: "accept" }]], [{ [a.id]: 1, other: 2 }]])(
    "%j answers the one interrupt that waits",
    (value) => expect(resolveResume(value, targets([a]))).toEqual([{ interrupt: a, value, revision: 0 }]),
  );

  it("is refused where two wait, and the error lists them", () => {
    const error = refusal("yes", targets([a, b]));
    expect(error.code).toBe("AMBIGUOUS_RESUME");
    expect(error.details.pending).toEqual([a, b]);
    expect(error.message).toContain(a.id);
    expect(error.message).not.toContain("ask a");
  });

  it("is refused where nothing waits, and says what was decided", () => {
    expect(refusal("yes", targets([])).code).toBe("NOTHING_TO_RESUME");
    const error = refusal("yes", targets([], [], [decided(a)]));
    expect(error.code).toBe("ALREADY_DECIDED");
    expect(error.details.recorded).toEqual([decided(a)[1]]);
    expect(refusal("yes", targets([], [], [decided(a, { refused: [] })])).code).toBe("NOTHING_TO_RESUME");
  });

  it("may answer anew what failed after its answer, if nothing else waits", () => {
    expect(resolveResume("again", targets([], [a], [decided(a)]))).toEqual([{ interrupt: a, value: "again", revision: 1 }]);
    expect(resolveResume("first", targets([b], [a], [decided(a)]))).toEqual([{ interrupt: b, value: "first", revision: 0 }]);
    expect(refusal("which?", targets([], [a, b], [decided(a), decided(b)])).code).toBe("AMBIGUOUS_RESUME");
  });
});

describe("a map of ids", () => {
  it("answers each of them, in its order", () => {
    expect(resolveResume({ [c.id]: 3, [a.id]: null }, targets([a, b, c]))).toEqual([
      { interrupt: c, value: 3, revision: 0 },
      { interrupt: a, value: null, revision: 0 },
    ]);
  });

  it("is refused as a whole when one id is unknown", () => {
    const error = refusal({ [a.id]: 1, [interruptId("elsewhere", 0)]: 2 }, targets([a, b]));
    expect(error.code).toBe("UNKNOWN_INTERRUPT");
    expect(error.details.pending).toEqual([a, b]);
  });

  it("is told what was decided, when an id is answered already", () => {
    const error = refusal({ [a.id]: "late" }, targets([b], [], [decided(a)]));
    expect(error.code).toBe("ALREADY_DECIDED");
    expect(error.details).toEqual({ recorded: [decided(a)[1]], pending: [b] });
  });

  it("answers anew what was refused by its schema, or failed", () => {
    expect(resolveResume({ [a.id]: 1 }, targets([a], [], [decided(a, { revision: 1, refused: [{ message: "no" }] })]))).toEqual([
      { interrupt: a, value: 1, revision: 2 },
    ]);
    expect(resolveResume({ [a.id]: 1 }, targets([], [a], [decided(a, { revision: 4 })]))[0]?.revision).toBe(5);
  });

  it("is one only if every key looks like an id", () => {
    expect(interruptIds({ [a.id]: 1 })).toEqual([a.id]);
    for (const bare of [null, [], {}, "x", { [a.id]: 1, x: 2 }, { [a.id.toUpperCase()]: 1 }, { [`${a.id}0`]: 1 }])
      expect(interruptIds(bare)).toBeUndefined();
  });
});

it("gives every answer to exactly the interrupt that it names, or to none", () => {
  const places = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(places, fc.array(fc.nat(7)), fc.anything(), (names, picked, value) => {
      const pending = names.map(asked);
      const ids = picked.map((index) => pending[index]?.id ?? interruptId("nowhere", index));
      const resume = Object.fromEntries(ids.map((id) => [id, { id, value }]));
      const known = ids.every((id) => pending.some((one) => one.id === id));
      if (ids.length === 0) return;
      if (!known) expect(refusal(resume, targets(pending)).code).toBe("UNKNOWN_INTERRUPT");
      else for (const answer of resolveResume(resume, targets(pending))) expect(answer.value).toMatchObject({ id: answer.interrupt.id });
    }),
  );
});
