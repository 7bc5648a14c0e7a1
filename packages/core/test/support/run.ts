import { Annotation, type Durability, GraphError, type Interrupt } from "../../src/index.js";

let threads = 0;

/** Names a thread that no other test uses. */
export const newThread = () => ({ configurable: { thread_id: `thread-${++threads}` } });

/**
 * For runs whose every step a test looks for afterwards. The mode "exit" saves the last one only, so that where the suite runs in it, such a run names
 * another; elsewhere it goes by the default.
 */
export const savesEachStep: { readonly durability?: Durability } =
  process.env.HOLDPOINT_TEST_DURABILITY === "exit" ? { durability: "sync" } : {};

/** Reads an async iterable to its end. */
export async function collect<T>(source: AsyncIterable<T> | Promise<AsyncIterable<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of await source) items.push(item);
  return items;
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("The promise resolved, but was expected to reject.");
}

/** The GraphError that a promise rejects with. */
export async function graphErrorOf(promise: Promise<unknown>): Promise<GraphError> {
  const error = await errorOf(promise);
  if (!GraphError.is(error)) throw error;
  return error;
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A promise with its handles outside. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A state key that keeps everything that is written to it, in order. */
export const log = () => Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] });

/** A state with a log and a plain key, which does for most graphs. */
export const LogState = Annotation.Root({ log: log(), answer: Annotation<unknown>() });

/** The values of interrupts, as a test compares them. */
export const questions = (interrupts: readonly Interrupt[] | undefined): unknown[] => (interrupts ?? []).map(({ value }) => value);
