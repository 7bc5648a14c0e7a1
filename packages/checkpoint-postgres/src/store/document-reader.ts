import {
  commonPrefix,
  decodeDocument,
  type Item,
  listNamespaces,
  type OperationResult,
  type ResolvedOperation,
  type ResolvedSearch,
  requiredTexts,
  type Serializer,
  withoutIndex,
} from "@holdpoint/checkpoint";
import type { Session } from "../connection.js";
import { getDocument, readCandidates, readNamespaces, readPage, type StoredDocument } from "./postgres-documents.js";

/** What an operation read. */
export interface DocumentsRead {
  readonly result: OperationResult;
  /** Documents that get their time anew. */
  readonly refreshed: readonly StoredDocument[];
}

interface Found {
  readonly document: StoredDocument;
  readonly item: Item;
}

const NOTHING: DocumentsRead = { result: undefined, refreshed: [] };

/** Reads what an operation asks for. */
export class DocumentReader {
  /** @param isReadable whether values are stored as the default serializer writes them, so that SQL can look into them */
  constructor(
    private readonly serializer: Serializer,
    private readonly isReadable: boolean,
  ) {}

  /** @param session one that sees one state of the database */
  async read(session: Session, operation: ResolvedOperation, now: number): Promise<DocumentsRead> {
    return (await this.#read(session, operation, now, "all"))!;
  }

  /** Reads with one statement, which is one state of the database by itself; undefined if one is not enough. */
  readAtOnce(session: Session, operation: ResolvedOperation, now: number): Promise<DocumentsRead | undefined> {
    return this.#read(session, operation, now, "first");
  }

  async #read(session: Session, operation: ResolvedOperation, now: number, pages: "first" | "all"): Promise<DocumentsRead | undefined> {
    switch (operation.kind) {
      case "get": {
        const document = await getDocument(session, operation, now);
        if (document === undefined) return { result: null, refreshed: [] };
        return { result: this.#item(document), refreshed: operation.refresh ? [document] : [] };
      }
      case "search": {
        const found = await this.#search(session, operation, now, pages);
        if (found === undefined) return undefined;
        return { result: found.map(({ item }) => item), refreshed: operation.refresh ? found.map(({ document }) => document) : [] };
      }
      case "list": {
        const namespaces = await readNamespaces(session, commonPrefix(operation.conditions), now);
        return { result: listNamespaces(namespaces, operation), refreshed: [] };
      }
      default:
        return NOTHING;
    }
  }

  async #search(session: Session, search: ResolvedSearch, now: number, pages: "first" | "all"): Promise<Found[] | undefined> {
    const { matches, filter, limit, offset, query } = search;
    if (query !== undefined) throw withoutIndex("PostgresStore");
    if (limit === 0) return [];
    if (matches === undefined) {
      return (await readPage(session, search, now)).map((document) => ({ document, item: this.#item(document) }));
    }
    const texts = this.isReadable ? requiredTexts(filter) : [];
    const found: Found[] = [];
    for await (const { documents, isLast } of readCandidates(session, search, now, texts, offset + limit)) {
      for (const document of documents) {
        const item = this.#item(document);
        if (!matches(item.value)) continue;
        found.push({ document, item });
        if (found.length >= offset + limit) return found.slice(offset);
      }
      if (pages === "first" && !isLast) return undefined;
    }
    return found.slice(offset);
  }

  #item(document: StoredDocument): Item {
    const { namespace, key, created, updated, data } = document;
    const value = decodeDocument(this.serializer, document, data);
    return { value, key, namespace: [...namespace], createdAt: new Date(created), updatedAt: new Date(updated) };
  }
}
