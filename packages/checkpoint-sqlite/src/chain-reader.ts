import { type ChainLink, type Checkpoint, CheckpointError, decodeCheckpoint, readRecord, type Serializer } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { SQL } from "./statements.js";

interface StoredLink extends ChainLink {
  readonly base: number | null;
}

interface ChainRow {
  readonly pk: number;
  readonly base: number | null;
  readonly id: string;
  readonly data: string | Uint8Array;
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

  read(pk: number): Checkpoint {
    if (!this.#links.has(pk)) this.#load(pk);
    const chain: ChainLink[] = [];
    for (let at: number | null = pk; at !== null; ) {
      const link: StoredLink | undefined = this.#links.get(at);
      if (link === undefined || (link.base !== null && link.base >= at)) throw brokenChain();
      chain.push(link);
      at = link.base;
    }
    return decodeCheckpoint(chain.reverse());
  }

  /** Decodes what the caller has read already, if it stands alone. */
  readWhole(id: string, data: string | Uint8Array): Checkpoint {
    return decodeCheckpoint([{ id, record: readRecord(this.serializer.loads(data)) }]);
  }

  #load(pk: number): void {
    if (this.#kept > MAX_KEPT) {
      this.#links.clear();
      this.#kept = 0;
    }
    for (const row of this.connection.all<ChainRow>(SQL.readChain, pk)) {
      if (this.#links.has(row.pk)) continue;
      this.#links.set(row.pk, { id: row.id, base: row.base, record: readRecord(this.serializer.loads(row.data)) });
      this.#kept += row.data.length;
    }
  }
}

function brokenChain(): CheckpointError {
  return new CheckpointError("CORRUPT_DATA", "The database is damaged: a checkpoint that others are stored as changes of is missing.");
}
