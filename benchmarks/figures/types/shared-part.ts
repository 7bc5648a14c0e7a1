// What both agents use of LangChain, alone: its types cost both the same.
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { z } from "zod";

export const model = new FakeListChatModel({ responses: ["done"] });

export const search = tool(async ({ query, limit }) => `${limit} results for ${query}`, {
  name: "search",
  description: "Searches the web",
  schema: z.object({ query: z.string(), limit: z.number().int().min(1).max(10).default(5) }),
});

export async function run(text: string): Promise<string[]> {
  const answer = await model.invoke([{ role: "user", content: text }]);
  return [answer].map((message) => String(message.content));
}
