// Every form in which a state can be declared, as one table: what its channels hold, where they start, what their schemas say.
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { EMPTY } from "../channels/channel.js";
import { Annotation } from "./annotation.js";
import { ReducedValue, readStateShape, StateSchema } from "./state-schema.js";

const concat = (all: string[], more: string[]) => all.concat(more);

const forms = {
  "Annotation.Root": Annotation.Root({
    topic: Annotation<string>(),
    notes: Annotation<string[], string[]>({ reducer: concat, default: () => [] }),
    mood: Annotation<string>({ reducer: (_, update) => update, default: () => "calm" }),
  }),
  "a plain object of Annotations": {
    topic: Annotation<string>(),
    notes: Annotation<string[], string[]>({ value: concat, default: () => [] }),
    mood: Annotation<string>({ default: () => "calm" }),
  },
  "zod 4": z.object({ topic: z.string(), notes: z.array(z.string()).default(() => []), mood: z.string().default("calm") }),
  "zod 3": z3.object({ topic: z3.string(), notes: z3.array(z3.string()).default(() => []), mood: z3.string().default("calm") }),
  valibot: v.object({ topic: v.string(), notes: v.optional(v.array(v.string()), () => []), mood: v.optional(v.string(), "calm") }),
  StateSchema: new StateSchema({
    topic: z.string(),
    notes: new ReducedValue(
      v.optional(v.array(v.string()), () => []),
      { reducer: concat },
    ),
    mood: Annotation<string>({ default: () => "calm" }),
  }),
};

describe.each(Object.entries(forms))("a state of %s", (_, form) => {
  const { channels } = readStateShape(form);
  it("has a channel for each key, in their order", () => expect(Object.keys(channels)).toEqual(["topic", "notes", "mood"]));
  it("starts empty, or with a default that no thread shares", () => {
    expect(channels.topic?.initial()).toBe(EMPTY);
    expect(channels.mood?.initial()).toBe("calm");
    expect(channels.notes?.initial()).toEqual([]);
    expect(channels.notes?.initial()).not.toBe(channels.notes?.initial());
  });
});

describe("reducers", () => {
  it.each(["Annotation.Root", "a plain object of Annotations", "StateSchema"] as const)("of %s fold", (form) => {
    expect(readStateShape(forms[form]).channels.notes?.update(["a"], [["b"], ["c"]], "notes")).toEqual(["a", "b", "c"]);
  });

  it("of a ReducedValue may take another form than they keep, with a schema of its own", () => {
    const total = new ReducedValue(z.number().default(0), {
      inputSchema: z.string(),
      reducer: (sum, update: string) => sum + Number(update),
    });
    const { channels, schemas } = readStateShape(new StateSchema({ total }));
    expect(channels.total?.initial()).toBe(0);
    expect(channels.total?.update(1, ["2", "3"], "total")).toBe(6);
    expect(schemas.total).toBe(total.inputSchema);
  });
});

describe("schemas", () => {
  it("are kept by key, for forms that have them", () => {
    expect(Object.keys(readStateShape(forms["zod 4"]).schemas)).toEqual(["topic", "notes", "mood"]);
    expect(Object.keys(readStateShape(forms.StateSchema).schemas)).toEqual(["topic", "notes"]);
    expect(readStateShape(forms["Annotation.Root"]).schemas).toEqual({});
  });

  it("that check asynchronously have no default, and leave no rejection behind", () => {
    const late = { "~standard": { version: 1 as const, vendor: "test", validate: () => Promise.reject(new Error("late")) } };
    expect(readStateShape(new StateSchema({ late })).channels.late?.initial()).toBe(EMPTY);
  });
});

describe("what is no state", () => {
  it.each([[undefined], [null], [7], ["text"], [z.string()], [v.string()]])("%j is refused", (form) => {
    expect(() => readStateShape(form)).toThrow(expect.objectContaining({ code: "INVALID_GRAPH" }));
  });
  it("is refused with the key that is wrong", () => {
    expect(() => readStateShape({ fine: Annotation(), wrong: "string" })).toThrow(
      expect.objectContaining({ message: expect.stringContaining('"wrong"') }),
    );
  });
});

it("takes LangGraph's short form of an Annotation, without the call", () => {
  const root = Annotation.Root({ text: Annotation as never });
  expect(readStateShape(root).channels.text?.update(EMPTY, ["x"] as never, "text")).toBe("x");
});
