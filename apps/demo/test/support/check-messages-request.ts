import { z } from "zod";

const text = z.looseObject({ type: z.literal("text"), text: z.string().min(1, "text content blocks must be non-empty") });
const toolUse = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(text)]).optional(),
  is_error: z.boolean().optional(),
});

const message = z.union([
  z.strictObject({ role: z.literal("user"), content: z.union([z.string().min(1), z.array(z.union([text, toolResult])).min(1)]) }),
  z.strictObject({ role: z.literal("assistant"), content: z.union([z.string().min(1), z.array(z.union([text, toolUse])).min(1)]) }),
]);

const requestSchema = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(text)]).optional(),
  stream: z.boolean().optional(),
  tools: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
        description: z.string().optional(),
        input_schema: z.looseObject({ type: z.literal("object"), properties: z.record(z.string(), z.unknown()).optional() }),
      }),
    )
    .optional(),
});

export type MessagesRequest = z.infer<typeof requestSchema>;
type Message = z.infer<typeof message>;
type Block = Exclude<Message["content"], string>[number];

/** Says what the Messages API would refuse about a request, or gives the request. */
export function checkMessagesRequest(body: unknown): { request: MessagesRequest } | { problem: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { problem: z.prettifyError(parsed.error) };
  const request = parsed.data;
  const problem = checkTools(request) ?? checkTurns(combined(request.messages));
  return problem === undefined ? { request } : { problem };
}

function checkTools({ tools = [] }: MessagesRequest): string | undefined {
  const names = tools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `tools: Tool names must be unique: ${twice}`;
}

interface CombinedTurn {
  readonly role: "user" | "assistant";
  readonly blocks: readonly Block[];
}

/** The API combines consecutive turns of one role before it looks at them. */
function combined(messages: readonly Message[]): CombinedTurn[] {
  const turns: { role: "user" | "assistant"; blocks: Block[] }[] = [];
  for (const { role, content } of messages) {
    const blocks: Block[] = typeof content === "string" ? [{ type: "text", text: content }] : [...content];
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }
  return turns;
}

/** The API's rules for turns: it begins with the user, and each tool_use is answered at the start of the very next user turn, once. */
function checkTurns(turns: readonly CombinedTurn[]): string | undefined {
  if (turns[0]?.role !== "user") return 'messages: first message must use the "user" role';
  const last = turns.at(-1);
  if (last?.role === "assistant") return "messages: the conversation must end with a user message";
  const seen = new Set<string>();
  for (const [index, turn] of turns.entries()) {
    const uses = turn.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id as string] : []));
    for (const id of uses) {
      if (seen.has(id)) return `messages.${index}: \`tool_use\` ids must be unique: ${id}`;
      seen.add(id);
    }
    const problem = turn.role === "assistant" ? checkAnswers(uses, turns[index + 1], index) : checkResults(turn, turns[index - 1], index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const resultsOf = (turn: CombinedTurn | undefined): string[] =>
  turn?.blocks.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id as string] : [])) ?? [];

function checkAnswers(uses: readonly string[], next: CombinedTurn | undefined, index: number): string | undefined {
  const answered = resultsOf(next);
  const open = uses.filter((id) => !answered.includes(id));
  return open.length === 0
    ? undefined
    : `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}`;
}

function checkResults(turn: CombinedTurn, before: CombinedTurn | undefined, index: number): string | undefined {
  const results = resultsOf(turn);
  const twice = results.find((id, at) => results.indexOf(id) !== at);
  if (twice !== undefined) return `messages.${index}: each tool_use must have a single result, but ${twice} has several`;
  const asked = new Set(before?.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id as string] : [])) ?? []);
  const stray = results.find((id) => !asked.has(id));
  if (stray !== undefined) return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`;
  const firstOther = turn.blocks.findIndex(({ type }) => type !== "tool_result");
  if (firstOther >= 0 && turn.blocks.slice(firstOther).some(({ type }) => type === "tool_result"))
    return `messages.${index}: tool_result blocks must come first`;
  return undefined;
}
