import { isDeepStrictEqual } from "node:util";
import type { ClientTool } from "../tools/agent-tool.js";
import { type Issue, parseArguments } from "../tools/parse-arguments.js";
import { coerceArguments } from "./coerce-arguments.js";
import type { Choice, ReviewRequest } from "./review-request.js";

type Arguments = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** A decision that was checked: it is of a kind that is allowed, and edited arguments fit the tool's schema. */
export type Review =
  | { readonly kind: "accept" }
  | { readonly kind: "edit"; readonly args: Arguments }
  | { readonly kind: "response"; readonly text: string }
  /** Refused, with the reason where one was given. */
  | { readonly kind: "ignore"; readonly text?: string };

/** A call as a reply repeats or changes it. */
export interface GivenCall {
  readonly name: string | undefined;
  readonly args: Arguments;
  /** Where the reply has the name and the arguments. */
  readonly namePath: Path;
  readonly argsPath: Path;
}

/** A reply whose form is right, in either format. */
export type Reply =
  | { readonly kind: "accept"; readonly call?: GivenCall | undefined }
  | { readonly kind: "edit"; readonly call: GivenCall }
  | { readonly kind: "response"; readonly text: string }
  | { readonly kind: "ignore"; readonly text?: string };

export type Checked<Value> = { readonly value: Value; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

export const refuse = (message: string, path: Path = []): { readonly issues: readonly Issue[] } => ({ issues: [{ message, path }] });

/** Finds the choice that a reply's type means, among those that the request allows; all others are refused. */
export function readChoice({ tool, allowed }: ReviewRequest, type: unknown, says: (choice: Choice) => string, path: Path): Checked<Choice> {
  const choice = allowed.find((one) => says(one) === type);
  if (choice !== undefined) return { value: choice };
  const words = allowed.map(says).join(", ");
  return refuse(`The response type ${JSON.stringify(type)} is not allowed for "${tool}". Allowed: ${words}.`, path);
}

/**
 * Decides what a reply does with a call. Fails closed: another tool's name, and arguments that do not fit are refused with the issues.
 * @param says the words of the format that the reply came in
 */
export function decide(
  tool: ClientTool,
  request: ReviewRequest,
  reply: Reply,
  says: (choice: Choice) => string,
): Checked<Review> | Promise<Checked<Review>> {
  const call = reply.kind === "accept" || reply.kind === "edit" ? reply.call : undefined;
  if (call?.name !== undefined && call.name !== request.tool) {
    return refuse(
      `The call is of "${request.tool}" and cannot become one of ${JSON.stringify(call.name)}. Refuse it, and let the model call the other tool.`,
      call.namePath,
    );
  }
  if (reply.kind === "accept") return accept(request, reply.call, says);
  if (reply.kind === "edit") return edit(tool, request, reply.call);
  return { value: reply };
}

/** Forms send an edit in which nothing was changed as an acceptance, with the call that they accept. */
function accept({ args, argsSchema }: ReviewRequest, call: GivenCall | undefined, says: (choice: Choice) => string): Checked<Review> {
  const same = call === undefined || isDeepStrictEqual(coerceArguments(call.args, argsSchema), coerceArguments(args, argsSchema));
  if (same) return { value: { kind: "accept" } };
  const [yes, edited] = [says("accept"), says("edit")];
  return refuse(`"${yes}" cannot change the arguments. Send "${edited}" with them, or "${yes}" without arguments.`, call.argsPath);
}

function edit(tool: ClientTool, { argsSchema }: ReviewRequest, call: GivenCall): Checked<Review> | Promise<Checked<Review>> {
  const args = coerceArguments(call.args, argsSchema) as Arguments;
  const parsed = parseArguments(tool, args);
  const check = ({ issues }: { readonly issues?: readonly Issue[] | undefined }): Checked<Review> =>
    issues === undefined
      ? { value: { kind: "edit", args } }
      : { issues: issues.map((issue) => ({ ...issue, path: [...call.argsPath, ...(issue.path ?? [])] })) };
  return parsed instanceof Promise ? parsed.then(check) : check(parsed);
}
