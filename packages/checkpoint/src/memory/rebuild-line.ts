import { encodeCheckpoint } from "../record/encode-checkpoint.js";
import { needsPendingSends } from "../record/pending-sends.js";
import type { ThreadLine } from "../record/thread-point.js";
import type { Serializer } from "../serde/serializer.js";
import { ChainReader } from "./chain-reader.js";
import type { MemoryLine, MemoryPoint } from "./memory-line.js";
import type { MemoryReader } from "./memory-reader.js";

/** What becomes of the checkpoints of one line. */
export interface LineFate {
  stays(id: string): boolean;
  /** Whether one that stays loses its parent. */
  isOrphan(id: string): boolean;
}

interface Rebuilt {
  readonly point: MemoryPoint;
  /** Whether it holds more than before: what is stored as a change of it would not fit any more. */
  readonly isChanged: boolean;
}

/** Makes the points of a line that stay anew, so that none of them holds on to one that goes. Changes nothing yet. */
export function rebuildLine(
  where: ThreadLine,
  line: MemoryLine,
  { stays, isOrphan }: LineFate,
  serializer: Serializer,
  reader: MemoryReader,
): MemoryPoint[] {
  const chains = new ChainReader(serializer);
  const rebuilt = new Map<MemoryPoint, Rebuilt>();
  const rebuild = (point: MemoryPoint): Rebuilt => {
    const known = rebuilt.get(point);
    if (known !== undefined) return known;
    const parentId = isOrphan(point.id) ? undefined : point.parentId;
    const isChanged = parentId !== point.parentId && needsPendingSends(chains.read(where, point));
    const base = baseOf(point);
    const kept = { ...point, parentId, base: base?.point };
    const isWhole = isChanged || (point.base !== undefined && (base === undefined || base.isChanged));
    const next = { point: isWhole ? { ...kept, base: undefined, ...whole(point, isChanged) } : kept, isChanged };
    rebuilt.set(point, next);
    return next;
  };
  /** One whose id another took since is not in the line any more. */
  const baseOf = ({ base }: MemoryPoint): Rebuilt | undefined => {
    return base !== undefined && line.get(base.id) === base && stays(base.id) ? rebuild(base) : undefined;
  };
  const whole = (point: MemoryPoint, isChanged: boolean): Pick<MemoryPoint, "data" | "sizes"> => {
    const checkpoint = isChanged ? reader.readCheckpoint({ ...where, line, point }, chains) : chains.read(where, point);
    const { data, sizes } = encodeCheckpoint(serializer, where, checkpoint);
    return { data, sizes };
  };
  return [...line.points()].filter(({ id }) => stays(id)).map((point) => rebuild(point).point);
}
