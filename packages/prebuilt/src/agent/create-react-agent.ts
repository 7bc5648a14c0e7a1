import type {
  Authorize,
  BaseStore,
  CheckpointSaver,
  CompiledGraph,
  CompileOptions,
  DecisionGate,
  NodeFunction,
  Runtime,
  StandardSchema,
} from "@holdpoint/core";
import { END, START, StateGraph } from "@holdpoint/core";
import { AgentError } from "../agent-error.js";
import type { ApprovalFormat } from "../approval/approval-format.js";
import { type Approvals, applyApprovals } from "../approval/approvals.js";
import type { AgentTool } from "../tools/agent-tool.js";
import type { HandleToolErrors } from "../tools/run-tool-call.js";
import { ToolNode } from "../tools/tool-node.js";
import { type AgentSchema, agentStates, type StateOfAgent, type UpdateOfAgent } from "./agent-state.js";
import { checkAgentOptions } from "./check-agent-options.js";
import { modelNode } from "./model-node.js";
import { type Prompt, readPrompt } from "./prompt.js";
import { type AgentModel, readModel } from "./read-model.js";
import { RefusingAgent } from "./refusing-agent.js";
import { type RouteParts, routeFromHook, routeFromModel, routeFromTools } from "./routes.js";
import { type ResponseFormat, structuredResponseNode } from "./structured-response.js";

/** A step before or after the model: a node's function, or a runnable. */
export type Hook<State, Update> = NodeFunction<State, Update> | { invoke(input: never, config?: never): unknown };

export interface ReactAgentOptions<Schema extends AgentSchema | undefined = undefined, Response = unknown, Context = unknown> {
  /** A LangChain chat model, `"provider:model"`, or a function that chooses one in each step. */
  readonly model?: AgentModel<StateOfAgent<Schema, Response>, Context>;
  /** The same as `model`. */
  readonly llm?: AgentModel<StateOfAgent<Schema, Response>, Context>;
  readonly tools: readonly AgentTool[] | ToolNode;
  /** Which tools ask a person first: `{ book_hotel: true, refund: { when: ({ amount }) => amount > 100 } }`. */
  readonly approvals?: Approvals;
  /** How calls that wait are shown by all gates that say nothing themselves. Default `"agent-inbox"`; answers are understood in both formats. */
  readonly approvalFormat?: ApprovalFormat;
  /** Approvers, quorum, deadlines, journal: what `compile({ approvals })` takes. */
  readonly approvalPolicy?: DecisionGate;
  /** Asked before an answer is recorded whether it may be given; see `compile({ authorize })`. */
  readonly authorize?: Authorize;
  /**
   * What an input does while tool calls wait. "cancel" (default): the model is told that they were cancelled, and the conversation goes on.
   * "refuse": the run fails with AgentError CALLS_WAITING, which lists them in `details.calls`; nothing is saved.
   */
  readonly onNewMessage?: "cancel" | "refuse";
  /** What stands before the conversation. */
  readonly prompt?: Prompt<StateOfAgent<Schema, Response>>;
  /** Saves each step, so that the agent can stop for a person and go on later. */
  readonly checkpointer?: CheckpointSaver | boolean;
  /** The same as `checkpointer`. */
  readonly checkpointSaver?: CheckpointSaver | boolean;
  /** The agent's state; needs a key `messages`. Default: `MessagesAnnotation`. */
  readonly stateSchema?: Schema;
  /** Checks the `context` of each run. */
  readonly contextSchema?: StandardSchema<unknown, Context>;
  /** Form of the final answer, which then stands in the state as `structuredResponse`. */
  readonly responseFormat?: ResponseFormat<Response>;
  /** Runs before each call of the model; what it returns as `llmInputMessages` is what the model is shown, once. */
  readonly preModelHook?: Hook<StateOfAgent<Schema, Response>, UpdateOfAgent<Schema> & { llmInputMessages?: unknown }>;
  /** Runs after each call of the model, before its tools. */
  readonly postModelHook?: Hook<StateOfAgent<Schema, Response>, UpdateOfAgent<Schema>>;
  readonly interruptBefore?: readonly AgentNode[] | "*";
  readonly interruptAfter?: readonly AgentNode[] | "*";
  /** Documents that outlive the thread, handed to tools as `runtime.store`. */
  readonly store?: BaseStore;
  /** Name of the agent, in traces and on its messages. */
  readonly name?: string;
  /** What it is for: `agent.description`. */
  readonly description?: string;
  /** "v2" (default): each tool call is a task of the graph. "v1": one task "tools" runs them all, each durable within it. */
  readonly version?: "v1" | "v2";
  /** What becomes of a tool's error; see ToolNode. Default true. */
  readonly handleToolErrors?: HandleToolErrors;
}

/** The steps of an agent, as streams and `interruptBefore` name them. */
export type AgentNode = "agent" | "tools" | "pre_model_hook" | "post_model_hook" | "generate_structured_response";

export type ReactAgent<Schema extends AgentSchema | undefined = undefined, Response = unknown, Context = unknown> = CompiledGraph<
  StateOfAgent<Schema, Response>,
  UpdateOfAgent<Schema>,
  AgentNode,
  Context
>;

/**
 * Makes an agent: a model that calls tools until it has its answer. A tool may stop for a person (`addHumanInTheLoop`, `interrupt`), and
 * the agent goes on from there in another process, with nothing done twice.
 *
 * Each tool call is a task with its own saved result. A new user message while calls wait cancels them. Every saved transcript is valid for
 * model providers: each tool call has its tool message.
 * @throws AgentError INVALID_OPTIONS, INVALID_MODEL, UNKNOWN_MODEL, INVALID_TOOL, DUPLICATE_TOOL, INVALID_STATE; from a run also
 *   MODEL_WITHOUT_TOOLS, MISSING_MODEL_PACKAGE, INVALID_ANSWER, NO_STRUCTURED_RESPONSE, CALLS_WAITING
 * @example
 * ```ts
 * import { addHumanInTheLoop, createReactAgent } from "@holdpoint/prebuilt";
 * import { Command, MemorySaver } from "@holdpoint/core";
 * import { z } from "zod";
 * const bookHotel = addHumanInTheLoop({
 *   name: "book_hotel",
 *   description: "Book a hotel",
 *   schema: z.object({ hotel_name: z.string() }),
 *   invoke: ({ hotel_name }) => `Successfully booked a stay at ${hotel_name}.`,
 * });
 * const agent = createReactAgent({ model: "anthropic:claude-sonnet-4-5", tools: [bookHotel], checkpointer: new MemorySaver() });
 * const config = { configurable: { thread_id: "1" } };
 * await agent.invoke({ messages: [{ role: "user", content: "book a stay at McKittrick hotel" }] }, config);
 * await agent.invoke(new Command({ resume: [{ type: "accept" }] }), config);
 * ```
 */
export function createReactAgent<Schema extends AgentSchema | undefined = undefined, Response = unknown, Context = unknown>(
  given: ReactAgentOptions<Schema, Response, Context>,
): ReactAgent<Schema, Response, Context> {
  const options = checkAgentOptions(given);
  const {
    preModelHook,
    postModelHook,
    responseFormat,
    name,
    version = "v2",
    stateSchema,
    contextSchema,
    onNewMessage = "cancel",
  } = options;
  checkWord("version", version, ["v1", "v2"]);
  checkWord("onNewMessage", onNewMessage, ["cancel", "refuse"]);
  const toolNode = makeToolNode(options);
  const source = readModel(options.model ?? options.llm, { all: toolNode.tools, client: toolNode.clientTools });
  const states = agentStates(stateSchema, onNewMessage);
  const parts: RouteParts = {
    version,
    entry: preModelHook === undefined ? "agent" : "pre_model_hook",
    exit: responseFormat === undefined ? END : "generate_structured_response",
    returnDirect: new Set(
      [...toolNode.clientTools.values()]
        .filter((tool) => (tool as { returnDirect?: boolean }).returnDirect === true)
        .map((tool) => tool.name),
    ),
  };
  const roundSteps =
    2 + Number(preModelHook !== undefined) + 2 * Number(postModelHook !== undefined) + Number(responseFormat !== undefined);
  const callModel = modelNode({ source, makeInput: readPrompt(options.prompt), name, roundSteps });
  const graph = new StateGraph(states.graph, contextSchema === undefined ? {} : { context: contextSchema }) as unknown as Drafted;
  graph.addNode("agent", callModel, { input: states.modelNode }).addNode("tools", toolNode);
  graph.addEdge(START, parts.entry).addConditionalEdges("tools", routeFromTools(parts), [parts.entry, END]);
  if (preModelHook !== undefined) graph.addNode("pre_model_hook", preModelHook).addEdge("pre_model_hook", "agent");
  if (postModelHook === undefined) graph.addConditionalEdges("agent", routeFromModel(parts), ["tools", parts.exit]);
  else {
    graph.addNode("post_model_hook", postModelHook).addEdge("agent", "post_model_hook");
    graph.addConditionalEdges("post_model_hook", routeFromHook(parts), ["tools", parts.entry, parts.exit]);
  }
  if (responseFormat !== undefined) {
    graph
      .addNode("generate_structured_response", structuredResponseNode(source, responseFormat))
      .addEdge("generate_structured_response", END);
  }
  const compiled = graph.compile(compileOptions(options));
  return (onNewMessage === "refuse" ? RefusingAgent.of(compiled) : compiled) as unknown as ReactAgent<Schema, Response, Context>;
}

type CompiledPart =
  | "checkpointer"
  | "checkpointSaver"
  | "interruptBefore"
  | "interruptAfter"
  | "store"
  | "name"
  | "description"
  | "approvalPolicy"
  | "authorize";

function compileOptions(options: Pick<ReactAgentOptions, CompiledPart>): CompileOptions {
  const { checkpointer = options.checkpointSaver, interruptBefore, interruptAfter, store, name = "agent", description } = options;
  const { approvalPolicy: approvals, authorize } = options;
  return { checkpointer, interruptBefore, interruptAfter, store, name, description, approvals, authorize };
}

function checkWord(option: string, word: unknown, words: readonly string[]): void {
  if (words.includes(word as string)) return;
  const known = words.map((one) => JSON.stringify(one)).join(" or ");
  throw new AgentError(
    "INVALID_OPTIONS",
    `${option} is ${typeof word === "string" ? JSON.stringify(word) : `a ${typeof word}`}; it can be ${known}.`,
  );
}

function makeToolNode({
  tools,
  approvals,
  approvalFormat,
  handleToolErrors,
}: Pick<ReactAgentOptions, "tools" | "approvals" | "approvalFormat" | "handleToolErrors">): ToolNode {
  if (tools instanceof ToolNode && handleToolErrors !== undefined)
    throw new AgentError(
      "INVALID_OPTIONS",
      "handleToolErrors would go unread beside a ToolNode: new ToolNode(tools, { handleToolErrors }).",
    );
  const given = tools instanceof ToolNode ? tools : new ToolNode(tools, { handleToolErrors });
  if (approvals === undefined && approvalFormat === undefined) return given;
  return new ToolNode(applyApprovals(given.tools, approvals ?? {}, approvalFormat), {
    name: given.name,
    handleToolErrors: given.handleToolErrors,
  });
}

/** The builder, without the types of its state, which are the caller's. */
interface Drafted {
  addNode(name: string, action: unknown, options?: unknown): Drafted;
  addEdge(from: string, to: string): Drafted;
  addConditionalEdges(from: string, route: (state: never, runtime: Runtime) => unknown, ends: readonly string[]): Drafted;
  compile(options: CompileOptions): CompiledGraph;
}
