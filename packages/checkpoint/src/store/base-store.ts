import type { Item, SearchItem } from "./item.js";
import type {
  GetOperation,
  ListNamespacesOperation,
  MatchCondition,
  NameSpacePath,
  Operation,
  OperationResult,
  OperationResults,
  PutOperation,
  SearchOperation,
} from "./operation.js";

export type GetOptions = Omit<GetOperation, "namespace" | "key">;
export type PutOptions = Omit<PutOperation, "namespace" | "key" | "value">;
export type SearchOptions = Omit<SearchOperation, "namespacePrefix">;

export interface ListNamespacesOptions extends Omit<ListNamespacesOperation, "matchConditions"> {
  /** Labels with which a namespace begins. */
  readonly prefix?: NameSpacePath;
  /** Labels with which a namespace ends. */
  readonly suffix?: NameSpacePath;
}

/**
 * Keeps JSON documents by namespace and key, beyond the life of a thread: what an agent remembers of a user, settings, notes.
 *
 * The names and shapes are those of LangGraph JS's `BaseStore`: one of its stores fits wherever this type stands, though it may know no
 * `ttl`. A store of your own extends this class and has a `batch`; the other methods are calls of it.
 *
 * A namespace is a list of labels, each any text but the empty one, and at least one; a key is any text. Two namespaces are never taken for
 * one, whatever their labels hold. What is put and what is returned is never shared with the store.
 *
 * @throws CheckpointError from every method of our stores: INVALID_NAMESPACE; INVALID_ARGUMENT (a filter, a limit, a value that is no object);
 *   UNSERIALIZABLE; UNSUPPORTED (a `query` where there is no index); and, where they keep a database, as their savers do.
 *
 * @example
 * ```ts
 * import { InMemoryStore } from "@holdpoint/core";
 * const store = new InMemoryStore();
 * await store.put(["users", "ada"], "settings", { theme: "dark", tags: ["vip"] });
 * const item = await store.get(["users", "ada"], "settings");
 * const vips = await store.search(["users"], { filter: { tags: ["vip"] } });
 * console.log(item?.value.theme, vips.length); // dark 1
 * ```
 */
export abstract class BaseStore {
  /**
   * Does several operations as one: all of them or, where one fails, none. What is read is what stood before the batch; then the writes are
   * done in their order.
   * @returns the results, in the order of the operations
   */
  abstract batch<const Operations extends readonly Operation[]>(operations: Operations): Promise<OperationResults<Operations>>;
  abstract batch(operations: readonly Operation[]): Promise<OperationResult[]>;

  /** Capability: documents that expire. Deletes those whose time is over, which no method returns any more. @returns how many they were */
  sweepExpired?(): Promise<number>;

  /** Reads a document; null if there is none. */
  async get(namespace: readonly string[], key: string, options: GetOptions = {}): Promise<Item | null> {
    const [item] = await this.batch([{ ...options, namespace, key } satisfies GetOperation]);
    return item;
  }

  /** Finds documents under a namespace prefix, the one that was put last first; with a `query`, the most similar first. */
  async search(namespacePrefix: readonly string[], options: SearchOptions = {}): Promise<SearchItem[]> {
    const [items] = await this.batch([{ ...options, namespacePrefix } satisfies SearchOperation]);
    return items;
  }

  /**
   * Saves a document in place of the one that has the key. Null deletes that.
   * @param options how long it is kept and how it is indexed; or only the latter, as in LangGraph
   * @param more options, where LangGraph's PostgresStore expects its `ttl`
   */
  async put(
    namespace: readonly string[],
    key: string,
    value: object | null,
    options: PutOptions | PutOptions["index"] = {},
    more: PutOptions = {},
  ): Promise<void> {
    const given = options === false || isList(options) ? { index: options } : options;
    await this.batch([{ ...given, ...more, namespace, key, value } satisfies PutOperation]);
  }

  /** Deletes a document, if there is one. */
  async delete(namespace: readonly string[], key: string): Promise<void> {
    await this.batch([{ namespace, key, value: null } satisfies PutOperation]);
  }

  /** Lists the namespaces that hold documents, in the order of their labels. */
  async listNamespaces(options?: ListNamespacesOptions): Promise<string[][]> {
    const { prefix, suffix, ...rest } = options ?? {};
    const matchConditions: MatchCondition[] = [];
    if (prefix !== undefined) matchConditions.push({ matchType: "prefix", path: prefix });
    if (suffix !== undefined) matchConditions.push({ matchType: "suffix", path: suffix });
    const [namespaces] = await this.batch([{ ...rest, matchConditions } satisfies ListNamespacesOperation]);
    return namespaces;
  }

  /** Gets the store ready. Ours are ready when they are made. */
  start(): void | Promise<void> {}

  /** Gives back what the store holds open. */
  stop(): void | Promise<void> {}
}

function isList(options: PutOptions | readonly string[]): options is readonly string[] {
  return Array.isArray(options);
}
