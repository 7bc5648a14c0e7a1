import {
  CheckpointError,
  DECISION_CHANNEL,
  type Decision,
  type DecisionOutcome,
  decide,
  decisionPlace,
  type EncodedDraft,
  fromKeyText,
  inPlace,
  readDecision,
  type Serializer,
  type ThreadPoint,
  toKeyText,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { columnsOf } from "./put-writes.js";
import { SQL } from "./statements.js";
import { fromStored, type StoredData } from "./stored-data.js";
import type { ThreadJournal } from "./thread-journal.js";
import type { Turns } from "./turn.js";

interface DecisionRow {
  readonly pk: number;
  readonly line: number;
  /** Null where no decision stands. */
  readonly id: string | null;
  readonly data: StoredData["data"];
  readonly bytes: StoredData["bytes"];
}

/** Records decisions: alone with the thread, so that of two processes one finds what the other has recorded. */
export class DecisionRecorder {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly turns: Turns,
    private readonly journal: ThreadJournal,
  ) {}

  /** Encodes decisions at once. @returns what records them */
  prepare(point: ThreadPoint, decisions: readonly Decision[], drafts: readonly EncodedDraft[]): () => Promise<DecisionOutcome> {
    const { threadId, ns, checkpointId } = point;
    const [thread, space] = [toKeyText(threadId), toKeyText(ns)];
    const ids = decisions.map(({ interruptId }) => toKeyText(interruptId));
    const data = decisions.map((decision) => this.serializer.dumps(decision, decisionPlace(point, decision.interruptId)));
    return () =>
      this.connection.write(async (session) => {
        await this.turns.enterAlone(session, threadId);
        const rows = await session.all<DecisionRow>(SQL.readDecisions, thread, space, checkpointId, ids);
        const [row] = rows;
        if (row === undefined) throw unknownCheckpoint(point);
        const outcome = decide(decisions, this.#standing(point, rows));
        if (outcome.kind === "conflict") return outcome;
        await this.journal.append(session, threadId, drafts);
        if (decisions.length > 0) {
          const revisions = decisions.map(({ revision }) => revision);
          const refused = decisions.map((decision) => decision.refused !== undefined);
          const place = [thread, space, row.line, row.pk, checkpointId, DECISION_CHANNEL];
          await session.all(SQL.saveDecisions, ...place, ids, revisions, refused, ...columnsOf(data));
        }
        return outcome;
      });
  }

  #standing(point: ThreadPoint, rows: readonly DecisionRow[]): (interruptId: string) => Decision | undefined {
    const standing = new Map(rows.map((row) => [row.id === null ? undefined : fromKeyText(row.id), row]));
    return (interruptId) => {
      const row = standing.get(interruptId);
      if (row === undefined) return undefined;
      const place = decisionPlace(point, interruptId);
      return inPlace(place, () => readDecision(this.serializer.loads(fromStored(row), place)));
    };
  }
}

function unknownCheckpoint({ checkpointId }: ThreadPoint): CheckpointError {
  return new CheckpointError(
    "UNKNOWN_CHECKPOINT",
    `The thread has no checkpoint ${checkpointId}. It was deleted, or belongs to another database.`,
  );
}
