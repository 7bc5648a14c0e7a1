import { isDeepStrictEqual } from "node:util";
import type { StandardSchema } from "@holdpoint/core";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { ClientTool } from "../tools/agent-tool.js";
import { type Issue, parseArguments } from "../tools/parse-arguments.js";
import { coerceArguments } from "./coerce-arguments.js";
import type { HumanInterrupt, HumanInterruptConfig } from "./human-interrupt.js";

type Arguments = Readonly<Record<string, unknown>>;

/** A decision that was checked: it is of a kind that is allowed, and edited arguments fit the tool's schema. */
export type Review =
  | { readonly kind: "accept" }
  | { readonly kind: "edit"; readonly args: Arguments }
  | { readonly kind: "response"; readonly text: string }
  | { readonly kind: "ignore" };

type Result = { readonly value: Review; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

const refuse = (message: string, path: readonly (string | number)[] = []): Result => ({ issues: [{ message, path }] });

const TYPES = { accept: "allow_accept", edit: "allow_edit", response: "allow_respond", ignore: "allow_ignore" } as const satisfies Record<
  string,
  keyof HumanInterruptConfig
>;
type ResponseType = keyof typeof TYPES;

/**
 * Makes the schema that answers to one tool call are checked by, before they count. It takes the decision, or a list of one, and gives a
 * `Review`; whatever it does not know or the config does not allow it refuses.
 */
export function reviewSchema(tool: ClientTool, request: HumanInterrupt): StandardSchema<unknown, Review> {
  return {
    "~standard": {
      version: 1,
      vendor: "holdpoint",
      validate: (answer) => review(tool, request, answer),
      jsonSchema: { input: () => describeAnswers(tool, request), output: () => describeAnswers(tool, request) },
    } as StandardSchema<unknown, Review>["~standard"],
  };
}

function review(tool: ClientTool, request: HumanInterrupt, answer: unknown): Result | Promise<Result> {
  if (Array.isArray(answer) && answer.length !== 1)
    return refuse(`Expected a list of one response, for the one call of "${tool.name}", but got ${answer.length}.`);
  const response: unknown = Array.isArray(answer) ? answer[0] : answer;
  const at = Array.isArray(answer) ? [0] : [];
  const allowed = (Object.keys(TYPES) as ResponseType[]).filter((type) => request.config[TYPES[type]]);
  if (typeof response !== "object" || response === null)
    return refuse(`Expected a response with a type (${allowed.join(", ")}), but got ${response === null ? "null" : typeof response}.`, at);
  const { type, args } = response as { type?: unknown; args?: unknown };
  if (typeof type !== "string" || !Object.hasOwn(TYPES, type) || !allowed.includes(type as ResponseType)) {
    return refuse(`The response type ${JSON.stringify(type)} is not allowed for "${tool.name}". Allowed: ${allowed.join(", ")}.`, [
      ...at,
      "type",
    ]);
  }
  switch (type as ResponseType) {
    case "accept":
      return readAccept(tool, request, args, [...at, "args"]);
    case "edit":
      return readEdit(tool, args, [...at, "args"]);
    case "response":
      return typeof args === "string"
        ? { value: { kind: "response", text: args } }
        : refuse("A response needs a text in args.", [...at, "args"]);
    case "ignore":
      return { value: { kind: "ignore" } };
  }
}

/** Agent Inbox sends an edit in which nothing was changed as an accept, with the request that it accepts. */
function readAccept(tool: ClientTool, request: HumanInterrupt, args: unknown, path: readonly (string | number)[]): Result {
  if (args === undefined || args === null) return { value: { kind: "accept" } };
  const edited = readAction(tool, args, path);
  if ("issues" in edited) return edited;
  const same = isDeepStrictEqual(
    coerceArguments(edited.args, argumentSchema(tool)),
    coerceArguments(request.action_request.args, argumentSchema(tool)),
  );
  return same
    ? { value: { kind: "accept" } }
    : refuse('An accept cannot change the arguments. Send { type: "edit" } with them, or an accept without args.', path);
}

function readEdit(tool: ClientTool, given: unknown, path: readonly (string | number)[]): Result | Promise<Result> {
  const edited = readAction(tool, given, path);
  if ("issues" in edited) return edited;
  const args = coerceArguments(edited.args, argumentSchema(tool)) as Arguments;
  const parsed = parseArguments(tool, args);
  const check = ({ issues }: { readonly issues?: readonly Issue[] | undefined }): Result =>
    issues === undefined
      ? { value: { kind: "edit", args } }
      : { issues: issues.map((issue) => ({ ...issue, path: [...path, "args", ...(issue.path ?? [])] })) };
  return parsed instanceof Promise ? parsed.then(check) : check(parsed);
}

function readAction(
  tool: ClientTool,
  given: unknown,
  path: readonly (string | number)[],
): { readonly args: Arguments } | { readonly issues: readonly Issue[] } {
  const { action, args } = (typeof given === "object" && given !== null ? given : {}) as { action?: unknown; args?: unknown };
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    return { issues: [{ message: `Expected { args: { … } } with all arguments of "${tool.name}".`, path }] };
  }
  if (action !== undefined && action !== tool.name) {
    return {
      issues: [
        {
          message: `The call is of "${tool.name}" and cannot become one of ${JSON.stringify(action)}. Refuse it, and let the model call the other tool.`,
          path: [...path, "action"],
        },
      ],
    };
  }
  return { args: args as Arguments };
}

/** JSON Schema of the tool's arguments; undefined where it cannot be made, so that nothing is coerced. */
function argumentSchema(tool: ClientTool): unknown {
  try {
    return toJsonSchema(tool.schema as never);
  } catch {
    return undefined;
  }
}

/** JSON Schema of the answers, for a client that draws a form. */
function describeAnswers(tool: ClientTool, { config }: HumanInterrupt): Record<string, unknown> {
  const action = {
    type: "object",
    properties: { action: { const: tool.name }, args: argumentSchema(tool) ?? { type: "object" } },
    required: ["args"],
  };
  const forms: Record<ResponseType, Record<string, unknown>> = {
    accept: {},
    edit: { args: action },
    response: { args: { type: "string" } },
    ignore: {},
  };
  const responses = (Object.keys(TYPES) as ResponseType[])
    .filter((type) => config[TYPES[type]])
    .map((type) => ({
      type: "object",
      properties: { type: { const: type }, ...forms[type] },
      required: ["type", ...Object.keys(forms[type])],
    }));
  return { type: "array", minItems: 1, maxItems: 1, items: { anyOf: responses } };
}
