import {
  CheckpointError,
  DECISION_CHANNEL,
  DECISION_INDEX,
  type Decision,
  type DecisionOutcome,
  decide,
  decisionPlace,
  type EncodedDraft,
  type IndexedWrite,
  indexWrites,
  inPlace,
  type PendingWrite,
  QUESTION_CHANNEL,
  readDecision,
  type Serializer,
  type ThreadPoint,
  writePlace,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import type { EncodedQuestion, InterruptIndex, RootPoint } from "./interrupt-index.js";
import { toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";
import type { ThreadJournal } from "./thread-journal.js";
import { WriteRows } from "./write-rows.js";

interface PointRow {
  readonly pk: number;
  readonly line: number;
  readonly isSaved: number;
}

interface AskRow extends PointRow {
  readonly isKnown: number;
}

interface PointToAsk extends RootPoint {
  /** 0 if the question is new, and waits. */
  readonly isKnown: number;
}

type EncodedWrite = Omit<IndexedWrite, "value"> & { readonly data: string | Uint8Array };

/** Saves what stands beside checkpoints, with the inbox and the journal in step. */
export class PointWriter {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly interrupts: InterruptIndex,
    private readonly journal: ThreadJournal,
  ) {}

  /** Resolves when it is committed. `mayWait` as in {@link Change}. */
  putWrites(point: ThreadPoint, writes: readonly PendingWrite[], taskId: string, mayWait: boolean): Promise<unknown> {
    const task = toKeyText(taskId);
    const indexed = indexWrites(writes);
    const encoded = indexed.map(({ index, channel, value, replaces }) => {
      return { index, channel, replaces, data: this.serializer.dumps(value, writePlace(point, taskId, index, channel)) };
    });
    const asked = point.ns === "" ? indexed.findLast(({ channel }) => channel === QUESTION_CHANNEL) : undefined;
    const questions = asked === undefined ? undefined : this.interrupts.encode(point, asked.value);
    const add = (isAlone: boolean) => this.#add(point, task, encoded, isAlone);
    return this.connection.change({
      alone: () => (encoded.length === 1 && add(true) ? true : undefined),
      run: () => add(false) || this.#save(point, task, encoded, questions),
      mayWait,
      // A question replaces what the task asked before.
      rows: encoded.some(({ replaces }) => replaces) ? undefined : new WriteRows(this.connection, point, task, encoded),
    });
  }

  /** Any case. */
  #save(point: ThreadPoint, task: string, writes: readonly EncodedWrite[], questions: readonly EncodedQuestion[] | undefined): boolean {
    const [question] = questions?.length === 1 ? questions : [];
    const asked = question === undefined ? undefined : this.#findToAsk(point, task, question);
    const row = asked ?? this.#find(point) ?? this.#placeholder(point);
    for (const { index, channel, replaces, data } of writes) {
      this.connection.run(replaces ? SQL.replaceWrite : SQL.addWrite, row.pk, index, task, toKeyText(channel), data);
    }
    if (question !== undefined && asked?.isKnown === 0) this.interrupts.askFirst(row, task, question, Date.now());
    else if (questions !== undefined) this.interrupts.ask(row, task, questions, Date.now());
    return true;
  }

  /** The usual case: new results beside a checkpoint that is there. @returns false if it is another one, and nothing was written */
  #add({ threadId, ns, checkpointId }: ThreadPoint, task: string, writes: readonly EncodedWrite[], isAlone: boolean): boolean {
    if (writes.some(({ replaces }) => replaces)) return false;
    const place = [toKeyText(threadId), toKeyText(ns), checkpointId] as const;
    const add = ({ index, channel, data }: EncodedWrite) => {
      const values = [...place, index, task, toKeyText(channel), data] as const;
      const done = isAlone ? this.connection.runAlone(SQL.addWriteTo, ...values) : this.connection.run(SQL.addWriteTo, ...values);
      return done?.changes === 1;
    };
    if (!add(writes[0]!)) return false;
    for (let at = 1; at < writes.length; at++) add(writes[at]!);
    return true;
  }

  /** Resolves when it is committed. */
  recordDecisions(point: ThreadPoint, decisions: readonly Decision[], drafts: readonly EncodedDraft[]): Promise<DecisionOutcome> {
    const encoded = decisions.map((decision) => {
      return { decision, data: this.serializer.dumps(decision, decisionPlace(point, decision.interruptId)) };
    });
    const run = (): DecisionOutcome => {
      const row = this.#find(point, true);
      if (row === undefined) throw unknownCheckpoint(point);
      const outcome = decide(decisions, (interruptId) => this.#readDecision(row, interruptId));
      if (outcome.kind === "conflict") return outcome;
      for (const { decision, data } of encoded) {
        const task = toKeyText(decision.interruptId);
        this.connection.run(SQL.saveDecision, row.pk, DECISION_INDEX, decision.revision, task, DECISION_CHANNEL, data);
        if (point.ns === "") this.interrupts.settle(row, decision);
      }
      this.journal.append(point.threadId, drafts);
      return outcome;
    };
    return this.connection.change({ run });
  }

  /** Finds a checkpoint's row; that of a placeholder only if `saved` is false. */
  #find(point: ThreadPoint, saved = false): RootPoint | undefined {
    const { threadId, ns, checkpointId } = point;
    const row = this.connection.get<PointRow>(SQL.findPoint, toKeyText(threadId), toKeyText(ns), checkpointId);
    if (row === undefined || (saved && row.isSaved === 0)) return undefined;
    return { threadId, ns, checkpointId, pk: row.pk, line: row.line };
  }

  #findToAsk({ threadId, ns, checkpointId }: ThreadPoint, task: string, { id }: EncodedQuestion): PointToAsk | undefined {
    const asked = [task, toKeyText(id), toKeyText(id)] as const;
    const row = this.connection.get<AskRow>(SQL.findPointToAsk, ...asked, toKeyText(threadId), toKeyText(ns), checkpointId);
    return row === undefined ? undefined : { threadId, ns, checkpointId, pk: row.pk, line: row.line, isKnown: row.isKnown };
  }

  /** Makes the row of a checkpoint whose writes come before it. */
  #placeholder(point: ThreadPoint): RootPoint {
    const line = [toKeyText(point.threadId), toKeyText(point.ns)] as const;
    this.connection.run(SQL.insertLine, ...line);
    this.connection.run(SQL.insertPlaceholder, ...line, point.checkpointId);
    return this.#find(point)!;
  }

  #readDecision(point: RootPoint, interruptId: string): Decision | undefined {
    const row = this.connection.get<{ data: string | Uint8Array }>(SQL.readDecision, point.pk, toKeyText(interruptId), DECISION_INDEX);
    if (row === undefined) return undefined;
    const place = decisionPlace(point, interruptId);
    return inPlace(place, () => readDecision(this.serializer.loads(row.data, place)));
  }
}

function unknownCheckpoint({ threadId, checkpointId }: ThreadPoint): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_CHECKPOINT",
    `The thread ${JSON.stringify(threadId)} has no checkpoint ${checkpointId}. It was deleted, or belongs to another database.`,
  );
}
