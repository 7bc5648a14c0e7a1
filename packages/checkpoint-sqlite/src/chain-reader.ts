import {
  type ChainLink,
  type Checkpoint,
  CheckpointError,
  checkpointPlace,
  decodeCheckpoint,
  readRecord,
  type Serializer,
  type ThreadLine,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { SQL } from "./statements.js";

interface StoredLink extends ChainLink {
  readonly line: number;
  readonly base: number | null;
}

interface ChainRow {
  readonly pk: number;
  readonly line: number;
  readonly base: number | null;
  readonly id: string;
  /** Null of a placeholder, which nothing can be a change of. */
  readonly data: string | Uint8Array | null;
}

/** Decoded records kept by one reader, in characters of stored data. */
const MAX_KEPT = 64_000_000;

/** Reads checkpoints, decoding each stored record once: a whole history costs as much as its records together. */
export class ChainReader {
  readonly #links = new Map<number, StoredLink>();
  #kept = 0;

  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
  ) {}

  /**
   * @param line of the checkpoint, and so of all that it is stored as a change of
   * @param id where the caller knows it
   */
  read(line: ThreadLine, pk: number, id?: string): Checkpoint {
    const known = this.#links.get(pk);
    if (known === undefined || (id !== undefined && known.id !== id)) this.#load(line, pk);
    const chain: ChainLink[] = [];
    const first = this.#links.get(pk);
    for (let at: number | null = pk; at !== null; ) {
      const link: StoredLink | undefined = this.#links.get(at);
      if (link === undefined || link.line !== first?.line || (link.base !== null && link.base >= at)) throw brokenChain();
      chain.push(link);
      at = link.base;
    }
    return decodeCheckpoint(chain.reverse());
  }

  /** Decodes what the caller has read already, if it stands alone. */
  readWhole(line: ThreadLine, id: string, data: string | Uint8Array): Checkpoint {
    return decodeCheckpoint([{ id, record: readRecord(this.serializer.loads(data, checkpointPlace(line, id))) }]);
  }

  #load(line: ThreadLine, pk: number): void {
    if (this.#kept > MAX_KEPT) {
      this.#links.clear();
      this.#kept = 0;
    }
    const rows = this.connection.all<ChainRow>(SQL.readChain, pk);
    const ids = new Map(rows.map((row) => [row.pk, row.id]));
    for (const row of rows) {
      // Others may have deleted a row since, and its key may be that of another checkpoint now.
      if (this.#links.get(row.pk)?.id === row.id) continue;
      const baseId = row.base === null ? undefined : ids.get(row.base);
      if (row.data === null || (row.base !== null && baseId === undefined)) throw brokenChain();
      const record = readRecord(this.serializer.loads(row.data, checkpointPlace(line, row.id, baseId)));
      this.#links.set(row.pk, { id: row.id, line: row.line, base: row.base, record });
      this.#kept += row.data.length;
    }
  }
}

function brokenChain(): CheckpointError {
  return new CheckpointError("CORRUPT_DATA", "The database is damaged: a checkpoint that others are stored as changes of is missing.");
}
