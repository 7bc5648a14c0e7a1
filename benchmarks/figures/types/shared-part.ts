// What both agents do with LangChain, alone: its tool, its model, and reading its messages. Its types cost both the same.
import type { BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { z } from "zod";

export const model = new FakeListChatModel({ responses: ["done"] });

export const search = tool(async ({ query, limit }) => `${limit} results for ${query}`, {
  name: "search",
  description: "Searches the web",
  schema: z.object({ query: z.string(), limit: z.number().int().min(1).max(10).default(5) }),
});

/** Whoever takes a tool looks at its members. */
export const named: { readonly name: string } = search;

export const findings = (topic: string, messages: BaseMessage[]) => messages.map((message) => ({ topic, text: String(message.content) }));
