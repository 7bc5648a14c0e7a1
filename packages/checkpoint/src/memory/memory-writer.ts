import { QUESTION_CHANNEL, readQuestions } from "../inbox/read-questions.js";
import { decisionPlace, metadataPlace, questionPlace, writePlace } from "../record/data-places.js";
import { decide } from "../record/decide.js";
import type { IncomingCheckpoint, StoredParent } from "../record/incoming-checkpoint.js";
import { contentOf, type ParentContent } from "../record/parent-content.js";
import { configOf, requireNewPoint, type ThreadPoint } from "../record/thread-point.js";
import { DECISION_CHANNEL, DECISION_INDEX, indexWrites } from "../record/write-index.js";
import type { Serializer } from "../serde/serializer.js";
import type { CheckpointConfig, CheckpointMetadata, Decision, DecisionOutcome, PendingWrite } from "../types.js";
import { ChainReader } from "./chain-reader.js";
import type { MemoryDecisions } from "./memory-decisions.js";
import type { EncodedQuestion, MemoryInbox } from "./memory-inbox.js";
import { type MemoryLine, writeKey } from "./memory-line.js";
import type { Found } from "./memory-reader.js";
import type { MemoryThreads } from "./memory-threads.js";

/** Saves checkpoints, and what is written beside them, with the inbox in step. */
export class MemoryWriter {
  /** Content of the last checkpoint put, for runtimes that do not pass the parent. */
  readonly #lastContent = new WeakMap<MemoryLine, ParentContent>();

  constructor(
    private readonly threads: MemoryThreads,
    private readonly serializer: Serializer,
    private readonly inbox: MemoryInbox,
    private readonly decisions: MemoryDecisions,
  ) {}

  put(config: CheckpointConfig, incoming: IncomingCheckpoint, metadata: CheckpointMetadata): CheckpointConfig {
    const { threadId, ns, id, parentId } = requireNewPoint(config, incoming.id);
    const line = this.threads.open(threadId, ns);
    const parentPoint = parentId === undefined ? undefined : line.get(parentId);
    const parent = parentPoint === undefined ? undefined : this.#parentOf({ threadId, ns, line, point: parentPoint }, incoming);
    const { isPatch, data, sizes } = incoming.encode(this.serializer, { threadId, ns }, parent);
    const encodedMetadata = this.serializer.dumps(metadata, metadataPlace({ threadId, ns }, id));
    line.set({ id, parentId, base: isPatch ? parentPoint : undefined, data, metadata: encodedMetadata, sizes });
    if (incoming.baseId === undefined) this.#lastContent.set(line, incoming.content());
    if (ns === "") this.inbox.closeBefore(threadId, id);
    return configOf(threadId, ns, id);
  }

  putWrites(point: ThreadPoint, writes: readonly PendingWrite[], taskId: string): void {
    const { threadId, ns, checkpointId } = point;
    const indexed = indexWrites(writes);
    const encoded = indexed.map(({ index, channel, value, replaces }) => {
      return { index, channel, replaces, data: this.serializer.dumps(value, writePlace(point, taskId, index, channel)) };
    });
    const asked = indexed.findLast(({ channel }) => channel === QUESTION_CHANNEL);
    const questions = ns === "" && asked !== undefined ? this.encodeQuestions(point, asked.value) : [];
    const saved = this.threads.open(threadId, ns).writesOf(checkpointId);
    for (const { index, channel, replaces, data } of encoded) {
      const key = writeKey(taskId, index);
      const standing = saved.get(key);
      if (standing === undefined || (replaces && standing.revision === undefined)) saved.set(key, { taskId, index, channel, data });
    }
    if (ns !== "") return;
    if (asked !== undefined) this.ask(point, taskId, questions);
    else if (indexed.some(({ index }) => index >= 0)) this.inbox.closeTask(threadId, checkpointId, taskId);
  }

  /** Records all of the decisions, unless one of them conflicts with what stands. The checkpoint is known to be there. */
  recordDecisions(point: ThreadPoint, decisions: readonly Decision[]): DecisionOutcome {
    const { threadId, ns, checkpointId } = point;
    const encoded = decisions.map((decision) => {
      return { decision, data: this.serializer.dumps(decision, decisionPlace(point, decision.interruptId)) };
    });
    const outcome = decide(decisions, (interruptId) => this.decisions.read(point, interruptId));
    if (outcome.kind === "conflict") return outcome;
    const saved = this.threads.open(threadId, ns).writesOf(checkpointId);
    for (const { decision, data } of encoded) {
      const { interruptId, revision } = decision;
      const write = { taskId: interruptId, index: DECISION_INDEX, channel: DECISION_CHANNEL, data, revision };
      saved.set(writeKey(interruptId, DECISION_INDEX), write);
      if (ns !== "") continue;
      const taskId = this.inbox.taskOf(threadId, checkpointId, interruptId);
      const status = this.decisions.statusOf(point, taskId)(interruptId, taskId !== undefined);
      this.inbox.settle(threadId, checkpointId, interruptId, status);
    }
    return outcome;
  }

  encodeQuestions(point: ThreadPoint, value: unknown): EncodedQuestion[] {
    return readQuestions(value).map((question) => {
      return { ...question, data: this.serializer.dumps(question.shown, questionPlace(point, question.id)) };
    });
  }

  /** Files what a task of a root checkpoint asks. */
  ask(point: ThreadPoint, taskId: string, questions: readonly EncodedQuestion[], now = Date.now()): void {
    this.inbox.ask(point.threadId, point.checkpointId, taskId, questions, this.decisions.statusOf(point, taskId), now);
  }

  /** The parent, with its content where the caller did not bring it: as it was last put, or as it is stored. */
  #parentOf(found: Found, { baseId }: IncomingCheckpoint): StoredParent {
    const { line, point } = found;
    if (baseId === point.id) return { sizes: point.sizes };
    const last = this.#lastContent.get(line);
    const content = last?.id === point.id ? last : contentOf(new ChainReader(this.serializer).read(found, point));
    return { sizes: point.sizes, content };
  }
}
