import { isDeepStrictEqual } from "node:util";
import type { WireFormat } from "./approval-format.js";
import { type Checked, type GivenCall, type Path, type Reply, readChoice, refuse } from "./decide.js";
import type { HITLDecisionType, HITLRequest } from "./hitl-request.js";
import { CHOICES, type Choice, type ReviewRequest } from "./review-request.js";

/** One to one: `ignore` refuses a call, which this format calls to reject it. */
const WORDS = {
  accept: "approve",
  edit: "edit",
  response: "respond",
  ignore: "reject",
} as const satisfies Record<Choice, HITLDecisionType>;

const says = (choice: Choice): HITLDecisionType => WORDS[choice];

/** The format of Agent Chat UI and of LangChain's human-in-the-loop middleware in Python (LangChain.js shows camelCase; its `editedAction` is read too). */
export const agentChat: WireFormat = {
  allowedByDefault: CHOICES,
  says,
  show: ({ tool, args, description, allowed, argsSchema }): HITLRequest => ({
    action_requests: [{ name: tool, args, description }],
    review_configs: [
      {
        action_name: tool,
        allowed_decisions: allowed.map(says),
        ...(allowed.includes("edit") && argsSchema !== undefined ? { args_schema: argsSchema } : {}),
      },
    ],
  }),
  read,
  describe({ tool, allowed, argsSchema }) {
    const action = {
      type: "object",
      properties: { name: { const: tool }, args: argsSchema ?? { type: "object" } },
      required: ["name", "args"],
    };
    const forms: Record<Choice, { readonly properties: Record<string, unknown>; readonly required: readonly string[] }> = {
      accept: { properties: {}, required: [] },
      edit: { properties: { edited_action: action }, required: ["edited_action"] },
      response: { properties: { message: { type: "string" } }, required: ["message"] },
      ignore: { properties: { message: { type: "string" } }, required: [] },
    };
    const decisions = allowed.map((choice) => ({
      type: "object",
      properties: { type: { const: WORDS[choice] }, ...forms[choice].properties },
      required: ["type", ...forms[choice].required],
    }));
    const list = { type: "array", minItems: 1, maxItems: 1, items: { anyOf: decisions } };
    return { type: "object", properties: { decisions: list }, required: ["decisions"] };
  },
};

function read(request: ReviewRequest, answer: unknown): Checked<Reply> {
  const { decisions } = (typeof answer === "object" && answer !== null ? answer : {}) as { decisions?: unknown };
  if (!Array.isArray(decisions)) return refuse("Expected { decisions: [ … ] } with one decision.", ["decisions"]);
  if (decisions.length !== 1)
    return refuse(`Expected one decision, for the one call of "${request.tool}", but got ${decisions.length}.`, ["decisions"]);
  const decision: unknown = decisions[0];
  const at: Path = ["decisions", 0];
  const { type } = (typeof decision === "object" && decision !== null ? decision : {}) as { type?: unknown };
  const choice = readChoice(request, type, says, [...at, "type"]);
  return choice.issues === undefined ? readDecision(request, choice.value, decision as Record<string, unknown>, at) : choice;
}

function readDecision(request: ReviewRequest, choice: Choice, decision: Record<string, unknown>, at: Path): Checked<Reply> {
  const { message } = decision;
  switch (choice) {
    case "accept": {
      if (isAbsent(decision.edited_action) && isAbsent(decision.editedAction)) return { value: { kind: "accept" } };
      const call = readAction(request, decision, at);
      return call.issues === undefined ? { value: { kind: "accept", call: call.value } } : call;
    }
    case "edit": {
      const call = readAction(request, decision, at);
      return call.issues === undefined ? { value: { kind: "edit", call: call.value } } : call;
    }
    case "response":
      return typeof message === "string"
        ? { value: { kind: "response", text: message } }
        : refuse('"respond" needs a message, for the model to read.', [...at, "message"]);
    case "ignore":
      if (isAbsent(message) || message === "") return { value: { kind: "ignore" } };
      return typeof message === "string"
        ? { value: { kind: "ignore", text: message } }
        : refuse("The message of a rejection must be a text.", [...at, "message"]);
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** LangChain's client sends an edit under both spellings, for servers of either language: they must say the same. */
function readAction({ tool }: ReviewRequest, decision: Record<string, unknown>, at: Path): Checked<GivenCall> {
  const { edited_action: snake, editedAction: camel } = decision;
  const path = [...at, isAbsent(snake) && !isAbsent(camel) ? "editedAction" : "edited_action"];
  if (!isAbsent(snake) && !isAbsent(camel) && !isDeepStrictEqual(snake, camel))
    return refuse("edited_action and editedAction differ. Send one of them.", path);
  const edited = snake ?? camel;
  const { name, args } = (typeof edited === "object" && edited !== null ? edited : {}) as { name?: unknown; args?: unknown };
  if (typeof name !== "string" || typeof args !== "object" || args === null || Array.isArray(args))
    return refuse(`Expected edited_action: { name: "${tool}", args: { … } } with all arguments of "${tool}".`, path);
  return { value: { name, args: args as Record<string, unknown>, namePath: [...path, "name"], argsPath: [...path, "args"] } };
}
