import {
  type ChannelVersion,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointSaver,
  type CheckpointTuple,
  checkpointId,
  createSerializer,
  type PendingWrite,
} from "@holdpoint/checkpoint";
import type { RunnableConfig } from "@langchain/core/runnables";
import { type ChannelHistory, channelHistory } from "./channel-history.js";
import { inWriteOrder } from "./in-write-order.js";

export type { ChannelHistory } from "./channel-history.js";

/** LangGraph's `SerializerProtocol`: data with the name of its format. */
export interface TypedSerializer {
  dumpsTyped(data: unknown): Promise<[string, Uint8Array]>;
  loadsTyped(type: string, data: Uint8Array | string): Promise<unknown>;
}

/** LangGraph JS's `BaseCheckpointSaver`, by shape. */
export interface LangGraphSaver {
  serde: TypedSerializer;
  toJSON(): string;
  get(config: RunnableConfig): Promise<Checkpoint | undefined>;
  getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined>;
  list(config: RunnableConfig, options?: CheckpointListOptions): AsyncGenerator<CheckpointTuple>;
  put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, newVersions: ChannelVersions): Promise<RunnableConfig>;
  putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void>;
  deleteThread(threadId: string): Promise<void>;
  getDeltaChannelHistory(options: { config: RunnableConfig; channels: string[] }): Promise<Record<string, ChannelHistory>>;
  // LangGraph's type says number; a thread that Holdpoint has run has versions that are texts, and both are passed on.
  getNextVersion(current: number | undefined): number;
}

/**
 * Makes a saver of ours usable by LangGraph JS itself: `compile({ checkpointer: toLangGraphSaver(saver) })`. Values are kept as ours keep them:
 * dates, maps and bytes come back as what they were, and LangChain's messages as messages. The saver may be used by Holdpoint too; a thread that
 * has come to its end goes on in either runtime, a paused one only in the runtime that paused it.
 *
 * LangGraph's own failures stay LangGraph's: without decisions and leases, which it does not know, a second click still runs twice there.
 *
 * @example
 * import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
 * import { toLangGraphSaver } from "@holdpoint/prebuilt/langgraph";
 * const checkpointer = toLangGraphSaver(SqliteSaver.fromConnString("agent.db"));
 */
export function toLangGraphSaver(saver: CheckpointSaver): LangGraphSaver {
  const getTuple = async (config: RunnableConfig) => ordered(await saver.getTuple(config));
  return {
    serde: typedSerializer(),
    toJSON: () => "[HoldpointSaver]",
    get: async (config) => (await getTuple(config))?.checkpoint,
    getTuple,
    async *list(config, options) {
      for await (const tuple of saver.list(config, options)) yield ordered(tuple) as CheckpointTuple;
    },
    put: async (config, checkpoint, metadata, newVersions) =>
      (await saver.put(config, checkpoint, metadata, newVersions)) as RunnableConfig,
    putWrites: (config, writes, taskId) => saver.putWrites(config, writes, taskId),
    deleteThread: (threadId) => saver.deleteThread(threadId),
    getDeltaChannelHistory: ({ config, channels }) => channelHistory(getTuple, config, channels),
    getNextVersion: (current) => nextVersion(current) as number,
  };
}

function ordered(tuple: CheckpointTuple | undefined): CheckpointTuple | undefined {
  if (tuple === undefined) return undefined;
  const pendingWrites: CheckpointPendingWrite[] = inWriteOrder(tuple.pendingWrites ?? []);
  return { ...tuple, pendingWrites };
}

function nextVersion(current: ChannelVersion | undefined): ChannelVersion {
  return typeof current === "string" ? checkpointId(current) : (current ?? 0) + 1;
}

function typedSerializer(): TypedSerializer {
  const serializer = createSerializer();
  return {
    dumpsTyped: async (data) => ["json", new TextEncoder().encode(serializer.dumps(data))],
    loadsTyped: async (_type, data) => serializer.loads(data),
  };
}
