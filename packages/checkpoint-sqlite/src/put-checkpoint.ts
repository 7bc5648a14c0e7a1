import {
  CheckpointError,
  contentOf,
  type EncodedCheckpoint,
  encodeCheckpoint,
  type IncomingCheckpoint,
  type ParentContent,
  type RecordSizes,
  type Serializer,
  type StoredParent,
  type ThreadLine,
} from "@holdpoint/checkpoint";
import { ChainReader } from "./chain-reader.js";
import type { Connection } from "./connection.js";
import { toKeyText } from "./key-text.js";
import { type LineHead, LineHeads } from "./line-heads.js";
import { SQL } from "./statements.js";

/** A checkpoint on its way into the database. */
export interface NewCheckpoint extends ThreadLine {
  readonly parentId: string | undefined;
  readonly incoming: IncomingCheckpoint;
  readonly metadata: string | Uint8Array;
}

interface ParentRow {
  readonly pk: number;
  readonly live: number;
  readonly chain: number;
  readonly patches: number;
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

/** Saves checkpoints: encodes outside of any lock, against the parent as it was last seen, then inserts unless that has gone. */
export class CheckpointWriter {
  readonly #remembered = new Map<string, ParentContent>();
  readonly #heads = new LineHeads();

  constructor(
    private readonly connection: Connection,
    private readonly serializer: Serializer,
  ) {}

  /** Resolves when it is committed. `mayWait` as in {@link Change}. */
  put(wanted: NewCheckpoint, mayWait: boolean): Promise<unknown> {
    const { incoming, parentId } = wanted;
    const parent = parentId === undefined ? undefined : (this.#heads.get(wanted, parentId) ?? this.#findParent(wanted));
    const encoded = this.#encode(wanted, parent);
    const head = this.#heads.set(wanted, incoming.id, encoded.sizes, parent);
    if (incoming.baseId === undefined) this.#remember(wanted);
    return this.connection.change({
      alone: () => {
        head.pk = undefined;
        head.pk = this.#append(wanted, parent, encoded, true);
        return head.pk;
      },
      run: () => this.#put(wanted, head, parent, encoded),
      mayWait,
    });
  }

  /** Within a transaction. */
  #put(wanted: NewCheckpoint, head: LineHead, parent: LineHead | undefined, encoded: EncodedCheckpoint): number {
    head.pk = undefined;
    head.written = undefined;
    const { transaction } = this.connection;
    const { pk, written } = parent ?? {};
    if (pk !== undefined && written?.transaction === transaction) {
      written.line ??= this.#lineOf(pk);
      head.pk = this.#appendTo(wanted, written.line, pk, encoded);
      if (head.pk !== undefined) head.written = written;
    } else {
      head.pk = this.#append(wanted, parent, encoded, false);
    }
    head.pk ??= this.#save(wanted, head, parent, encoded);
    head.written ??= { transaction, line: undefined };
    return head.pk;
  }

  /** After a parent that was written in this very transaction, and is there for certain. */
  #appendTo({ incoming, metadata }: NewCheckpoint, line: number, parent: number, encoded: EncodedCheckpoint): number | undefined {
    const { isPatch, sizes, data } = encoded;
    const values = [isPatch ? 1 : 0, sizes.liveSize, sizes.chainSize, sizes.patchCount, incoming.id, metadata, data] as const;
    const { changes, lastId } = this.connection.run(SQL.insertBehind, line, parent, ...values);
    return changes === 1 ? lastId : undefined;
  }

  #lineOf(pk: number): number {
    return this.connection.get<{ line: number }>(SQL.lineOf, pk)!.line;
  }

  #encode(wanted: NewCheckpoint, parent: LineHead | undefined): EncodedCheckpoint {
    return wanted.incoming.encode(this.serializer, wanted, parent === undefined ? undefined : this.#parentOf(wanted, parent));
  }

  /** Takes note of a checkpoint that was read: the next one will be a change of it, as a rule. */
  noteRead(line: ThreadLine, id: string, { pk, live, chain, patches }: ParentRow): void {
    if (this.#heads.get(line, id) === undefined) this.#heads.set(line, id, sizesOf(live, chain, patches)).pk = pk;
  }

  /** The usual case, in one statement. @returns the new row; undefined if the parent is not where it was, or something stands in the way */
  #append(wanted: NewCheckpoint, parent: LineHead | undefined, encoded: EncodedCheckpoint, isAlone: boolean): number | undefined {
    if (parent?.pk === undefined) return undefined;
    const { incoming, metadata } = wanted;
    const { isPatch, sizes, data } = encoded;
    const { liveSize, chainSize, patchCount } = sizes;
    const place = [parent.pk, parent.id, parent.thread, parent.space] as const;
    const values = [isPatch ? 1 : 0, liveSize, chainSize, patchCount, incoming.id, metadata, data] as const;
    const done = isAlone
      ? this.connection.runAlone(SQL.appendCheckpoint, ...place, ...values)
      : this.connection.run(SQL.appendCheckpoint, ...place, ...values);
    return done?.changes === 1 ? done.lastId : undefined;
  }

  /** Any case, looked at anew within the transaction. @param tried the parent that it was encoded against */
  #save(wanted: NewCheckpoint, head: LineHead, tried: LineHead | undefined, encoded: EncodedCheckpoint): number {
    const parent = this.#findParent(wanted);
    // What was encoded when it was handed in holds, unless it is a change of a parent that is not there any more: since then, the caller may have
    // changed in place what it handed in.
    const holds = !encoded.isPatch || (parent !== undefined && parent.pk === tried?.pk);
    const data = holds ? encoded : this.#encode(wanted, parent);
    head.sizes = data.sizes;
    head.pk = this.#insert(wanted, head, parent, data) ?? this.#replace(wanted, head, parent, data);
    if (head.pk === undefined) throw changedMeanwhile();
    return head.pk;
  }

  #findParent({ threadId, ns, parentId }: NewCheckpoint): LineHead | undefined {
    if (parentId === undefined) return undefined;
    const [thread, space] = [toKeyText(threadId), toKeyText(ns)];
    const row = this.connection.get<ParentRow>(SQL.findParent, thread, space, parentId);
    if (row === undefined) return undefined;
    const { pk, live, chain, patches } = row;
    return { thread, space, id: parentId, pk, sizes: sizesOf(live, chain, patches), written: undefined };
  }

  /** The parent, with its content where the caller did not bring it: as this process last put it, or as it is stored. */
  #parentOf({ threadId, ns, incoming }: NewCheckpoint, { id, pk, sizes }: LineHead): StoredParent | undefined {
    if (incoming.baseId === id) return { sizes };
    const remembered = this.#remembered.get(lineKey(threadId, ns));
    if (remembered?.id === id) return { sizes, content: remembered };
    // One whose row is not known yet was put by this process: another one has been remembered since.
    const row = pk ?? this.connection.get<ParentRow>(SQL.findParent, toKeyText(threadId), toKeyText(ns), id)?.pk;
    if (row === undefined) return undefined;
    const content = contentOf(new ChainReader(this.connection, this.serializer).read({ threadId, ns }, row));
    return { sizes, content };
  }

  #insert(
    { threadId, ns, parentId, incoming, metadata }: NewCheckpoint,
    head: LineHead,
    parent: LineHead | undefined,
    encoded: EncodedCheckpoint,
  ): number | undefined {
    const { isPatch, sizes, data } = encoded;
    const [thread, space] = [toKeyText(threadId), toKeyText(ns)];
    const line = this.connection.run(SQL.insertLine, thread, space);
    // On a new line there is no parent, and nothing in the way.
    if (line.changes === 1) {
      head.written = { transaction: this.connection.transaction, line: line.lastId };
      const whole = [0, sizes.liveSize, sizes.chainSize, 0, incoming.id, parentId ?? null, metadata, data] as const;
      return this.connection.run(SQL.insertFirst, line.lastId, ...whole).lastId;
    }
    const { changes, lastId } = this.connection.run(
      SQL.insertCheckpoint,
      ...[thread, space],
      ...[parent?.pk ?? null, isPatch ? 1 : 0, sizes.liveSize, sizes.chainSize, sizes.patchCount],
      ...[incoming.id, parent === undefined ? (parentId ?? null) : null, metadata, data],
    );
    return changes === 1 ? lastId : undefined;
  }

  /**
   * Puts a checkpoint in the place of the one that has its id: a retry, or a placeholder for writes that came first. Checkpoints that are
   * stored as changes of the old one are stored whole before.
   */
  #replace(wanted: NewCheckpoint, head: LineHead, parent: LineHead | undefined, encoded: EncodedCheckpoint): number | undefined {
    const { threadId, ns, incoming, metadata } = wanted;
    const standing = this.connection.get<StandingRow>(SQL.findCheckpoint, toKeyText(threadId), toKeyText(ns), incoming.id);
    if (standing === undefined) return undefined;
    if (isSame(standing, parent, encoded, metadata)) return standing.pk;
    this.#detachChildren(wanted, standing);
    // Out of the way first, deleted last: the new row must not get the old one's key, by which others may know it.
    this.connection.run(SQL.renameCheckpoint, `\u0001replaced ${standing.pk}`, standing.pk);
    const pk = this.#insert(wanted, head, parent, encoded);
    if (pk === undefined) return undefined;
    this.connection.run(SQL.moveChildren, pk, standing.line, standing.pk);
    this.connection.run(SQL.moveWrites, pk, standing.pk);
    this.connection.run(SQL.deleteCheckpoint, standing.pk);
    return pk;
  }

  #detachChildren(line: ThreadLine, standing: StandingRow): void {
    const reader = new ChainReader(this.connection, this.serializer);
    for (const { pk } of this.connection.all<{ pk: number }>(SQL.patchChildren, standing.line, standing.pk)) {
      const { data, sizes } = encodeCheckpoint(this.serializer, line, reader.read(line, pk));
      this.connection.run(SQL.makeWhole, sizes.liveSize, sizes.chainSize, data, pk);
    }
  }

  #remember({ threadId, ns, incoming }: NewCheckpoint): void {
    const key = lineKey(threadId, ns);
    this.#remembered.delete(key);
    this.#remembered.set(key, incoming.content());
    if (this.#remembered.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest);
      return;
    }
  }
}

function sizesOf(liveSize: number, chainSize: number, patchCount: number): RecordSizes {
  return { liveSize, chainSize, patchCount };
}

function lineKey(threadId: string, ns: string): string {
  return JSON.stringify([threadId, ns]);
}

function isSame(standing: StandingRow, parent: LineHead | undefined, encoded: EncodedCheckpoint, metadata: Data): boolean {
  const samePlace = standing.parent === (parent?.pk ?? null) && (standing.isPatch === 1) === encoded.isPatch;
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
