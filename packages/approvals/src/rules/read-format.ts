type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);

/** An action that a question shows for review, whatever the format. */
export interface ShownAction {
  readonly name: string;
  readonly args: unknown;
  /** Types of answers that are allowed, in the words of the format. */
  readonly allowed: readonly string[];
}

/** How a question shows what is to be decided. */
export type ShownFormat =
  /** Agent Inbox: `HumanInterrupt`, or a list of them; answered by a list of `{ type, args }`. */
  | { readonly kind: "inbox"; readonly actions: readonly ShownAction[] }
  /** Agent Chat UI: `{ action_requests, review_configs }`; answered by `{ decisions }`. */
  | { readonly kind: "chat"; readonly actions: readonly ShownAction[] }
  | { readonly kind: "plain"; readonly actions: readonly [] };

/** Reads what a question shows. What looks like a known format and is not whole counts as plain. */
export function readFormat(value: unknown): ShownFormat {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const inbox = list.map(inboxAction);
  if (inbox.length > 0 && inbox.every((action) => action !== undefined)) return { kind: "inbox", actions: inbox as ShownAction[] };
  const chat = isPlain(value) ? chatActions(value) : undefined;
  return chat === undefined ? { kind: "plain", actions: [] } : { kind: "chat", actions: chat };
}

/** Names of the actions that a question shows; none where its format is not known. */
export const actionNames = (value: unknown): string[] => [...new Set(readFormat(value).actions.map(({ name }) => name))];

const INBOX_TYPES = { allow_accept: "accept", allow_edit: "edit", allow_respond: "response", allow_ignore: "ignore" };

function inboxAction(value: unknown): ShownAction | undefined {
  if (!isPlain(value) || !isPlain(value.action_request)) return undefined;
  const { action, args } = value.action_request;
  if (typeof action !== "string") return undefined;
  const config = isPlain(value.config) ? value.config : {};
  const allowed = Object.entries(INBOX_TYPES).flatMap(([key, type]) => (config[key] === true ? [type] : []));
  return { name: action, args, allowed };
}

function chatActions({ action_requests: requests, review_configs: configs }: Plain): readonly ShownAction[] | undefined {
  if (!Array.isArray(requests) || requests.length === 0) return undefined;
  const actions = (requests as unknown[]).map((request): ShownAction | undefined => {
    if (!isPlain(request) || typeof request.name !== "string") return undefined;
    const { name, args } = request;
    const config = (Array.isArray(configs) ? (configs as unknown[]) : []).find((one) => isPlain(one) && one.action_name === name);
    const allowed = isPlain(config) && Array.isArray(config.allowed_decisions) ? (config.allowed_decisions as string[]) : [];
    return { name, args, allowed };
  });
  return actions.every((action) => action !== undefined) ? (actions as ShownAction[]) : undefined;
}
