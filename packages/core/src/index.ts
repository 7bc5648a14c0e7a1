export type {
  CheckpointConfig,
  CheckpointSaver,
  Decision,
  IndexConfig,
  InMemoryStoreOptions,
  Item,
  SearchItem,
  StoreOptions,
  StoreTtl,
} from "@holdpoint/checkpoint";
export { BaseStore, InMemoryStore, MemorySaver } from "@holdpoint/checkpoint";
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
export { GraphError, type GraphErrorCode } from "./errors.js";
export { type Entrypoint, type EntrypointOptions, entrypoint, getPreviousState } from "./functional/entrypoint.js";
export { type TaskOptions, task } from "./functional/task.js";
export type { DrawableGraph, DrawnEdge } from "./graph/mermaid.js";
export type { NodeFunction, NodeOptions, NodeReturn, OwnStateOptions } from "./graph/node.js";
export type { CompileOptions, StateGraphOptions } from "./graph/options.js";
export { StateGraph } from "./graph/state-graph.js";
export { CompiledGraph, type RunResult } from "./pregel/compiled-graph.js";
export { currentRuntime, currentState, getConfig, getCurrentTaskInput, getStore, getWriter } from "./pregel/context/ambient.js";
export {
  type Bridge,
  type FollowedTask,
  type MessageFollower,
  type ObservedRun,
  type RunObserver,
  registerBridge,
} from "./pregel/context/bridge.js";
export { interrupt, isGraphInterrupt } from "./pregel/context/interrupt.js";
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
export type { Durability, GraphConfig, StreamOptions } from "./pregel/model/graph-config.js";
export { Interrupt, type InterruptFunction, type InterruptOptions, isInterrupted } from "./pregel/model/interrupt-types.js";
export type { RetryPolicy } from "./pregel/model/program.js";
export type { Runtime } from "./pregel/model/runtime.js";
export type { StreamChunk } from "./pregel/model/stream-chunk.js";
export type { StreamMode } from "./pregel/model/stream-mode.js";
export type { DecisionRecord, GivenAnswer } from "./pregel/read/read-decisions.js";
export type { StateSnapshot, TaskSnapshot } from "./pregel/read/snapshot.js";
export { Annotation, AnnotationRoot, type StateChannel, type StateDefinition } from "./state/annotation.js";
export type { InferState, InferUpdate } from "./state/infer.js";
export type { StandardSchema } from "./state/standard-schema.js";
export { ReducedValue, StateSchema } from "./state/state-schema.js";
