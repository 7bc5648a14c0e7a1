type Schema = { readonly [key: string]: unknown };

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Makes of texts what a JSON Schema asks for: Agent Inbox's forms send every edited value as a string. A text stays a text where one is
 * allowed, or where it does not read as what is asked for (then the schema says so).
 */
export function coerceArguments(value: unknown, schema: unknown): unknown {
  if (!isSchema(schema)) return value;
  if (Array.isArray(value)) return isSchema(schema.items) ? value.map((item) => coerceArguments(item, schema.items)) : value;
  if (isObject(value)) {
    const { properties } = schema;
    if (!isSchema(properties)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, Object.hasOwn(properties, key) ? coerceArguments(item, properties[key]) : item]),
    );
  }
  return typeof value === "string" ? coerceText(value, schema) : value;
}

function coerceText(text: string, schema: Schema): unknown {
  const options = alternatives(schema);
  if (options.some(allowsText)) return text;
  for (const option of options) {
    const read = readAs(text, option);
    if (read !== undefined) return read.value;
  }
  return text;
}

function alternatives(schema: Schema): readonly Schema[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) return branches.filter(isSchema).flatMap(alternatives);
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [schema];
}

function allowsText(schema: Schema): boolean {
  if (Array.isArray(schema.enum)) return schema.enum.some((value) => typeof value === "string");
  if ("const" in schema) return typeof schema.const === "string";
  return schema.type === "string" || schema.type === undefined;
}

function readAs(text: string, schema: Schema): { readonly value: unknown } | undefined {
  const trimmed = text.trim();
  switch (schema.type) {
    case "number":
      return NUMBER.test(trimmed) ? { value: Number(trimmed) } : undefined;
    case "integer":
      return INTEGER.test(trimmed) ? { value: Number(trimmed) } : undefined;
    case "boolean":
      return trimmed === "true" ? { value: true } : trimmed === "false" ? { value: false } : undefined;
    case "null":
      return trimmed === "" || trimmed === "null" ? { value: null } : undefined;
    case "array":
    case "object":
      return readJson(trimmed, schema);
    default:
      return undefined;
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

function readJson(text: string, schema: Schema): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const fits = schema.type === "array" ? Array.isArray(value) : isObject(value);
    return fits ? { value: coerceArguments(value, schema) } : undefined;
  } catch {
    return undefined;
  }
}
