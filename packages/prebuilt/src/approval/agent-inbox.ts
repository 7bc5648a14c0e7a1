import type { WireFormat } from "./approval-format.js";
import { type Checked, type GivenCall, type Path, type Reply, readChoice, refuse } from "./decide.js";
import type { HumanInterrupt, HumanInterruptConfig } from "./human-interrupt.js";
import type { Choice, ReviewRequest } from "./review-request.js";

/** Which choice each flag allows. */
export const FLAGS = {
  accept: "allow_accept",
  edit: "allow_edit",
  response: "allow_respond",
  ignore: "allow_ignore",
} as const satisfies Record<Choice, keyof HumanInterruptConfig>;

const says = (choice: Choice): string => choice;

/** Agent Inbox's format: a list of one interrupt, answered by a list of one response (or by the response alone). */
export const agentInbox: WireFormat = {
  /** The seed's reference implementation; its Python default says nothing of ignore, which is not allowed then. */
  allowedByDefault: ["accept", "edit", "response"],
  says,
  show: ({ tool, args, description, allowed }): HumanInterrupt[] => [
    {
      action_request: { action: tool, args },
      config: {
        allow_accept: allowed.includes("accept"),
        allow_edit: allowed.includes("edit"),
        allow_respond: allowed.includes("response"),
        allow_ignore: allowed.includes("ignore"),
      },
      description,
    },
  ],
  read,
  describe({ tool, allowed, argsSchema }) {
    const action = {
      type: "object",
      properties: { action: { const: tool }, args: argsSchema ?? { type: "object" } },
      required: ["args"],
    };
    const forms: Record<Choice, Record<string, unknown>> = {
      accept: {},
      edit: { args: action },
      response: { args: { type: "string" } },
      ignore: {},
    };
    const responses = allowed.map((type) => ({
      type: "object",
      properties: { type: { const: type }, ...forms[type] },
      required: ["type", ...Object.keys(forms[type])],
    }));
    return { type: "array", minItems: 1, maxItems: 1, items: { anyOf: responses } };
  },
};

function read(request: ReviewRequest, answer: unknown): Checked<Reply> {
  if (Array.isArray(answer) && answer.length !== 1)
    return refuse(`Expected a list of one response, for the one call of "${request.tool}", but got ${answer.length}.`);
  const response: unknown = Array.isArray(answer) ? answer[0] : answer;
  const at: Path = Array.isArray(answer) ? [0] : [];
  if (typeof response !== "object" || response === null) {
    return refuse(
      `Expected a response with a type (${request.allowed.join(", ")}), but got ${response === null ? "null" : typeof response}.`,
      at,
    );
  }
  const { type, args } = response as { type?: unknown; args?: unknown };
  const choice = readChoice(request, type, says, [...at, "type"]);
  return choice.issues === undefined ? readResponse(request, choice.value, args, [...at, "args"]) : choice;
}

function readResponse(request: ReviewRequest, type: Choice, args: unknown, path: Path): Checked<Reply> {
  switch (type) {
    case "accept": {
      if (args === undefined || args === null) return { value: { kind: "accept" } };
      const call = readAction(request, args, path);
      return call.issues === undefined ? { value: { kind: "accept", call: call.value } } : call;
    }
    case "edit": {
      const call = readAction(request, args, path);
      return call.issues === undefined ? { value: { kind: "edit", call: call.value } } : call;
    }
    case "response":
      return typeof args === "string"
        ? { value: { kind: "response", text: args } }
        : refuse('A "response" needs a text in args, for the model to read.', path);
    case "ignore":
      return { value: { kind: "ignore" } };
  }
}

function readAction({ tool }: ReviewRequest, given: unknown, path: Path): Checked<GivenCall> {
  const { action, args } = (typeof given === "object" && given !== null ? given : {}) as { action?: unknown; args?: unknown };
  if (typeof args !== "object" || args === null || Array.isArray(args))
    return refuse(`Expected { args: { … } } with all arguments of "${tool}".`, path);
  const namePath = [...path, "action"];
  if (action !== undefined && typeof action !== "string") return refuse(`Expected the tool's name "${tool}", or none.`, namePath);
  return { value: { name: action, args: args as Record<string, unknown>, namePath, argsPath: [...path, "args"] } };
}
