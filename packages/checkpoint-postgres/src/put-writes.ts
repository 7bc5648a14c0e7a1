import {
  type IndexedWrite,
  indexWrites,
  type PendingWrite,
  QUESTION_CHANNEL,
  type Question,
  questionPlace,
  readQuestions,
  type Serializer,
  type ThreadPoint,
  toKeyText,
  writePlace,
} from "@holdpoint/checkpoint";
import type { Session } from "./connection.js";
import { SQL } from "./statements.js";
import { type Data, toStored } from "./stored-data.js";
import type { Turns } from "./turn.js";

/** Stands for "nobody in particular" among the assignees. No name is stored so. */
export const NOBODY = "\u0001";

/** A write, or what is shown of a question, in the columns of a statement: one list for each. */
type Columns = [data: (string | null)[], bytes: (Uint8Array | null)[]];

/** Saves writes of tasks, and keeps the index of questions in step with them, within the same statement. */
export class TaskWriter {
  constructor(
    private readonly serializer: Serializer,
    private readonly turns: Turns,
  ) {}

  /** @param now when questions that do not say were asked */
  async put(session: Session, point: ThreadPoint, writes: readonly PendingWrite[], taskId: string, now = Date.now()): Promise<void> {
    const { threadId, ns, checkpointId } = point;
    const indexed = withoutReplaced(indexWrites(writes));
    const data = indexed.map(({ value, index, channel }) => this.serializer.dumps(value, writePlace(point, taskId, index, channel)));
    const columns = [indexed.map(({ index }) => index), indexed.map(({ channel }) => toKeyText(channel)), ...columnsOf(data)];
    const asked = ns === "" ? indexed.find(({ channel }) => channel === QUESTION_CHANNEL) : undefined;
    const [turn, thread, task] = [this.turns.of(threadId), toKeyText(threadId), toKeyText(taskId)];
    if (asked === undefined) {
      const finishes = indexed.some(({ index }) => index >= 0);
      await session.all(SQL.putWrites, ...turn, thread, toKeyText(ns), checkpointId, task, finishes, ...columns);
      return;
    }
    const questions = this.#questionColumns(point, readQuestions(asked.value));
    await session.all(SQL.putQuestions, ...turn, thread, checkpointId, task, ...columns, now, ...questions);
  }

  #questionColumns(point: ThreadPoint, questions: readonly Question[]): unknown[] {
    const shown = questions.map(({ id, shown: part }) => this.serializer.dumps(part, questionPlace(point, id)));
    const pairs = questions.flatMap(({ id, assignees }) => {
      const names = assignees.length === 0 ? [NOBODY] : assignees.map(toKeyText);
      return names.map((name) => [toKeyText(id), name] as const);
    });
    return [
      questions.map(({ id }) => toKeyText(id)),
      questions.map(({ at }) => at ?? null),
      questions.map(({ expiresAt }) => expiresAt ?? null),
      questions.map(({ graph }) => (graph === undefined ? null : toKeyText(graph))),
      ...columnsOf(shown),
      pairs.map(([owner]) => owner),
      pairs.map(([, name]) => name),
    ];
  }
}

export function columnsOf(data: readonly Data[]): Columns {
  const stored = data.map(toStored);
  return [stored.map(([text]) => text), stored.map(([, bytes]) => bytes)];
}

/** Of several writes to one reserved channel, the last one counts. One statement cannot write a row twice. */
function withoutReplaced(writes: readonly IndexedWrite[]): IndexedWrite[] {
  return [...new Map(writes.map((write) => [write.index, write])).values()];
}
