import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { coerceArguments } from "./coerce-arguments.js";

const coerce = (schema: z.ZodType, value: unknown) => coerceArguments(value, toJsonSchema(schema as never));

describe("coerceArguments", () => {
  it.each([
    [z.object({ nights: z.number().int() }), { nights: "3" }, { nights: 3 }],
    [z.object({ price: z.number() }), { price: " -1.5e2 " }, { price: -150 }],
    [z.object({ late: z.boolean() }), { late: "false" }, { late: false }],
    [z.object({ late: z.boolean().optional() }), { late: "true" }, { late: true }],
    [z.object({ note: z.number().nullable() }), { note: "null" }, { note: null }],
    [z.object({ guests: z.array(z.object({ age: z.number() })) }), { guests: '[{"age":"7"}]' }, { guests: [{ age: 7 }] }],
    [z.object({ guest: z.object({ age: z.number() }) }), { guest: { age: "7" } }, { guest: { age: 7 } }],
    [z.object({ floor: z.union([z.literal(1), z.literal(2)]) }), { floor: "2" }, { floor: 2 }],
  ])("reads a form's texts by the schema: %#", (schema, given, expected) => {
    expect(coerce(schema, given)).toEqual(expected);
  });

  it.each([
    [z.object({ name: z.string() }), { name: "3" }],
    [z.object({ name: z.union([z.string(), z.number()]) }), { name: "3" }],
    [z.object({ size: z.enum(["1", "2"]) }), { size: "1" }],
    [z.object({ nights: z.number().int() }), { nights: "3.5" }],
    [z.object({ nights: z.number() }), { nights: "0x10" }],
    [z.object({ nights: z.number() }), { nights: "" }],
    [z.object({ nights: z.number() }), { nights: "Infinity" }],
    [z.object({ guests: z.array(z.string()) }), { guests: "{}" }],
    [z.object({ late: z.boolean() }), { late: "yes" }],
  ])("leaves the others for the schema to judge: %#", (schema, given) => {
    expect(coerce(schema, given)).toEqual(given);
  });

  it("takes keys of the prototype for data", () => {
    expect(coerceArguments({ constructor: "1" }, { type: "object", properties: {} })).toEqual({ constructor: "1" });
  });
});
