import { inboxItem } from "../inbox/inbox-item.js";
import type { InboxItem, InterruptPage } from "../inbox/inbox-types.js";
import type { Question, ShownQuestion } from "../inbox/read-questions.js";
import { readShown } from "../inbox/read-shown.js";
import { cursorOf, type InboxPlace, type ResolvedQuery } from "../inbox/resolve-query.js";
import { questionPlace } from "../record/data-places.js";
import { inPlace } from "../record/in-place.js";
import type { Serializer } from "../serde/serializer.js";

type Status = InboxItem["status"];

/** Tells the status of a question beside the checkpoint in question. */
export type StatusOf = (id: string, isAsked: boolean) => Status;

/** A question on its way into the index. */
export interface EncodedQuestion extends Question {
  readonly data: string | Uint8Array;
}

interface MemoryQuestion extends InboxPlace {
  readonly id: string;
  readonly threadId: string;
  readonly checkpointId: string;
  status: Status;
  /** The task that asks it; undefined once it does not any more. */
  taskId: string | undefined;
  expiresAt: number | undefined;
  graph: string | undefined;
  assignees: readonly string[];
  data: string | Uint8Array;
}

interface ThreadQuestions {
  /** By checkpoint, then by id. */
  readonly byCheckpoint: Map<string, Map<string, MemoryQuestion>>;
  readonly pending: Set<MemoryQuestion>;
}

/** Index of the questions that stand beside root checkpoints. Its owner tells it of every change. */
export class MemoryInbox {
  readonly #threads = new Map<string, ThreadQuestions>();
  /** By (at, place), of each status. */
  readonly #ordered: Readonly<Record<Status, MemoryQuestion[]>> = { pending: [], decided: [], closed: [] };
  #places = 0;

  constructor(private readonly serializer: Serializer) {}

  /** Takes the newest list of what a task asks. */
  ask(
    threadId: string,
    checkpointId: string,
    taskId: string,
    questions: readonly EncodedQuestion[],
    statusOf: StatusOf,
    now: number,
  ): void {
    const standing = this.#at(threadId, checkpointId);
    for (const { id, at, expiresAt, graph, assignees, data } of questions) {
      const known = standing.get(id);
      const fields = { taskId, expiresAt, graph, assignees, data };
      if (known !== undefined) {
        Object.assign(known, fields);
        this.#setStatus(known, statusOf(id, true));
        continue;
      }
      this.#places += 1;
      const question = { id, threadId, checkpointId, at: at ?? now, place: this.#places, status: statusOf(id, true), ...fields };
      standing.set(id, question);
      this.#list(question);
    }
    const ids = new Set(questions.map(({ id }) => id));
    for (const question of standing.values()) {
      if (question.taskId !== taskId || ids.has(question.id)) continue;
      question.taskId = undefined;
      this.#setStatus(question, statusOf(question.id, false));
    }
  }

  /** The task that asks a question; undefined if none does. */
  taskOf(threadId: string, checkpointId: string, id: string): string | undefined {
    return this.#threads.get(threadId)?.byCheckpoint.get(checkpointId)?.get(id)?.taskId;
  }

  settle(threadId: string, checkpointId: string, id: string, status: Status): void {
    const question = this.#threads.get(threadId)?.byCheckpoint.get(checkpointId)?.get(id);
    if (question !== undefined) this.#setStatus(question, status);
  }

  /** A task has finished: it waits for no answer. */
  closeTask(threadId: string, checkpointId: string, taskId: string): void {
    for (const question of this.#threads.get(threadId)?.pending ?? []) {
      if (question.checkpointId === checkpointId && question.taskId === taskId) this.#setStatus(question, "closed");
    }
  }

  /** The thread went on to a checkpoint: what stands beside older ones waits no more. */
  closeBefore(threadId: string, checkpointId: string): void {
    for (const question of this.#threads.get(threadId)?.pending ?? []) {
      if (question.checkpointId < checkpointId) this.#setStatus(question, "closed");
    }
  }

  deleteCheckpoint(threadId: string, checkpointId: string): void {
    const thread = this.#threads.get(threadId);
    for (const question of thread?.byCheckpoint.get(checkpointId)?.values() ?? []) this.#unlist(question);
    thread?.byCheckpoint.delete(checkpointId);
  }

  /** Whether a question beside the checkpoint waits for its answer. */
  isAsking(threadId: string, checkpointId: string): boolean {
    return [...(this.#threads.get(threadId)?.pending ?? [])].some((question) => question.checkpointId === checkpointId);
  }

  deleteThread(threadId: string): void {
    for (const questions of this.#threads.get(threadId)?.byCheckpoint.values() ?? []) {
      for (const question of questions.values()) this.#unlist(question);
    }
    this.#threads.delete(threadId);
  }

  page(query: ResolvedQuery): InterruptPage {
    const found: MemoryQuestion[] = [];
    for (const question of this.#inOrder(query)) {
      if (!matches(question, query)) continue;
      found.push(question);
      if (found.length > query.limit) break;
    }
    const shown = found.slice(0, query.limit);
    const items = shown.map((question) => inboxItem(question, this.#read(question)));
    return found.length > query.limit ? { items, next: cursorOf(shown.at(-1)!) } : { items };
  }

  #read({ threadId, checkpointId, id, data }: MemoryQuestion): ShownQuestion {
    const place = questionPlace({ threadId, ns: "", checkpointId }, id);
    return inPlace(place, () => readShown(this.serializer.loads(data, place)));
  }

  #at(threadId: string, checkpointId: string): Map<string, MemoryQuestion> {
    const thread = this.#threads.get(threadId) ?? { byCheckpoint: new Map(), pending: new Set() };
    this.#threads.set(threadId, thread);
    const questions = thread.byCheckpoint.get(checkpointId) ?? new Map<string, MemoryQuestion>();
    thread.byCheckpoint.set(checkpointId, questions);
    return questions;
  }

  #setStatus(question: MemoryQuestion, status: Status): void {
    if (question.status === status) return;
    this.#unlist(question);
    question.status = status;
    this.#list(question);
  }

  #list(question: MemoryQuestion): void {
    const list = this.#ordered[question.status];
    list.splice(firstNotBefore(question, list), 0, question);
    if (question.status === "pending") this.#threads.get(question.threadId)?.pending.add(question);
  }

  #unlist(question: MemoryQuestion): void {
    const list = this.#ordered[question.status];
    list.splice(firstNotBefore(question, list), 1);
    this.#threads.get(question.threadId)?.pending.delete(question);
  }

  /** What a query may match, from its cursor on. */
  *#inOrder({ statuses, threadId, after, order }: ResolvedQuery): Generator<MemoryQuestion> {
    const lists = threadId === undefined ? statuses.map((status) => this.#ordered[status]) : [this.#sortedOf(threadId)];
    const step = order === "newest" ? -1 : 1;
    const next = lists.map((list) => firstIndex(list, after, step));
    for (;;) {
      let best: number | undefined;
      for (const [at, list] of lists.entries()) {
        const candidate = list[next[at]!];
        if (candidate === undefined) continue;
        const leader = best === undefined ? undefined : lists[best]![next[best]!]!;
        if (leader === undefined || compare(candidate, leader) * step < 0) best = at;
      }
      if (best === undefined) return;
      yield lists[best]![next[best]!]!;
      next[best]! += step;
    }
  }

  #sortedOf(threadId: string): MemoryQuestion[] {
    return [...(this.#threads.get(threadId)?.byCheckpoint.values() ?? [])].flatMap((questions) => [...questions.values()]).sort(compare);
  }
}

function firstIndex(list: readonly MemoryQuestion[], after: InboxPlace | undefined, step: 1 | -1): number {
  if (after === undefined) return step === 1 ? 0 : list.length - 1;
  const place = firstNotBefore(after, list);
  if (step === -1) return place - 1;
  const last = list[place];
  return last !== undefined && compare(last, after) === 0 ? place + 1 : place;
}

function matches(question: MemoryQuestion, { statuses, threadId, graph, assignee, expiresBefore }: ResolvedQuery): boolean {
  const { assignees, expiresAt } = question;
  if (!statuses.includes(question.status)) return false;
  if (threadId !== undefined && question.threadId !== threadId) return false;
  if (graph !== undefined && question.graph !== graph) return false;
  if (assignee !== undefined && assignees.length > 0 && !assignees.includes(assignee)) return false;
  return expiresBefore === undefined || (expiresAt !== undefined && expiresAt < expiresBefore);
}

function compare(a: InboxPlace, b: InboxPlace): number {
  return a.at - b.at || a.place - b.place;
}

/** First index whose place is not before. New questions come last, as a rule. */
function firstNotBefore(place: InboxPlace, list: readonly InboxPlace[]): number {
  const last = list.at(-1);
  if (last === undefined || compare(last, place) < 0) return list.length;
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle]!, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
