import { eachRuntime, loadRuntime, loadStores } from "./runtimes.js";
import { handStores } from "./stores/hand-stores.js";
import { storeKinds } from "./stores/store-kinds.js";

let threads = 0;

/** A name that no run has had. */
export const newThread = () => `thread-${threads++}`;

/** Throws unless both are the same as JSON. */
export function expect(actual, wanted) {
  const [given, right] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (given !== right) throw new Error(`Expected ${right?.slice(0, 200)}, but got ${given?.slice(0, 200)}.`);
}

/**
 * A contender for each runtime. `prepare` gets the runtime's name and its exports, its saver, and a function that makes a thread's config; it gives what
 * `Session` runs (`run`, `verify`), beside the store's own `bytes` and `close`.
 */
export function runtimeContenders(kind, prepare, options = {}) {
  const { store, durability } = storeKinds[kind];
  const contender = (name) => ({
    ...options,
    async open() {
      const opened = await (await loadStores(name))[store]();
      const configOf = (thread = newThread()) => ({ recursionLimit: 1_000_000, durability, configurable: { thread_id: thread } });
      return { ...opened, ...(await prepare({ name, runtime: await loadRuntime(name), saver: opened.saver, configOf })) };
    },
  });
  return eachRuntime(contender);
}

/** The hand-written contender: `prepare` gets the store. */
export function handContender(kind, prepare, options = {}) {
  const { store, durability } = storeKinds[kind];
  return {
    ...options,
    async open() {
      const opened = await handStores[store](durability);
      return { ...opened, ...(await prepare(opened)) };
    },
  };
}

/**
 * The workload of one graph that runs from an input to its end, once a run.
 *
 * @param {{
 *   kind: keyof typeof storeKinds,
 *   graph(runtime: object, saver: unknown): object,
 *   input: object,
 *   result: object,
 *   resultOf(state: object): object,
 *   byHand(store: object, thread: string): object | Promise<object>,
 *   rows?: number,
 *   slowPeer?: boolean,
 *   withoutPeer?: boolean,
 *   fresh?: boolean,
 * }} workload `result`: what `resultOf` must give of the returned and of the saved state, and what `byHand` must give. `rows`: how many rows the
 *   hand-written loop keeps of a run. `slowPeer`: the peer takes seconds.
 */
export function graphContenders({ kind, graph, input, result, resultOf, byHand, rows, slowPeer, withoutPeer, fresh = false }) {
  const isSaved = kind !== "none";
  const { holdpoint, langgraph: peer } = runtimeContenders(
    kind,
    ({ runtime, saver, configOf }) => {
      const compiled = graph(runtime, saver);
      let config;
      return {
        async run() {
          config = configOf();
          expect(resultOf(await compiled.invoke(input, config)), result);
        },
        async verify() {
          if (isSaved) expect(resultOf((await compiled.getState(config)).values), result);
        },
      };
    },
    { fresh },
  );
  const hand = handContender(
    kind,
    (store) => {
      let thread;
      return {
        async run() {
          thread = newThread();
          const end = await byHand(store, thread);
          await store.flush();
          expect(end, result);
        },
        async verify() {
          if (isSaved && rows !== undefined) expect((await store.list(thread)).length, rows);
        },
      };
    },
    { fresh },
  );
  return { holdpoint, ...(withoutPeer ? {} : { langgraph: { ...peer, cold: slowPeer ?? false } }), byHand: hand };
}
