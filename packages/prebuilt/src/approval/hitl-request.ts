/** What a reviewer may do, in the words of Agent Chat UI and LangChain's human-in-the-loop middleware. */
export type HITLDecisionType = "approve" | "edit" | "reject" | "respond";

/** A tool call as a reviewer sees it. */
export interface HITLActionRequest {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly description?: string;
}

/** What may be done with the calls of one tool. */
export interface ReviewConfig {
  readonly action_name: string;
  readonly allowed_decisions: readonly HITLDecisionType[];
  /** JSON Schema of the tool's arguments, where they may be edited. */
  readonly args_schema?: Readonly<Record<string, unknown>>;
}

/** A tool call that waits for a person, in Agent Chat UI's format: each call is an interrupt of its own, so that both lists have one entry. */
export interface HITLRequest {
  readonly action_requests: readonly HITLActionRequest[];
  readonly review_configs: readonly ReviewConfig[];
}

/** A call as the reviewer wants it; its name must be that of the tool that was called. */
export interface EditedAction {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * A reviewer's decision. `approve` runs the call as shown, `edit` with other arguments, `reject` refuses it and tells the model why,
 * `respond` gives the model the message in place of a result.
 */
export type HITLDecision =
  | { readonly type: "approve" }
  | { readonly type: "edit"; readonly edited_action: EditedAction }
  /** As LangChain.js writes it. */
  | { readonly type: "edit"; readonly editedAction: EditedAction }
  | { readonly type: "reject"; readonly message?: string }
  | { readonly type: "respond"; readonly message: string };

/** The answer to a `HITLRequest`: `new Command({ resume: { decisions: [{ type: "approve" }] } })`. */
export interface HITLResponse {
  readonly decisions: readonly HITLDecision[];
}
