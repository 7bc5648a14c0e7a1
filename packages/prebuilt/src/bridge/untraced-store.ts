type Store = Record<string, unknown> & { readonly extra: Record<PropertyKey, unknown> };

/** A store as LangChain makes it for a config without callbacks, and the key under which that config stands in it. */
interface Template {
  readonly store: Store;
  readonly key: symbol;
  /** Names of its lists. */
  readonly lists: readonly string[];
  readonly prototype: object;
}

let template: Template | undefined;

/**
 * Makes LangChain's store for a config that has no callbacks, so that nothing is traced. LangChain makes a run for it that nobody will see, with
 * random ids and settings read from the environment: most of what a node with a model would cost. Here it is made once, and copied.
 * @param make lets LangChain itself make the store of a config
 * @returns undefined where LangChain's store is not of the shape that it has had so far
 */
export function untracedStore(config: object, make: (config: object) => unknown): object | undefined {
  template ??= readTemplate(make);
  if (template === undefined) return undefined;
  const { store, key, lists, prototype } = template;
  // Spread first: the engine copies all at once what it would copy name by name into an object of another prototype.
  const copy: Record<string, unknown> = { ...store, extra: { ...store.extra, [key]: config } };
  // What runs within must not share lists with what runs elsewhere.
  for (const name of lists) copy[name] = [];
  return Object.setPrototypeOf(copy, prototype) as object;
}

function readTemplate(make: (config: object) => unknown): Template | undefined {
  const config = {};
  const store = make(config) as Partial<Store> | undefined;
  if (typeof store !== "object" || store === null || typeof store.extra !== "object" || store.extra === null) return undefined;
  const { extra } = store;
  const key = Object.getOwnPropertySymbols(extra).find((name) => extra[name] === config);
  if (key === undefined || store.tracingEnabled !== false) return undefined;
  const lists = Object.keys(store).filter((name) => Array.isArray(store[name]));
  return { store: store as Store, key, lists, prototype: Object.getPrototypeOf(store) as object };
}
