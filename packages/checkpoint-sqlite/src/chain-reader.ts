import {
  type ChainLink,
  type Checkpoint,
  CheckpointError,
  checkpointPlace,
  decodeChains,
  decodeCheckpoint,
  inPlace,
  readRecord,
  type Serializer,
  type ThreadLine,
} from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { SQL } from "./statements.js";

interface StoredLink extends ChainLink {
  readonly pk: number;
  readonly base: number | undefined;
}

interface ChainRow {
  readonly pk: number;
  readonly id: string;
  /** Null of a placeholder, which nothing can be a change of. */
  readonly data: string | Uint8Array | null;
}

/** A row that is stored as a change. */
interface PatchRow {
  readonly line: ThreadLine;
  readonly pk: number;
  readonly id: string;
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
    return inPlace({ ...line, checkpointId: id }, () => decodeCheckpoint(this.#chain(line, pk, id)));
  }

  /** Decodes what the caller has read already, if it stands alone. */
  readWhole(line: ThreadLine, id: string, data: string | Uint8Array): Checkpoint {
    const place = checkpointPlace(line, id);
    return inPlace(place, () => decodeCheckpoint([{ id, record: readRecord(this.serializer.loads(data, place)) }]));
  }

  /** Reads rows that are stored as changes; see {@link decodeChains}. @param rows newest first */
  readAhead<Row extends PatchRow>(rows: readonly Row[]): Map<Row, Checkpoint> {
    const known = new Map(rows.map((row) => [row.pk, row]));
    return decodeChains(rows, {
      chainOf: ({ line, pk, id }) => this.#chain(line, pk, id),
      rowOf: ({ pk, id }: StoredLink) => (known.get(pk)?.id === id ? known.get(pk) : undefined),
    });
  }

  /** Oldest first. */
  #chain(line: ThreadLine, pk: number, id?: string): StoredLink[] {
    const known = this.#links.get(pk);
    if (known === undefined || (id !== undefined && known.id !== id)) this.#load(line, pk);
    const chain: StoredLink[] = [];
    for (let at: number | undefined = pk; at !== undefined; ) {
      const link: StoredLink | undefined = this.#links.get(at);
      if (link === undefined) throw brokenChain();
      chain.push(link);
      at = link.base;
    }
    return chain.reverse();
  }

  #load(line: ThreadLine, pk: number): void {
    if (this.#kept > MAX_KEPT) {
      this.#links.clear();
      this.#kept = 0;
    }
    const rows = this.connection.all<ChainRow>(SQL.readChain, pk);
    for (let at = 0; at < rows.length; at++) {
      const { pk: key, id, data } = rows[at]!;
      const base = rows[at + 1];
      // Others may have deleted a row since, and its key may be that of another checkpoint now.
      const known = this.#links.get(key);
      if (known?.id === id && known.base === base?.pk) continue;
      if (data === null || (base !== undefined && base.pk >= key)) throw brokenChain();
      const place = checkpointPlace(line, id, base?.id);
      const record = inPlace(place, () => readRecord(this.serializer.loads(data, place)));
      this.#links.set(key, { pk: key, id, base: base?.pk, record });
      this.#kept += data.length;
    }
  }
}

function brokenChain(): CheckpointError {
  return new CheckpointError("CORRUPT_DATA", "The database is damaged: a checkpoint that others are stored as changes of is missing.");
}
