import { questionStatus } from "../inbox/question-status.js";
import { decisionPlace } from "../record/data-places.js";
import { inPlace } from "../record/in-place.js";
import { readDecision } from "../record/read-decision.js";
import type { ThreadPoint } from "../record/thread-point.js";
import { DECISION_INDEX } from "../record/write-index.js";
import type { Serializer } from "../serde/serializer.js";
import { type Decision, WRITES_IDX_MAP } from "../types.js";
import type { StatusOf } from "./memory-inbox.js";
import { writeKey } from "./memory-line.js";
import type { MemoryThreads } from "./memory-threads.js";

/** Reads decisions, and what follows from them for questions. */
export class MemoryDecisions {
  constructor(
    private readonly threads: MemoryThreads,
    private readonly serializer: Serializer,
  ) {}

  read(point: ThreadPoint, interruptId: string): Decision | undefined {
    const standing = this.threads.open(point.threadId, point.ns).writesOf(point.checkpointId).get(writeKey(interruptId, DECISION_INDEX));
    if (standing?.revision === undefined) return undefined;
    const place = decisionPlace(point, interruptId);
    return inPlace(place, () => readDecision(this.serializer.loads(standing.data, place)));
  }

  /** Tells the status of questions of a task beside a checkpoint. */
  statusOf(point: ThreadPoint, taskId: string | undefined): StatusOf {
    const line = this.threads.open(point.threadId, point.ns);
    const newest = line.newest()?.id ?? "";
    const hasFinished = [...line.readWrites(point.checkpointId)].some(
      (write) => write.taskId === taskId && !Object.hasOwn(WRITES_IDX_MAP, write.channel),
    );
    return (id, isAsked) =>
      questionStatus({ decision: this.read(point, id), isAsked: isAsked && !hasFinished, isPassed: newest > point.checkpointId });
  }
}
