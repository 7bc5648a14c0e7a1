import {
  CheckpointError,
  checkpointTime,
  DECISION_INDEX,
  type Decision,
  decisionPlace,
  type InboxItem,
  inPlace,
  QUESTION_CHANNEL,
  type Question,
  questionPlace,
  questionStatus,
  readDecision,
  readQuestions,
  type Serializer,
  type ThreadPoint,
  WRITES_IDX_MAP,
  writePlace,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { fromKeyText, toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";

type Data = string | Uint8Array;
type Status = InboxItem["status"];

/** The migration that makes the tables of the index. */
export const INDEX_NUMBER = 2;
/** Statuses, as numbers in the database. */
export const STATUSES: readonly Status[] = ["pending", "decided", "closed"];

/** A row of a root checkpoint, placeholders included. */
export interface RootPoint extends ThreadPoint {
  readonly pk: number;
  readonly line: number;
}

/** A question whose shown part is encoded. */
export interface EncodedQuestion extends Question {
  readonly data: Data;
}

interface SavedRow {
  readonly pk: number;
  readonly point: number;
  readonly task: string;
  readonly data: Data;
  readonly checkpoint: string;
  readonly line: number;
  readonly thread: string;
}

const PENDING = STATUSES.indexOf("pending");

/** Rows that the first indexing reads at once. */
const BATCH = 500;

/** Keeps the index of questions in step with the writes: to be called within the transactions that change these, after the change. */
export class InterruptIndex {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
  ) {}

  encode(point: ThreadPoint, value: unknown): EncodedQuestion[] {
    return readQuestions(value).map((question) => {
      return { ...question, data: this.serializer.dumps(question.shown, questionPlace(point, question.id)) };
    });
  }

  /** Takes the newest list of what a task asks. `task` is key text. */
  ask(point: RootPoint, task: string, questions: readonly EncodedQuestion[], now: number): void {
    const before = this.connection.all<{ pk: number; id: string }>(SQL.interruptsOfTask, point.line, point.checkpointId, task);
    for (const question of questions) this.#save(point, task, question, now);
    const ids = new Set(questions.map(({ id }) => toKeyText(id)));
    for (const { pk, id } of before) {
      if (!ids.has(id)) this.connection.run(SQL.dropInterrupt, this.#status(point, fromKeyText(id), undefined), pk);
    }
  }

  /** Files a question that is new, and waits. */
  askFirst(point: RootPoint, task: string, question: EncodedQuestion, now: number): void {
    this.#insert(point, task, question, PENDING, question.at ?? now);
  }

  /** A decision was recorded; one that was refused leaves the question open. */
  settle(point: RootPoint, { interruptId, refused }: Decision): void {
    const id = toKeyText(interruptId);
    if (refused === undefined) {
      this.connection.run(SQL.decideInterrupt, point.line, point.checkpointId, id);
      return;
    }
    const row = this.#find(point, id);
    if (row !== undefined) this.connection.run(SQL.settleInterrupt, this.#status(point, interruptId, row.task ?? undefined), row.pk);
  }

  /** Indexes every question that is saved. What cannot be read is left out: it must not keep the database from being opened. */
  build(): void {
    for (let last = 0; ; ) {
      const rows = this.connection.all<SavedRow>(SQL.savedInterrupts, last, QUESTION_CHANNEL, BATCH);
      for (const row of rows) {
        const point = { pk: row.point, line: row.line, threadId: fromKeyText(row.thread), ns: "", checkpointId: row.checkpoint };
        const saved = checkpointTime(point.checkpointId) ?? Date.now();
        this.ask(point, row.task, this.encode(point, this.#readOrNothing(point, row)), saved);
      }
      if (rows.length < BATCH) return;
      last = rows.at(-1)!.pk;
    }
  }

  #readOrNothing(point: ThreadPoint, { task, data }: SavedRow): unknown {
    try {
      return this.serializer.loads(data, writePlace(point, fromKeyText(task), WRITES_IDX_MAP[QUESTION_CHANNEL]!, QUESTION_CHANNEL));
    } catch (error) {
      if (CheckpointError.is(error, "CORRUPT_DATA")) return undefined;
      throw error;
    }
  }

  #save(point: RootPoint, task: string, question: EncodedQuestion, now: number): void {
    const known = this.#find(point, toKeyText(question.id));
    const status = this.#status(point, question.id, task);
    if (known === undefined) {
      this.#insert(point, task, question, status, question.at ?? now);
      return;
    }
    this.connection.run(SQL.changeInterrupt, status, ...termsOf(task, question), known.pk);
    this.connection.run(SQL.removeAssignees, known.pk);
    this.#assign(question, status, known.at, known.pk);
  }

  #insert({ line, checkpointId }: RootPoint, task: string, question: EncodedQuestion, status: number, at: number): void {
    const [expires, ...rest] = termsOf(task, question);
    const id = toKeyText(question.id);
    const { lastId } = this.connection.run(SQL.addInterrupt, line, at, status, expires, checkpointId, id, ...rest);
    this.#assign(question, status, at, lastId);
  }

  #assign({ assignees }: EncodedQuestion, status: number, at: number, place: number): void {
    for (const name of assignees) this.connection.run(SQL.addAssignee, toKeyText(name), status, at, place);
  }

  #find({ line, checkpointId }: RootPoint, id: string): { pk: number; at: number; task: string | null } | undefined {
    return this.connection.get(SQL.findInterrupt, line, checkpointId, id);
  }

  /** Status of a question, as its number. `task` is the one that asks it. */
  #status(point: RootPoint, id: string, task: string | undefined): number {
    const isAsked = task !== undefined && this.connection.get(SQL.hasFinished, point.pk, task) === undefined;
    const isPassed = this.connection.get(SQL.hasLater, point.line, point.checkpointId) !== undefined;
    return STATUSES.indexOf(questionStatus({ decision: this.#decision(point, id), isAsked, isPassed }));
  }

  #decision(point: RootPoint, id: string): Decision | undefined {
    const row = this.connection.get<{ data: Data }>(SQL.readDecision, point.pk, toKeyText(id), DECISION_INDEX);
    if (row === undefined) return undefined;
    const place = decisionPlace(point, id);
    return inPlace(place, () => readDecision(this.serializer.loads(row.data, place)));
  }
}

/** Deadline, whether it is for somebody in particular, task, graph and data, as the database keeps them. */
function termsOf(task: string, { expiresAt, assignees, graph, data }: EncodedQuestion) {
  return [expiresAt ?? null, assignees.length > 0 ? 1 : 0, task, graph === undefined ? null : toKeyText(graph), data] as const;
}
