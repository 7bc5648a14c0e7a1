export type {
  Checkpoint,
  CheckpointConfig,
  CheckpointMetadata,
  CheckpointSaver,
  CheckpointSaver as BaseCheckpointSaver,
  CheckpointTuple,
  Decision,
  IndexConfig,
  InMemoryStoreOptions,
  Item,
  SearchItem,
  StoreOptions,
  StoreTtl,
} from "@holdpoint/checkpoint";
export { BaseStore, copyCheckpoint, emptyCheckpoint, InMemoryStore, MemorySaver } from "@holdpoint/checkpoint";
export type { Channel } from "./channels/channel.js";
export { EphemeralValue } from "./channels/ephemeral-value.js";
export { LastValue } from "./channels/last-value.js";
export { Reducer } from "./channels/reducer.js";
export { Topic } from "./channels/topic.js";
export { UntrackedValue } from "./channels/untracked-value.js";
export { END, INTERRUPT, START } from "./constants.js";
export { Command, type CommandOptions, isCommand, toCommand } from "./control/command.js";
export { isOverwrite, Overwrite } from "./control/overwrite.js";
export { Send, toSend } from "./control/send.js";
export { GraphError, type GraphErrorCode, type GraphErrorOptions } from "./errors.js";
export { type Entrypoint, type EntrypointOptions, entrypoint, getPreviousState } from "./functional/entrypoint.js";
export { type TaskOptions, task } from "./functional/task.js";
export type { DrawableGraph } from "./graph/drawable-graph.js";
export type { ConditionalEdgeRouter, GraphNode } from "./graph/graph-node.js";
export type { DrawnEdge, DrawnNode, MermaidOptions } from "./graph/mermaid.js";
export type { NodeDefaults, NodeErrorHandler, NodeFunction, NodeOptions, NodeReturn, OwnStateOptions } from "./graph/node.js";
export type { CompileOptions, StateGraphOptions } from "./graph/options.js";
export { StateGraph } from "./graph/state-graph.js";
export {
  EmptyInputError,
  GraphRecursionError,
  GraphValueError,
  InvalidUpdateError,
  isInvalidResume,
  isNodeTimeoutError,
  isUnknownInterruptError,
  NodeTimeoutError,
  UnknownInterruptError,
  UnreachableNodeError,
} from "./named-errors.js";
export { CompiledGraph, CompiledGraph as CompiledStateGraph, type RunResult } from "./pregel/compiled-graph.js";
export { currentRuntime, currentState, getConfig, getCurrentTaskInput, getStore, getWriter, writer } from "./pregel/context/ambient.js";
export {
  type Bridge,
  type FollowedTask,
  type MessageFollower,
  type ObservedRun,
  type RunObserver,
  registerBridge,
} from "./pregel/context/bridge.js";
export { type CurrentStep, currentStep, type StepTask } from "./pregel/context/current-step.js";
export { InterruptSignal as GraphInterrupt, interrupt, isGraphInterrupt } from "./pregel/context/interrupt.js";
export { NodeInterrupt } from "./pregel/context/node-interrupt.js";
export { pushUpdate } from "./pregel/context/push-update.js";
export type {
  AskedQuestion,
  Authorize,
  CodeChange,
  DecisionGate,
  DueTouch,
  OnCodeChange,
  ProposedAnswer,
  Ruling,
  Verdict,
} from "./pregel/model/decision-gate.js";
export { GraphBubbleUp, isGraphBubbleUp } from "./pregel/model/graph-bubble-up.js";
export type { Durability, GraphConfig, InvokeOptions, OutputKeys, StreamOptions } from "./pregel/model/graph-config.js";
export { Interrupt, type InterruptFunction, type InterruptOptions, isInterrupted } from "./pregel/model/interrupt-types.js";
export { isNodeError, NodeError } from "./pregel/model/node-error.js";
export type { RetryPolicy } from "./pregel/model/program.js";
export type { Runtime, Runtime as LangGraphRunnableConfig } from "./pregel/model/runtime.js";
export type {
  CheckpointChunk,
  DebugChunk,
  MessageMetadata,
  StreamChunk,
  StreamedMessage,
  StreamedMessages,
  TaskResultChunk,
  TaskStartChunk,
} from "./pregel/model/stream-chunk.js";
export type { StreamMode } from "./pregel/model/stream-mode.js";
export type { NodeView } from "./pregel/read/node-views.js";
export type { DecisionRecord, GivenAnswer } from "./pregel/read/read-decisions.js";
export type { StateSnapshot, TaskSnapshot } from "./pregel/read/snapshot.js";
export { isParentCommand, ParentCommandSignal as ParentCommand } from "./pregel/run/parent-command.js";
export type { StateUpdate, Superstep } from "./pregel/run/read-supersteps.js";
export type { BatchOptions } from "./pregel/run/run-batch.js";
export { Annotation, AnnotationRoot, type StateChannel, type StateDefinition } from "./state/annotation.js";
export type { InferState, InferState as ExtractStateType, InferUpdate, InferUpdate as ExtractUpdateType } from "./state/infer.js";
export type { StandardSchema } from "./state/standard-schema.js";
export { ReducedValue, StateSchema } from "./state/state-schema.js";
export { type ReducedSchema, type SchemaMeta, withLangGraph } from "./state/with-langgraph.js";
