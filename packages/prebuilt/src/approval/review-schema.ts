import type { StandardSchema } from "@holdpoint/core";
import type { ClientTool } from "../tools/agent-tool.js";
import { agentChat } from "./agent-chat.js";
import { agentInbox } from "./agent-inbox.js";
import type { ApprovalFormat, WireFormat } from "./approval-format.js";
import { type Checked, decide, type Review, refuse } from "./decide.js";
import type { ReviewRequest } from "./review-request.js";

export const FORMATS: Readonly<Record<ApprovalFormat, WireFormat>> = { "agent-inbox": agentInbox, "agent-chat": agentChat };

/**
 * Makes the schema that answers to one tool call are checked by, before they count. It takes a reply in either format, whichever was
 * shown, and gives a `Review`; whatever it does not know or the request does not allow it refuses.
 */
export function reviewSchema(tool: ClientTool, request: ReviewRequest, shown: WireFormat): StandardSchema<unknown, Review> {
  const describe = () => shown.describe(request);
  return {
    "~standard": {
      version: 1,
      vendor: "holdpoint",
      validate: (answer) => review(tool, request, answer, shown),
      jsonSchema: { input: describe, output: describe },
    } as StandardSchema<unknown, Review>["~standard"],
  };
}

function review(tool: ClientTool, request: ReviewRequest, answer: unknown, shown: WireFormat): Checked<Review> | Promise<Checked<Review>> {
  const keys = typeof answer === "object" && answer !== null ? answer : {};
  if ("decisions" in keys && "type" in keys)
    return refuse("The answer holds both a type and decisions, which may say different things. Send one of them.");
  const format = "decisions" in keys ? agentChat : "type" in keys || Array.isArray(answer) ? agentInbox : shown;
  const reply = format.read(request, answer);
  return reply.issues === undefined ? decide(tool, request, reply.value, format.says) : reply;
}
