// What the types say of stores. Compiled by `tsc`, never run.
import { type BaseStore as PeerBaseStore, InMemoryStore as PeerStore } from "@langchain/langgraph-checkpoint";
import { expectTypeOf } from "vitest";
import { Annotation, type BaseStore, entrypoint, getStore, InMemoryStore, type Item, START, StateGraph } from "../../src/index.js";

const State = Annotation.Root({ text: Annotation<string>() });
const builder = new StateGraph(State)
  .addNode("a", (_, runtime) => {
    expectTypeOf(runtime.store).toEqualTypeOf<BaseStore | undefined>();
    return {};
  })
  .addEdge(START, "a");

expectTypeOf(getStore()).toEqualTypeOf<BaseStore | undefined>();

// Our stores and LangGraph's can be given, to a graph and to a call.
declare const peer: PeerBaseStore;
const graph = builder.compile({ store: new InMemoryStore() });
builder.compile({ store: new PeerStore() });
builder.compile({ store: peer });
await graph.invoke({ text: "" }, { store: peer });
entrypoint({ name: "flow", store: new PeerStore() }, async () => 1);
// @ts-expect-error that is no store
builder.compile({ store: { get: () => undefined } });

/** Adds to what a store does. */
class Counting extends InMemoryStore {
  count = 0;
  override async get(...args: Parameters<BaseStore["get"]>): Promise<Item | null> {
    this.count += 1;
    return super.get(...args);
  }
}
builder.compile({ store: new Counting() });
expectTypeOf<Counting>().toExtend<BaseStore>();
