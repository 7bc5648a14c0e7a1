import {
  CheckpointError,
  contentOf,
  type EncodedCheckpoint,
  encodeCheckpoint,
  type IncomingCheckpoint,
  type ParentContent,
  type Serializer,
  type ThreadLine,
  toKeyText,
} from "@holdpoint/checkpoint";
import { ChainReader, type ChainRow } from "./chain-reader.js";
import { type CheckpointPart, pointKey } from "./change.js";
import type { ChangeQueue } from "./change-queue.js";
import type { Connection, Session } from "./connection.js";
import type { KnownPoint, LineMemory } from "./line-memory.js";
import { checkpointParameters } from "./save-group.js";
import { SQL } from "./statements.js";
import { type Data, fromStored, type StoredData, toStored } from "./stored-data.js";
import type { Turns } from "./turn.js";

/** A checkpoint on its way into the database. */
export interface NewCheckpoint extends ThreadLine {
  readonly parentId: string | undefined;
  readonly incoming: IncomingCheckpoint;
  readonly metadata: Data;
}

/** A parent's content: read, or as the caller brought it. */
type Content = ParentContent | "brought";

interface ParentRow {
  readonly line: number;
  readonly pk: number | null;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
}

interface SavedRow {
  readonly line: number;
  readonly pk: number;
}

interface StandingRow extends StoredData {
  readonly pk: number;
  readonly line: number;
  readonly parent: number | null;
  readonly isPatch: boolean;
  readonly isSaved: boolean;
  readonly metadata: string | null;
  readonly metadataBytes: Uint8Array | null;
}

/** Saves checkpoints: with others, or in one statement, where the parent is known and still there, else alone with the thread. */
export class CheckpointWriter {
  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
    private readonly memory: LineMemory,
    private readonly turns: Turns,
    private readonly queue: ChangeQueue,
  ) {}

  put(wanted: NewCheckpoint): Promise<void> {
    const { threadId, ns, parentId, incoming, metadata } = wanted;
    const { id, baseId } = incoming;
    const makes = pointKey(ns, id);
    const needs = parentId === undefined ? undefined : pointKey(ns, parentId);
    const parent = parentId === undefined ? undefined : this.memory.get(wanted, parentId);
    const content = baseId !== undefined && baseId === parent?.id ? "brought" : parent?.content;
    if (parentId !== undefined && content === undefined) {
      return this.queue.add({ threadId, makes, needs, part: undefined, run: () => this.#putOnUnknown(wanted, parentId) });
    }
    let encoded: EncodedCheckpoint;
    try {
      // Before anything is waited for: what the caller does to it from here on changes nothing.
      encoded = this.#encode(wanted, parent, content);
    } catch (error) {
      // Told in its turn: what stands on it must not be saved either.
      return this.queue.add<void>({ threadId, makes, needs, part: undefined, run: () => Promise.reject(error) });
    }
    const point = pointOf(wanted, encoded);
    const { isPatch, sizes, data } = encoded;
    const part: CheckpointPart = { kind: "checkpoint", ns, id, parentId, parent, isPatch, sizes, metadata, data, row: point.row };
    // The next one stands on it, also where that is handed in before this is committed.
    this.memory.set(wanted, point);
    const saving = this.queue.add({ threadId, makes, needs, part, run: () => this.#save(wanted, parent, encoded, point) });
    return saving.catch((error: unknown) => {
      this.memory.forget(wanted, point);
      throw error;
    });
  }

  async #putOnUnknown(wanted: NewCheckpoint, parentId: string): Promise<void> {
    const parent = this.memory.get(wanted, parentId) ?? (await this.#findParent(this.connection, wanted, parentId));
    const content = parent === undefined ? undefined : await this.#contentOf(this.connection, wanted, parent);
    const encoded = this.#encode(wanted, parent, content);
    const point = pointOf(wanted, encoded);
    await this.#save(wanted, parent, encoded, point);
    if (point.row.pk !== undefined) this.memory.set(wanted, point);
  }

  /** Saves a checkpoint by itself, and fills in where it stands. */
  async #save(wanted: NewCheckpoint, parent: KnownPoint | undefined, encoded: EncodedCheckpoint, point: KnownPoint): Promise<void> {
    const isReady = parent === undefined || parent.row.pk !== undefined;
    const inserted = isReady ? await this.#insert(this.connection, wanted, parent, encoded) : undefined;
    const row = inserted ?? (await this.#putAlone(wanted, parent));
    if (row === undefined) return;
    point.row.pk = row.pk;
    point.row.line = row.line;
  }

  /** Saves what could not be inserted: its id is there already, or its parent has changed meanwhile. @param tried the parent as it was then */
  #putAlone(wanted: NewCheckpoint, tried: KnownPoint | undefined): Promise<SavedRow | undefined> {
    const { threadId, parentId } = wanted;
    return this.connection.write(async (session) => {
      await this.turns.enterAlone(session, threadId);
      const parent = parentId === undefined ? undefined : await this.#findParent(session, wanted, parentId);
      // Another one under the same id is not what the caller holds.
      const isAsHeld = tried === undefined || tried.row.pk === parent?.row.pk;
      const content = parent === undefined ? undefined : await this.#contentOf(session, wanted, parent, isAsHeld);
      const encoded = this.#encode(wanted, parent, content);
      const standing = await session.get<StandingRow>(SQL.findCheckpoint, ...keyOf(wanted), wanted.incoming.id);
      if (standing === undefined) return this.#insert(session, wanted, parent, encoded);
      return isSame(standing, wanted, parent, encoded) ? standing : this.#replace(session, wanted, parent, encoded, standing);
    });
  }

  #encode(wanted: NewCheckpoint, parent: KnownPoint | undefined, content: Content | undefined): EncodedCheckpoint {
    const isKnown = parent !== undefined && content !== undefined;
    const stored = isKnown ? { sizes: parent.sizes, content: content === "brought" ? undefined : content } : undefined;
    return wanted.incoming.encode(this.serializer, wanted, stored);
  }

  async #findParent(session: Session, line: ThreadLine, id: string): Promise<KnownPoint | undefined> {
    const row = await session.get<ParentRow>(SQL.findParent, ...keyOf(line), id);
    if (row === undefined || row.pk === null) return undefined;
    return { id, row: { pk: row.pk, line: row.line }, sizes: { liveSize: row.live, chainSize: row.chain, patchCount: row.patches } };
  }

  /** The parent's content: as the caller holds it, as this process last put it, or as it is stored. */
  async #contentOf(
    session: Session,
    { threadId, ns, incoming }: NewCheckpoint,
    parent: KnownPoint,
    isAsHeld = true,
  ): Promise<Content | undefined> {
    if (isAsHeld && incoming.baseId === parent.id) return "brought";
    return parent.content ?? (parent.row.pk === undefined ? undefined : this.#readContent(session, { threadId, ns }, parent.row.pk));
  }

  async #readContent(session: Session, line: ThreadLine, pk: number): Promise<ParentContent | undefined> {
    const reader = new ChainReader(this.serializer);
    const rows = await session.all<ChainRow>(SQL.readChains, [pk]);
    reader.add(rows);
    // Gone since it was found: what is built on it will not be saved, and is looked at again.
    return rows.length === 0 ? undefined : contentOf(reader.read(line, pk));
  }

  async #insert(
    session: Session,
    wanted: NewCheckpoint,
    parent: KnownPoint | undefined,
    encoded: EncodedCheckpoint,
  ): Promise<SavedRow | undefined> {
    const { threadId, ns, parentId, incoming, metadata } = wanted;
    const part = { ns, id: incoming.id, parentId, parent, metadata, ...encoded };
    const row = await session.get<{ [Key in keyof SavedRow]: number | null }>(
      SQL.putCheckpoint,
      ...checkpointParameters(this.turns, threadId, part),
    );
    return row === undefined || row.pk === null || row.line === null ? undefined : { pk: row.pk, line: row.line };
  }

  /**
   * Puts a checkpoint in the place of the one that has its id: another try, or a placeholder for writes that came first. Checkpoints that are stored
   * as changes of the old one are stored whole before. The new row has a key of its own, so that whoever knows the old one's does not take it for it.
   */
  async #replace(
    session: Session,
    wanted: NewCheckpoint,
    parent: KnownPoint | undefined,
    encoded: EncodedCheckpoint,
    standing: StandingRow,
  ): Promise<SavedRow> {
    await this.#detachChildren(session, wanted, standing);
    await session.all(SQL.renameCheckpoint, `\u0001replaced ${standing.pk}`, standing.pk);
    const saved = await this.#insert(session, wanted, parent, encoded);
    if (saved === undefined) throw changedMeanwhile();
    await session.all(SQL.moveChildren, saved.pk, standing.line, standing.pk);
    await session.all(SQL.moveWrites, saved.pk, standing.pk);
    await session.all(SQL.deleteCheckpoint, standing.pk);
    return saved;
  }

  async #detachChildren(session: Session, line: ThreadLine, standing: StandingRow): Promise<void> {
    const children = await session.all<{ pk: number }>(SQL.patchChildren, standing.line, standing.pk);
    if (children.length === 0) return;
    const reader = new ChainReader(this.serializer);
    const pks = children.map(({ pk }) => pk);
    reader.add(await session.all<ChainRow>(SQL.readChains, pks));
    for (const pk of pks) {
      const { data, sizes } = encodeCheckpoint(this.serializer, line, reader.read(line, pk));
      await session.all(SQL.makeWhole, sizes.liveSize, sizes.chainSize, ...toStored(data), pk);
    }
  }
}

/** A checkpoint that is not saved yet, as the next one needs it. */
function pointOf({ incoming }: NewCheckpoint, { sizes }: EncodedCheckpoint): KnownPoint {
  const point = { id: incoming.id, row: { pk: undefined, line: undefined }, sizes };
  return incoming.baseId === undefined ? { ...point, content: incoming.content() } : point;
}

function keyOf({ threadId, ns }: ThreadLine): [thread: string, ns: string] {
  return [toKeyText(threadId), toKeyText(ns)];
}

function isSame(
  standing: StandingRow,
  { metadata }: NewCheckpoint,
  parent: KnownPoint | undefined,
  { isPatch, data }: EncodedCheckpoint,
): boolean {
  const samePlace = standing.isSaved && standing.parent === (parent?.row.pk ?? null) && standing.isPatch === isPatch;
  const stored = { data: standing.metadata, bytes: standing.metadataBytes };
  return samePlace && isEqual(fromStored(standing), data) && isEqual(fromStored(stored), metadata);
}

function isEqual(stored: Data, data: Data): boolean {
  if (typeof stored === "string" || typeof data === "string") return stored === data;
  return Buffer.compare(stored, data) === 0;
}

/** Not to be expected by one that is alone with the thread. */
function changedMeanwhile(): CheckpointError {
  return new CheckpointError("STORAGE_BUSY", "Other processes changed this thread meanwhile. Nothing was saved: try again.", {
    retryable: true,
  });
}
