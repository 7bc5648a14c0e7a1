/** What a reviewer may do. Agent Inbox's format. */
export interface HumanInterruptConfig {
  readonly allow_accept?: boolean;
  readonly allow_edit?: boolean;
  readonly allow_respond?: boolean;
  readonly allow_ignore?: boolean;
}

/** A tool call as a reviewer sees it. */
export interface ActionRequest {
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A tool call that waits for a person: what `interrupt` shows, in a list of one (seed: "Add interrupts to any tool"). */
export interface HumanInterrupt {
  readonly action_request: ActionRequest;
  readonly config: Required<HumanInterruptConfig>;
  readonly description?: string;
}

/**
 * A reviewer's decision; `new Command({ resume: [response] })`, or the response alone.
 *
 * `accept` runs the call as shown, `edit` runs it with other arguments, `response` gives the model the text in place of a result, `ignore`
 * refuses the call.
 */
export type HumanResponse =
  | { readonly type: "accept"; readonly args?: ActionRequest | null }
  | { readonly type: "edit"; readonly args: { readonly action?: string; readonly args: Readonly<Record<string, unknown>> } }
  | { readonly type: "response"; readonly args: string }
  | { readonly type: "ignore"; readonly args?: null };
