import { AsyncLocalStorage } from "node:async_hooks";
import { currentRuntime, type Runtime } from "@holdpoint/core";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { sideNotes } from "../side-notes.js";
import { runnableConfig } from "./runnable-config.js";
import { untracedStore } from "./untraced-store.js";

/** Where LangChain (and LangSmith) look for the one storage of the process. */
const GLOBAL = Symbol.for("ls:tracing_async_local_storage");

/** A store that LangChain set, and the task in which it did. */
interface Entry {
  readonly store: unknown;
  readonly runtime: Runtime | undefined;
}

/**
 * LangChain's async storage for processes with graphs: inside a node it gives the node's config, made when a LangChain component asks for
 * it. Nodes that use none pay nothing.
 */
export class LangChainContext {
  readonly #entries = new AsyncLocalStorage<Entry>();
  readonly #made = sideNotes<Runtime, { readonly store: unknown }>();
  #making = false;

  getStore(): unknown {
    const entry = this.#entries.getStore();
    if (this.#making) return entry?.store;
    const runtime = currentRuntime();
    // Whichever was entered last is the innermost: a LangChain component within this task, or this task.
    if (runtime === undefined || entry?.runtime === runtime) return entry?.runtime === runtime ? entry?.store : undefined;
    return this.#storeOf(runtime);
  }

  run<T>(store: unknown, callback: () => T): T {
    return this.#entries.run({ store, runtime: currentRuntime() }, callback);
  }

  enterWith(store: unknown): void {
    this.#entries.enterWith({ store, runtime: currentRuntime() });
  }

  /** Lets LangChain itself make the store of a task, as it would on entering a runnable with the task's config. */
  #storeOf(runtime: Runtime): unknown {
    const known = this.#made.get(runtime);
    if (known !== undefined) return known.store;
    const config = runnableConfig(runtime);
    const isPlain = config.callbacks === undefined && this.#entries.getStore()?.store === undefined;
    const store = (isPlain ? untracedStore(config, (any) => this.#make(any)) : undefined) ?? this.#make(config);
    this.#made.set(runtime, { store });
    return store;
  }

  #make(config: object): unknown {
    this.#making = true;
    try {
      return AsyncLocalStorageProviderSingleton.runWithConfig(config, () => this.#entries.getStore()?.store);
    } finally {
      this.#making = false;
    }
  }
}

/** Installs the storage, unless another library came first. True when nodes need nothing else. */
export function installLangChainContext(): boolean {
  const context = new LangChainContext();
  AsyncLocalStorageProviderSingleton.initializeGlobalInstance(context as never);
  return (globalThis as { [GLOBAL]?: unknown })[GLOBAL] === context;
}
