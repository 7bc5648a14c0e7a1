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
import { type Change, type Part, pointKey, type WritesPart } from "./change.js";
import type { Session } from "./connection.js";
import { SQL } from "./statements.js";
import { type Data, toStored } from "./stored-data.js";
import type { Turns } from "./turn.js";

/** Stands for "nobody in particular" among the assignees. No name is stored so. */
export const NOBODY = "\u0001";

/** A write, or what is shown of a question, in the columns of a statement: one list for each. */
type Columns = [data: (string | null)[], bytes: (Uint8Array | null)[]];

interface EncodedWrites {
  /** By their index. */
  readonly rows: WritesPart["rows"];
  /** Columns of the questions, if the task asks any at a root checkpoint. */
  readonly asked: readonly unknown[] | undefined;
}

/** Saves writes of tasks, and keeps the index of questions in step with them, within the same statement. */
export class TaskWriter {
  constructor(
    private readonly serializer: Serializer,
    private readonly turns: Turns,
  ) {}

  /** The change that saves writes through a session. They are encoded at once. */
  change(session: Session, point: ThreadPoint, writes: readonly PendingWrite[], taskId: string): Change<void> {
    const { threadId, ns, checkpointId } = point;
    const encoded = this.#encode(point, writes, taskId);
    const { rows, asked } = encoded;
    const part: Part = { kind: "writes", ns, checkpointId, taskId, finishes: finishes(rows), rows };
    const now = Date.now();
    const run = () => this.#save(session, point, encoded, taskId, now);
    return { threadId, part: asked === undefined ? part : undefined, needs: pointKey(ns, checkpointId), run };
  }

  /** @param now when questions that do not say were asked */
  async put(session: Session, point: ThreadPoint, writes: readonly PendingWrite[], taskId: string, now: number): Promise<void> {
    await this.#save(session, point, this.#encode(point, writes, taskId), taskId, now);
  }

  #encode(point: ThreadPoint, writes: readonly PendingWrite[], taskId: string): EncodedWrites {
    const indexed = withoutReplaced(indexWrites(writes)).sort((a, b) => a.index - b.index);
    const rows = indexed.map(({ value, index, channel }) => {
      return { index, channel, data: this.serializer.dumps(value, writePlace(point, taskId, index, channel)) };
    });
    const asked = point.ns === "" ? indexed.find(({ channel }) => channel === QUESTION_CHANNEL) : undefined;
    return { rows, asked: asked === undefined ? undefined : this.#questionColumns(point, readQuestions(asked.value)) };
  }

  async #save(
    session: Session,
    { threadId, ns, checkpointId }: ThreadPoint,
    encoded: EncodedWrites,
    taskId: string,
    now: number,
  ): Promise<void> {
    const { rows, asked } = encoded;
    const columns = [
      rows.map(({ index }) => index),
      rows.map(({ channel }) => toKeyText(channel)),
      ...columnsOf(rows.map(({ data }) => data)),
    ];
    const [turn, thread, task] = [this.turns.of(threadId), toKeyText(threadId), toKeyText(taskId)];
    if (asked === undefined)
      await session.all(SQL.putWrites, ...turn, thread, toKeyText(ns), checkpointId, task, finishes(rows), ...columns);
    else await session.all(SQL.putQuestions, ...turn, thread, checkpointId, task, ...columns, now, ...asked);
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

/** Whether a task that writes this has ended: it waits for no answer. */
function finishes(rows: WritesPart["rows"]): boolean {
  return rows.some(({ index }) => index >= 0);
}

export function columnsOf(data: readonly Data[]): Columns {
  const stored = data.map(toStored);
  return [stored.map(([text]) => text), stored.map(([, bytes]) => bytes)];
}

/** Of several writes to one reserved channel, the last one counts. One statement cannot write a row twice. */
function withoutReplaced(writes: readonly IndexedWrite[]): IndexedWrite[] {
  return [...new Map(writes.map((write) => [write.index, write])).values()];
}
