import {
  Annotation,
  type CheckpointSaver,
  Command,
  type CompiledGraph,
  type CompileOptions,
  type Interrupt,
  interrupt,
  MemorySaver,
  START,
  StateGraph,
} from "@holdpoint/core";
import { ApprovalError, type ApprovalOptions, type ApprovalTerms, createApprovals, type Rule } from "../../src/index.js";

export const HOUR = 3_600_000;

/** A clock that moves when it is told to. */
export function fakeClock(start = Date.parse("2030-01-01T00:00:00.000Z")) {
  let time = start;
  return {
    now: () => new Date(time),
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

/** What Agent Inbox shows for one tool call. */
export const toolCall = (action: string, args: Record<string, unknown> = {}, allow: readonly string[] = ["accept", "edit", "ignore"]) => [
  {
    action_request: { action, args },
    config: {
      allow_accept: allow.includes("accept"),
      allow_edit: allow.includes("edit"),
      allow_respond: allow.includes("respond"),
      allow_ignore: allow.includes("ignore"),
    },
  },
];

export interface DeskOptions extends Omit<ApprovalOptions, "rules"> {
  readonly rules?: readonly Rule[];
  readonly rule?: Partial<Rule>;
  readonly saver?: CheckpointSaver;
  readonly value?: unknown;
  readonly terms?: Record<string, unknown>;
  readonly compile?: CompileOptions;
}

/** A graph that asks one question and notes the answer; `ran` counts what ran on answers. */
export function desk({ rules, rule, saver = new MemorySaver(), value = "Go ahead?", terms, compile, ...options }: DeskOptions = {}) {
  const ran: unknown[] = [];
  const State = Annotation.Root({ answer: Annotation<unknown>() });
  const approvals = createApprovals({ ...options, rules: rules ?? [{ name: "rule", approvers: ["ann", "bob", "cy"], ...rule }] });
  const graph: CompiledGraph<{ answer: unknown }, { answer?: unknown }> = new StateGraph(State)
    .addNode("ask", () => {
      const answer = interrupt(value, terms === undefined ? {} : { terms });
      ran.push(answer);
      return { answer };
    })
    .addEdge(START, "ask")
    .compile({ checkpointer: saver, approvals, name: "desk", ...compile });
  const config = (thread: string, user?: string) => ({
    configurable: { thread_id: thread, ...(user === undefined ? {} : { user_id: user }) },
  });
  const ask = async (thread = "t", user?: string): Promise<Interrupt> => {
    const { __interrupt__ } = await graph.invoke({}, config(thread, user));
    return (__interrupt__ as Interrupt[])[0] as Interrupt;
  };
  const say = (resume: unknown, by?: unknown, thread = "t", reason?: string) =>
    graph.invoke(new Command({ resume, by, ...(reason === undefined ? {} : { reason }) }), config(thread));
  const waiting = async (thread = "t") => (await graph.getState(config(thread))).interrupts;
  const termsOf = async (thread = "t") => (await waiting(thread))[0]?.terms as ApprovalTerms | undefined;
  return { graph, approvals, saver, ran, config, ask, say, waiting, termsOf };
}

/** The ApprovalError that a promise rejects with. */
export async function refusalOf(promise: Promise<unknown>): Promise<ApprovalError> {
  const error = await promise.then(
    (value) => new Error(`It resolved: ${JSON.stringify(value)}`),
    (cause: unknown) => cause,
  );
  if (!ApprovalError.is(error)) throw error;
  return error;
}
