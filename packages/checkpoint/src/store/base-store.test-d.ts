import type { AsyncBatchedStore, InMemoryStore as PeerMemoryStore, BaseStore as PeerStore } from "@langchain/langgraph-checkpoint";
import { expectTypeOf } from "vitest";
import { BaseStore } from "./base-store.js";
import type { InMemoryStore } from "./in-memory-store.js";
import type { Item, SearchItem } from "./item.js";
import type { Operation, OperationResult } from "./operation.js";

declare const store: BaseStore;

// A peer's store fits where ours is asked for, and ours where a peer's is.
expectTypeOf<PeerStore>().toExtend<BaseStore>();
expectTypeOf<PeerMemoryStore>().toExtend<BaseStore>();
expectTypeOf<AsyncBatchedStore>().toExtend<BaseStore>();
expectTypeOf<BaseStore>().toExtend<PeerStore>();
expectTypeOf<InMemoryStore>().toExtend<PeerStore>();
expectTypeOf<{ get(): undefined }>().not.toExtend<BaseStore>();

// The results of a batch have the types of their operations.
const results = await store.batch([
  { namespace: ["a"], key: "b" },
  { namespace: ["a"], key: "b", value: { at: new Date() }, ttl: 5 },
  { namespacePrefix: [] },
  { maxDepth: 1 },
]);
// biome-ignore lint/suspicious/noConfusingVoidType: the result of a put
expectTypeOf(results).toEqualTypeOf<readonly [Item | null, void, SearchItem[], string[][]]>();
const list: Operation[] = [];
expectTypeOf(await store.batch(list)).toExtend<OperationResult[]>();

// Objects of a declared type can be put; texts and numbers cannot.
interface Settings {
  readonly theme: string;
}
declare const settings: Settings;
await store.put(["a"], "b", settings, { ttl: null, index: false });
await store.put(["a"], "b", settings, false);
await store.put(["a"], "b", settings, ["theme"]);
// @ts-expect-error a value is an object
await store.put(["a"], "b", "text");

// What comes out is unknown until it is parsed.
expectTypeOf((await store.get(["a"], "b"))!.value.theme).toEqualTypeOf<unknown>();

/** A store of one's own needs a batch, and nothing else. */
class Forgetful extends BaseStore {
  override async batch(operations: readonly Operation[]): Promise<never> {
    throw new Error(`${operations.length} operations forgotten`);
  }
}
expectTypeOf<Forgetful>().toExtend<BaseStore>();
