import {
  type Checkpoint,
  CheckpointError,
  contentOf,
  type EncodedCheckpoint,
  encodeCheckpoint,
  type ParentContent,
  type ParentRecord,
  type Serializer,
  type ThreadLine,
} from "@holdpoint/checkpoint";
import { ChainReader } from "./chain-reader.js";
import type { Connection } from "./connection.js";
import type { InterruptIndex } from "./interrupt-index.js";
import { toKeyText } from "./key-text.js";
import { SQL } from "./statements.js";

/** A checkpoint on its way into the database. */
export interface NewCheckpoint extends ThreadLine {
  readonly parentId: string | undefined;
  readonly checkpoint: Checkpoint;
  readonly metadata: string | Uint8Array;
  readonly base: Checkpoint | undefined;
}

interface ParentRow {
  readonly line: number;
  readonly pk: number | null;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
}

/** A checkpoint encoded against the parent that the database had at that moment. */
interface Prepared {
  /** Undefined if the line is new. */
  readonly line: number | undefined;
  readonly parentPk: number | null;
  readonly encoded: EncodedCheckpoint;
}

type Data = string | Uint8Array;

interface StandingRow {
  readonly pk: number;
  readonly line: number;
  readonly parent: number | null;
  readonly isPatch: number;
  readonly metadata: Data | null;
  readonly data: Data | null;
}

/** Lines whose last content is remembered, for runtimes that do not pass the parent. */
const MAX_REMEMBERED = 256;
/** Others can delete or replace the parent between reading it and inserting; so often in a row, they cannot. */
const MAX_ATTEMPTS = 10;

/** Saves checkpoints: reads the parent's sizes, encodes outside of any lock, then inserts unless the parent has gone. */
export class CheckpointWriter {
  readonly #remembered = new Map<string, ParentContent>();

  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly interrupts: InterruptIndex,
  ) {}

  put(wanted: NewCheckpoint): void {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const prepared = this.#prepare(wanted);
      if (this.connection.write(() => this.#save(wanted, prepared))) {
        if (wanted.base === undefined) this.#remember(wanted);
        return;
      }
    }
    throw changedMeanwhile();
  }

  #save(wanted: NewCheckpoint, prepared: Prepared): boolean {
    const { threadId, ns, checkpoint } = wanted;
    if (!this.#insert(wanted, prepared) && !this.#replace(wanted, prepared)) return false;
    if (ns !== "") return true;
    const line = prepared.line ?? this.connection.get<{ pk: number }>(SQL.findLine, toKeyText(threadId), ns)!.pk;
    this.interrupts.closeBefore(line, checkpoint.id);
    return true;
  }

  #prepare(wanted: NewCheckpoint): Prepared {
    const { threadId, ns, parentId, checkpoint } = wanted;
    const [thread, space] = [toKeyText(threadId), toKeyText(ns)];
    const [row, parent] = this.connection.read(() => {
      const found = this.connection.get<ParentRow>(SQL.findParent, parentId ?? "", thread, space);
      return [found, found === undefined || found.pk === null ? undefined : this.#parentRecord(wanted, found, found.pk)];
    });
    const encoded = encodeCheckpoint(this.serializer, wanted, checkpoint, parent);
    return { line: row?.line, parentPk: row?.pk ?? null, encoded };
  }

  /** The parent's content: as the caller holds it, as this process last put it, or as it is stored. */
  #parentRecord({ threadId, ns, parentId, base }: NewCheckpoint, row: ParentRow, pk: number): ParentRecord {
    const sizes = { liveSize: row.live, chainSize: row.chain, patchCount: row.patches };
    if (base !== undefined && base.id === parentId) return { sizes, content: base, knowsValues: true };
    const remembered = this.#remembered.get(lineKey(threadId, ns));
    const content =
      remembered !== undefined && remembered.id === parentId
        ? remembered
        : contentOf(new ChainReader(this.connection, this.serializer).read({ threadId, ns }, pk));
    return { sizes, content, knowsValues: false };
  }

  #insert(wanted: NewCheckpoint, { line, parentPk, encoded }: Prepared): boolean {
    const { threadId, ns, parentId, checkpoint, metadata } = wanted;
    const { isPatch, sizes, data } = encoded;
    const [thread, space] = [toKeyText(threadId), toKeyText(ns)];
    if (line === undefined) this.connection.run(SQL.insertLine, thread, space);
    const { changes } = this.connection.run(
      SQL.insertCheckpoint,
      ...[parentPk, isPatch ? 1 : 0, sizes.liveSize, sizes.chainSize, sizes.patchCount],
      ...[checkpoint.id, parentPk === null ? (parentId ?? null) : null, metadata, data],
      ...[thread, space, line ?? null, line ?? 0],
      ...[parentPk, parentPk ?? 0, parentId ?? ""],
    );
    return changes === 1;
  }

  /**
   * Puts a checkpoint in the place of the one that has its id: a retry, or a placeholder for writes that came first. Checkpoints that are
   * stored as changes of the old one are stored whole before.
   * @returns false if there is none: something else was in the way, and is to be looked at again.
   */
  #replace(wanted: NewCheckpoint, prepared: Prepared): boolean {
    const { threadId, ns, checkpoint, metadata } = wanted;
    const key = [toKeyText(threadId), toKeyText(ns), checkpoint.id] as const;
    const standing = this.connection.get<StandingRow>(SQL.findCheckpoint, ...key);
    if (standing === undefined) return false;
    if (isSame(standing, prepared, metadata)) return true;
    this.#detachChildren(wanted, standing);
    // Out of the way first, deleted last: the new row must not get the old one's key, by which others may know it.
    this.connection.run(SQL.renameCheckpoint, `\u0001replaced ${standing.pk}`, standing.pk);
    const replaced = this.#insert(wanted, prepared) ? this.connection.get<StandingRow>(SQL.findCheckpoint, ...key) : undefined;
    if (replaced === undefined) throw changedMeanwhile();
    this.connection.run(SQL.moveChildren, replaced.pk, standing.line, standing.pk);
    this.connection.run(SQL.moveWrites, replaced.pk, standing.pk);
    this.connection.run(SQL.deleteCheckpoint, standing.pk);
    return true;
  }

  #detachChildren(line: ThreadLine, standing: StandingRow): void {
    const reader = new ChainReader(this.connection, this.serializer);
    for (const { pk } of this.connection.all<{ pk: number }>(SQL.patchChildren, standing.line, standing.pk)) {
      const { data, sizes } = encodeCheckpoint(this.serializer, line, reader.read(line, pk));
      this.connection.run(SQL.makeWhole, sizes.liveSize, sizes.chainSize, data, pk);
    }
  }

  #remember({ threadId, ns, checkpoint }: NewCheckpoint): void {
    const key = lineKey(threadId, ns);
    this.#remembered.delete(key);
    this.#remembered.set(key, contentOf(checkpoint));
    if (this.#remembered.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest);
      return;
    }
  }
}

function lineKey(threadId: string, ns: string): string {
  return JSON.stringify([threadId, ns]);
}

function isSame(standing: StandingRow, { parentPk, encoded }: Prepared, metadata: Data): boolean {
  const samePlace = standing.parent === parentPk && (standing.isPatch === 1) === encoded.isPatch;
  return samePlace && isEqual(standing.data, encoded.data) && isEqual(standing.metadata, metadata);
}

function isEqual(stored: Data | null, data: Data): boolean {
  if (stored === null || typeof stored === "string" || typeof data === "string") return stored === data;
  return Buffer.compare(stored, data) === 0;
}

function changedMeanwhile(): CheckpointError {
  return new CheckpointError("STORAGE_BUSY", "Other processes changed this thread meanwhile. Nothing was saved: try again.", {
    retryable: true,
  });
}
