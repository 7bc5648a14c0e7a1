import { CheckpointError } from "../checkpoint-error.js";
import { questionStatus } from "../inbox/question-status.js";
import { QUESTION_CHANNEL, readQuestions } from "../inbox/read-questions.js";
import { resolveQuery } from "../inbox/resolve-query.js";
import { encodeDrafts } from "../journal/chain-entries.js";
import { decisionPlace, metadataPlace, questionPlace, writePlace } from "../record/data-places.js";
import { decide } from "../record/decide.js";
import { encodeCheckpoint, type ParentRecord } from "../record/encode-checkpoint.js";
import { matchesFilter } from "../record/matches-filter.js";
import { contentOf, type ParentContent } from "../record/parent-content.js";
import { needsPendingSends, withPendingSends } from "../record/pending-sends.js";
import { rememberShapes } from "../record/stored-shapes.js";
import {
  configOf,
  readId,
  readNamespace,
  requireCheckpointId,
  requireLine,
  requirePoint,
  type ThreadLine,
  type ThreadPoint,
} from "../record/thread-point.js";
import { DECISION_CHANNEL, DECISION_INDEX, indexWrites } from "../record/write-index.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { Serializer } from "../serde/serializer.js";
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointConfig,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointPendingWrite,
  CheckpointSaver,
  CheckpointTuple,
  Decision,
  DecisionOutcome,
  InterruptPage,
  InterruptQuery,
  JournalDraft,
  JournalEntry,
  LeaseOutcome,
  PendingWrite,
  ThreadLease,
} from "../types.js";
import { WRITES_IDX_MAP } from "../types.js";
import { ChainReader } from "./chain-reader.js";
import { MemoryInbox, type StatusOf } from "./memory-inbox.js";
import { MemoryJournal } from "./memory-journal.js";
import { MemoryLeases } from "./memory-leases.js";
import { MemoryLine, type MemoryPoint } from "./memory-line.js";

export interface MemorySaverOptions {
  /** How values are kept. Default: {@link createSerializer}. */
  readonly serializer?: Serializer;
}

/**
 * Keeps checkpoints in the memory of this process: for tests, scripts, and agents that need not survive it.
 *
 * What is put is encoded at once, and what is read is decoded anew, so that neither shares anything with the caller. A checkpoint costs
 * what changed since its parent, in time and in memory.
 *
 * @example
 * const graph = builder.compile({ checkpointer: new MemorySaver() });
 */
export class MemorySaver implements CheckpointSaver {
  readonly ordered = true;
  readonly #serializer: Serializer;
  readonly #threads = new Map<string, Map<string, MemoryLine>>();
  /** Content of the last checkpoint put, for runtimes that do not pass the parent. */
  readonly #lastContent = new WeakMap<MemoryLine, ParentContent>();
  readonly #leases = new MemoryLeases();
  readonly #inbox: MemoryInbox;
  readonly #journal: MemoryJournal;

  constructor(options: MemorySaverOptions = {}) {
    this.#serializer = options.serializer ?? createSerializer();
    this.#inbox = new MemoryInbox(this.#serializer);
    this.#journal = new MemoryJournal(this.#serializer);
  }

  async getTuple(config: CheckpointConfig): Promise<CheckpointTuple | undefined> {
    const threadId = readId(config, "thread_id");
    if (threadId === undefined) return undefined;
    const ns = readNamespace(config) ?? "";
    const id = readId(config, "checkpoint_id");
    const line = this.#threads.get(threadId)?.get(ns);
    const point = id === undefined ? line?.newest() : line?.get(id);
    if (line === undefined || point === undefined) return undefined;
    const tuple = this.#readTuple({ threadId, ns, line, point }, new ChainReader(this.#serializer));
    rememberShapes(tuple.checkpoint);
    return tuple;
  }

  /** Tuples of one call may share values: take them as immutable. */
  async *list(config: CheckpointConfig, options: CheckpointListOptions = {}): AsyncIterableIterator<CheckpointTuple> {
    const wanted = { threadId: readId(config, "thread_id"), ns: readNamespace(config), id: readId(config, "checkpoint_id") };
    const before = options.before === undefined ? undefined : readId(options.before, "checkpoint_id");
    const reader = new ChainReader(this.#serializer);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    for (const found of this.#newestFirst(wanted.threadId, wanted.ns, before)) {
      if (left <= 0) return;
      if (wanted.id !== undefined && wanted.id !== found.point.id) continue;
      if (!matchesFilter(this.#readMetadata(found), options.filter)) continue;
      left--;
      yield this.#readTuple(found, reader);
    }
  }

  async put(
    config: CheckpointConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    _newVersions: ChannelVersions,
    base?: Checkpoint,
  ): Promise<CheckpointConfig> {
    const { threadId, ns } = requireLine(config);
    const id = requireCheckpointId(checkpoint.id);
    const parentId = readId(config, "checkpoint_id");
    if (parentId === id)
      throw new CheckpointError("INVALID_ARGUMENT", `The checkpoint ${id} cannot be its own parent. Give it an id of its own.`);
    const line = this.#line(threadId, ns);
    const parentPoint = parentId === undefined ? undefined : line.get(parentId);
    const parent = parentPoint === undefined ? undefined : this.#parentRecord({ threadId, ns, line, point: parentPoint }, base);
    const { isPatch, data, sizes } = encodeCheckpoint(this.#serializer, { threadId, ns }, checkpoint, parent);
    const encodedMetadata = this.#serializer.dumps(metadata, metadataPlace({ threadId, ns }, id));
    line.set({ id, parentId, base: isPatch ? parentPoint : undefined, data, metadata: encodedMetadata, sizes });
    if (base === undefined) this.#lastContent.set(line, contentOf(checkpoint));
    if (ns === "") this.#inbox.closeBefore(threadId, id);
    return configOf(threadId, ns, id);
  }

  async putWrites(config: CheckpointConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const point = requirePoint(config);
    const { threadId, ns, checkpointId } = point;
    const indexed = indexWrites(writes);
    const encoded = indexed.map(({ value, ...write }) => {
      return { ...write, data: this.#serializer.dumps(value, writePlace(point, taskId, write.index, write.channel)) };
    });
    const asked = indexed.findLast(({ channel }) => channel === QUESTION_CHANNEL);
    const questions = (ns === "" && asked !== undefined ? readQuestions(asked.value) : []).map((question) => ({
      ...question,
      data: this.#serializer.dumps(question.shown, questionPlace(point, question.id)),
    }));
    const saved = this.#line(threadId, ns).writesOf(checkpointId);
    for (const { index, channel, replaces, data } of encoded) {
      const key = writeKey(taskId, index);
      const standing = saved.get(key);
      if (standing === undefined || (replaces && standing.revision === undefined)) saved.set(key, { taskId, index, channel, data });
    }
    if (ns !== "") return;
    if (asked !== undefined) this.#inbox.ask(threadId, checkpointId, taskId, questions, this.#statusOf(point, taskId));
    else if (indexed.some(({ index }) => index >= 0)) this.#inbox.closeTask(threadId, checkpointId, taskId);
  }

  async recordDecisions(
    config: CheckpointConfig,
    decisions: readonly Decision[],
    journal: readonly JournalDraft[] = [],
  ): Promise<DecisionOutcome> {
    const point = requirePoint(config);
    const { threadId, ns, checkpointId } = point;
    const line = this.#threads.get(threadId)?.get(ns);
    if (line?.get(checkpointId) === undefined) throw unknownCheckpoint(threadId, checkpointId);
    const saved = line.writesOf(checkpointId);
    const encoded = decisions.map((decision) => {
      return { decision, data: this.#serializer.dumps(decision, decisionPlace(point, decision.interruptId)) };
    });
    const drafts = encodeDrafts(this.#serializer, threadId, journal);
    const outcome = decide(decisions, (interruptId) => this.#readDecision(point, interruptId));
    if (outcome.kind === "conflict") return outcome;
    for (const { decision, data } of encoded) {
      const { interruptId, revision } = decision;
      const write = { taskId: interruptId, index: DECISION_INDEX, channel: DECISION_CHANNEL, data, revision };
      saved.set(writeKey(interruptId, DECISION_INDEX), write);
      if (ns !== "") continue;
      const taskId = this.#inbox.taskOf(threadId, checkpointId, interruptId);
      this.#inbox.settle(threadId, checkpointId, interruptId, this.#statusOf(point, taskId)(interruptId, taskId !== undefined));
    }
    this.#journal.append(threadId, drafts);
    return outcome;
  }

  async acquireLease(threadId: string, lease: ThreadLease, now: number): Promise<LeaseOutcome> {
    return this.#leases.acquire(threadId, lease, now);
  }

  async releaseLease(threadId: string, leaseId: string): Promise<void> {
    this.#leases.release(threadId, leaseId);
  }

  async listInterrupts(query?: InterruptQuery): Promise<InterruptPage> {
    return this.#inbox.page(resolveQuery(query));
  }

  async appendJournal(threadId: string, entries: readonly JournalDraft[]): Promise<readonly JournalEntry[]> {
    return this.#journal.append(threadId, encodeDrafts(this.#serializer, threadId, entries));
  }

  async *readJournal(query: Parameters<NonNullable<CheckpointSaver["readJournal"]>>[0] = {}): AsyncIterableIterator<JournalEntry> {
    yield* this.#journal.read(query.threadId, query.after, query.limit);
  }

  /** Deletes all of the thread but its journal. */
  async deleteThread(threadId: string): Promise<void> {
    this.#threads.delete(threadId);
    this.#inbox.deleteThread(threadId);
  }

  #readDecision(point: ThreadPoint, interruptId: string): Decision | undefined {
    const standing = this.#line(point.threadId, point.ns).writesOf(point.checkpointId).get(writeKey(interruptId, DECISION_INDEX));
    if (standing?.revision === undefined) return undefined;
    return this.#serializer.loads(standing.data, decisionPlace(point, interruptId)) as Decision;
  }

  #statusOf(point: ThreadPoint, taskId: string | undefined): StatusOf {
    const line = this.#line(point.threadId, point.ns);
    const newest = line.newest()?.id ?? "";
    const hasFinished = [...line.readWrites(point.checkpointId)].some(
      (write) => write.taskId === taskId && !Object.hasOwn(WRITES_IDX_MAP, write.channel),
    );
    return (id, isAsked) =>
      questionStatus({
        decision: this.#readDecision(point, id),
        isAsked: isAsked && !hasFinished,
        isPassed: newest > point.checkpointId,
      });
  }

  #line(threadId: string, ns: string): MemoryLine {
    const lines = this.#threads.get(threadId) ?? new Map<string, MemoryLine>();
    this.#threads.set(threadId, lines);
    const line = lines.get(ns) ?? new MemoryLine();
    lines.set(ns, line);
    return line;
  }

  /** The parent's content: as the caller holds it, as it was last put, or as it is stored. */
  #parentRecord(found: Found, base: Checkpoint | undefined): ParentRecord {
    const { line, point } = found;
    if (base?.id === point.id) return { sizes: point.sizes, content: base, knowsValues: true };
    const last = this.#lastContent.get(line);
    const content = last?.id === point.id ? last : contentOf(new ChainReader(this.#serializer).read(found, point));
    return { sizes: point.sizes, content, knowsValues: false };
  }

  *#newestFirst(threadId: string | undefined, ns: string | undefined, before: string | undefined): Generator<Found> {
    const found: Generator<Found>[] = [];
    for (const [thread, lines] of this.#threads) {
      if (threadId !== undefined && thread !== threadId) continue;
      for (const [space, line] of lines) if (ns === undefined || space === ns) found.push(pointsOf(thread, space, line, before));
    }
    if (found.length === 1) yield* found[0]!;
    else yield* found.flatMap((points) => [...points]).sort((a, b) => (a.point.id < b.point.id ? 1 : -1));
  }

  #readMetadata({ point, ...line }: Found): CheckpointMetadata {
    return this.#serializer.loads(point.metadata, metadataPlace(line, point.id)) as CheckpointMetadata;
  }

  #readTuple(found: Found, reader: ChainReader): CheckpointTuple {
    const { threadId, ns, point } = found;
    const { id, parentId } = point;
    const checkpoint = reader.read(found, point);
    const isOld = parentId !== undefined && needsPendingSends(checkpoint);
    return {
      config: configOf(threadId, ns, id),
      checkpoint: isOld ? withPendingSends(checkpoint, this.#readWrites(found, parentId)) : checkpoint,
      metadata: this.#readMetadata(found),
      parentConfig: parentId === undefined ? undefined : configOf(threadId, ns, parentId),
      pendingWrites: this.#readWrites(found, id),
    };
  }

  #readWrites({ threadId, ns, line }: Found, checkpointId: string): CheckpointPendingWrite[] {
    const point = { threadId, ns, checkpointId };
    return Array.from(line.readWrites(checkpointId), ({ taskId, index, channel, data, revision }) => {
      const place = revision === undefined ? writePlace(point, taskId, index, channel) : decisionPlace(point, taskId);
      return [taskId, channel, this.#serializer.loads(data, place)];
    });
  }
}

interface Found extends ThreadLine {
  readonly line: MemoryLine;
  readonly point: MemoryPoint;
}

function* pointsOf(threadId: string, ns: string, line: MemoryLine, before: string | undefined): Generator<Found> {
  for (const point of line.newestFirst(before)) yield { threadId, ns, line, point };
}

function writeKey(taskId: string, index: number): string {
  return `${index} ${taskId}`;
}

function unknownCheckpoint(threadId: string, checkpointId: string): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_CHECKPOINT",
    `The thread ${JSON.stringify(threadId)} has no checkpoint ${checkpointId}. It was deleted, or belongs to another storage.`,
  );
}
