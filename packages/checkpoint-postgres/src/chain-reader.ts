import {
  type ChainLink,
  type Checkpoint,
  CheckpointError,
  type CheckpointRecord,
  checkpointPlace,
  decodeChains,
  decodeCheckpoint,
  inPlace,
  readRecord,
  type Serializer,
  type ThreadLine,
} from "@holdpoint/checkpoint";
import { fromStored, type StoredData } from "./stored-data.js";

/** A stored record, and what it is stored as a change of. */
export interface ChainRow extends StoredData {
  readonly pk: number;
  readonly line: number;
  readonly base: number | null;
  readonly id: string;
}

interface StoredLink extends ChainLink {
  readonly pk: number;
  readonly line: number;
  readonly base: number | null;
}

/** A row that is stored as a change. */
interface WantedRow extends ThreadLine {
  readonly pk: number;
}

/** Decoded records kept by one reader, in characters of stored data. */
const MAX_KEPT = 64_000_000;

/** Builds checkpoints of stored records, decoding each of these once: a whole history costs as much as its records together. */
export class ChainReader {
  readonly #rows = new Map<number, ChainRow>();
  readonly #links = new Map<number, StoredLink>();
  #kept = 0;

  constructor(private readonly serializer: Serializer) {}

  /** Takes records that were read. One that it has stays: whatever has become of it since, it holds the same checkpoint. */
  add(rows: readonly ChainRow[]): void {
    for (const row of rows) {
      if (this.#rows.has(row.pk)) continue;
      this.#rows.set(row.pk, row);
      this.#kept += row.data?.length ?? row.bytes?.length ?? 0;
    }
  }

  /** Forgets everything once it is too much. To be called before rows are added that are to be read together. */
  trim(): void {
    if (this.#kept <= MAX_KEPT) return;
    this.#rows.clear();
    this.#links.clear();
    this.#kept = 0;
  }

  /** The record that is missing for a checkpoint to be read. */
  missingFor(pk: number): number | undefined {
    for (let at: number | null = pk; at !== null; ) {
      const row: ChainRow | undefined = this.#rows.get(at);
      if (row === undefined) return at;
      // A base is older. Where it is not, the data is damaged, which reading tells.
      at = row.base !== null && row.base < at ? row.base : null;
    }
    return undefined;
  }

  /** @param line of the checkpoint, and so of all that it is stored as a change of */
  read(line: ThreadLine, pk: number): Checkpoint {
    const place = { threadId: line.threadId, ns: line.ns, checkpointId: this.#rows.get(pk)?.id };
    return inPlace(place, () => decodeCheckpoint(this.#chain(line, pk)));
  }

  /** Reads rows that are stored as changes; see {@link decodeChains}. @param rows newest first */
  readAhead<Row extends WantedRow>(rows: readonly Row[]): Map<Row, Checkpoint> {
    const known = new Map(rows.map((row) => [row.pk, row]));
    return decodeChains(rows, { chainOf: (row) => this.#chain(row, row.pk), rowOf: ({ pk }: StoredLink) => known.get(pk) });
  }

  /** Oldest first. */
  #chain(line: ThreadLine, pk: number): StoredLink[] {
    const chain: StoredLink[] = [];
    const first = this.#rows.get(pk);
    for (let at: number | null = pk; at !== null; ) {
      const link = this.#link(line, at);
      if (link.line !== first?.line || (link.base !== null && link.base >= at)) throw brokenChain();
      chain.push(link);
      at = link.base;
    }
    return chain.reverse();
  }

  #link(line: ThreadLine, pk: number): StoredLink {
    const known = this.#links.get(pk);
    if (known !== undefined) return known;
    const row = this.#rows.get(pk);
    if (row === undefined) throw brokenChain();
    const link = { pk, id: row.id, line: row.line, base: row.base, record: this.#decode(line, row) };
    this.#links.set(pk, link);
    return link;
  }

  #decode(line: ThreadLine, row: ChainRow): CheckpointRecord {
    const baseId = row.base === null ? undefined : this.#rows.get(row.base)?.id;
    if (row.base !== null && baseId === undefined) throw brokenChain();
    const place = checkpointPlace(line, row.id, baseId);
    return inPlace(place, () => readRecord(this.serializer.loads(fromStored(row), place)));
  }
}

function brokenChain(): CheckpointError {
  return new CheckpointError("CORRUPT_DATA", "The database is damaged: a checkpoint that others are stored as changes of is missing.");
}
