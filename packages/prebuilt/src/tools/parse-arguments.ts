import type { StandardSchema } from "@holdpoint/core";
import { ToolInputParsingException } from "@langchain/core/tools";
import { Validator } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import type { ClientTool } from "./agent-tool.js";

/** One thing that is wrong with a value: where, and what. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export type Parsed = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

/** Parses arguments by the tool's own schema, of whatever kind it is; at once, where the schema needs no time. */
export function parseArguments(tool: ClientTool, args: unknown): Parsed | Promise<Parsed> {
  const { validator } = tool as { validator?: StandardSchema };
  const schema: unknown = validator ?? tool.schema;
  if (isStandardSchema(schema)) return schema["~standard"].validate(args);
  if (isInteropZodSchema(schema)) {
    return interopSafeParseAsync(schema, args).then((result) =>
      result.success ? { value: result.data } : { issues: (result.error as { issues: readonly Issue[] }).issues },
    );
  }
  const { valid, errors } = new Validator(schema as never).validate(args);
  return valid
    ? { value: args }
    : {
        issues: leaves(errors).map(({ instanceLocation, error }) => ({
          message: error.replace(/\.$/, ""),
          path: pointerPath(instanceLocation),
        })),
      };
}

interface ValidatorError {
  readonly keywordLocation: string;
  readonly instanceLocation: string;
  readonly error: string;
}

/** Leaves out the errors that only say that something further inside is wrong. */
const leaves = (errors: readonly ValidatorError[]): readonly ValidatorError[] =>
  errors.filter(({ keywordLocation }) => !errors.some((other) => other.keywordLocation.startsWith(`${keywordLocation}/`)));

const isStandardSchema = (schema: unknown): schema is StandardSchema =>
  (typeof schema === "object" || typeof schema === "function") && schema !== null && "~standard" in schema;

/** `#/guests/0` is the path guests, 0. */
const pointerPath = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** One line an issue: `guests.0.name: Required`. */
export function describeIssues(issues: readonly Issue[]): string {
  return issues
    .map(({ path = [], message }) => {
      const where = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
      return where === "" ? message : `${where}: ${message}`;
    })
    .join("; ");
}

export function invalidArguments(name: string, issues: readonly Issue[]): ToolInputParsingException {
  return new ToolInputParsingException(`The arguments do not fit the schema of "${name}": ${describeIssues(issues)}.`);
}
