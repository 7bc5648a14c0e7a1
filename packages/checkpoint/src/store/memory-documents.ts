import { toNamespaceText } from "./namespace-text.js";
import type { DocumentPlace } from "./resolve-operation.js";
import type { Direction } from "./vector-index.js";

export interface StoredDocument extends DocumentPlace {
  readonly data: string | Uint8Array;
  /** Grows with every put. */
  readonly order: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Milliseconds for which it is kept after a put or a refresh. */
  readonly duration: number | undefined;
  expiresAt: number;
  /** What a search by meaning compares; none where the document is not indexed. */
  readonly vectors: readonly Direction[];
}

/** What a put saves. */
export interface DocumentContent {
  readonly data: string | Uint8Array;
  readonly duration: number | undefined;
  readonly vectors: readonly Direction[];
}

/** Documents for which looking at all of them is not worth thinking about. */
const FEW = 100;

/** The documents of a store in memory, by namespace and key. One whose time is over is not there, whether or not it was dropped yet. */
export class MemoryDocuments {
  /** By the text of the namespace, which tells namespaces and prefixes apart. */
  readonly #namespaces = new Map<string, Map<string, StoredDocument>>();
  #size = 0;
  #order = 0;
  /** Writes until it looks for what is over. */
  #writesToSweep = FEW;

  get({ namespace, key }: DocumentPlace, now: number): StoredDocument | undefined {
    const document = this.#namespaces.get(toNamespaceText(namespace))?.get(key);
    return document !== undefined && isLive(document, now) ? document : undefined;
  }

  put(place: DocumentPlace, content: DocumentContent, now: number): void {
    this.#beforeWrite(now);
    const { namespace, key } = place;
    const createdAt = this.get(place, now)?.createdAt ?? now;
    const documents = this.#documentsOf(toNamespaceText(namespace));
    if (!documents.has(key)) this.#size += 1;
    this.#order += 1;
    const expiresAt = content.duration === undefined ? Number.POSITIVE_INFINITY : now + content.duration;
    documents.set(key, { namespace, key, ...content, order: this.#order, createdAt, updatedAt: now, expiresAt });
  }

  delete({ namespace, key }: DocumentPlace, now: number): void {
    this.#beforeWrite(now);
    this.#drop(toNamespaceText(namespace), key);
  }

  /** Gives a document its whole time anew. */
  refresh(document: StoredDocument, now: number): void {
    if (document.duration !== undefined) document.expiresAt = now + document.duration;
  }

  /** The documents whose namespace begins with these labels, the one that was put last first. */
  under(prefix: readonly string[], now: number): StoredDocument[] {
    const found: StoredDocument[] = [];
    for (const documents of this.#under(prefix)) for (const document of documents) if (isLive(document, now)) found.push(document);
    return found.sort((a, b) => b.order - a.order);
  }

  /** The namespaces that begin with these labels and hold a document. */
  *namespaces(prefix: readonly string[], now: number): Generator<readonly string[]> {
    for (const documents of this.#under(prefix)) {
      for (const document of documents) {
        if (!isLive(document, now)) continue;
        yield document.namespace;
        break;
      }
    }
  }

  /** Drops what is over. @returns how many documents that were */
  sweep(now: number): number {
    const before = this.#size;
    for (const [text, documents] of this.#namespaces) {
      for (const document of documents.values()) if (!isLive(document, now)) this.#drop(text, document.key);
    }
    this.#writesToSweep = Math.max(this.#size, FEW);
    return before - this.#size;
  }

  /** Looking at all documents once there were as many writes costs each write the same, and keeps at most about twice of what is live. */
  #beforeWrite(now: number): void {
    this.#writesToSweep -= 1;
    if (this.#writesToSweep < 0) this.sweep(now);
  }

  *#under(prefix: readonly string[]): Generator<Iterable<StoredDocument>> {
    const start = toNamespaceText(prefix);
    for (const [text, documents] of this.#namespaces) if (text.startsWith(start)) yield documents.values();
  }

  #documentsOf(text: string): Map<string, StoredDocument> {
    const documents = this.#namespaces.get(text) ?? new Map<string, StoredDocument>();
    this.#namespaces.set(text, documents);
    return documents;
  }

  #drop(text: string, key: string): void {
    const documents = this.#namespaces.get(text);
    if (documents?.delete(key) !== true) return;
    this.#size -= 1;
    if (documents.size === 0) this.#namespaces.delete(text);
  }
}

function isLive({ expiresAt }: StoredDocument, now: number): boolean {
  return expiresAt > now;
}
