import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { InMemoryStore as PeerMemoryStore } from "@langchain/langgraph-checkpoint";
import { describe, expect, expectTypeOf, it } from "vitest";
import { describeStoreConformance } from "../conformance/index.js";
import type { BaseStore } from "./base-store.js";
import { InMemoryStore } from "./in-memory-store.js";
import type { StoreEmbeddings } from "./index-config.js";
import { textsAtPath } from "./texts-at-path.js";

const WORDS = ["tea", "coffee", "cake", "sea", "mountain"];

/** Counts words: what has the same words points the same way. */
const embeddings = {
  asked: [] as string[],
  count: (text: string) => WORDS.map((word) => text.split(word).length - 1),
  async embedQuery(text: string) {
    return this.count(text);
  },
  async embedDocuments(texts: string[]) {
    this.asked.push(...texts);
    return texts.map((text) => this.count(text));
  },
};
const index = { dims: WORDS.length, embeddings };

const NAMESPACE = ["notes"];
const keys = async (store: BaseStore, query: string, options: object = {}) =>
  (await store.search(NAMESPACE, { query, ...options })).map(({ key }) => key);

async function filled(store: BaseStore): Promise<BaseStore> {
  await store.put(NAMESPACE, "breakfast", { text: "coffee and cake", rating: 1 });
  await store.put(NAMESPACE, "holiday", { text: "sea, sea, mountain", rating: 2 });
  await store.put(NAMESPACE, "afternoon", { text: "tea, cake and cake", rating: 2 });
  await store.put(NAMESPACE, "plain", { text: "tea", rating: 1 }, false);
  return store;
}

describeStoreConformance(
  { describe, it },
  {
    name: "InMemoryStore with an index",
    create: (options) => new InMemoryStore({ ...options, index }),
    missing: { refusedQueries: "it has an index" },
  },
);

describe("a search by meaning", () => {
  it("finds the most similar first, and what is not indexed last, without a score", async () => {
    const store = await filled(new InMemoryStore({ index }));
    const found = await store.search(NAMESPACE, { query: "some cake with coffee" });
    expect(found.map(({ key }) => key)).toEqual(["breakfast", "afternoon", "holiday", "plain"]);
    expect(found[0]?.score).toBeCloseTo(1);
    expect(found[1]?.score).toBeCloseTo(2 / Math.sqrt(10));
    expect(found[2]?.score).toBe(0);
    expect(found[3]).not.toHaveProperty("score");
    expect((await store.search(NAMESPACE))[0]).not.toHaveProperty("score");
  });

  it("keeps to filter, prefix and page", async () => {
    const store = await filled(new InMemoryStore({ index }));
    await store.put(["other"], "cake", { text: "cake" });
    expect(await keys(store, "cake", { filter: { rating: 2 } })).toEqual(["afternoon", "holiday"]);
    expect(await keys(store, "cake", { limit: 1, offset: 1 })).toEqual(["breakfast"]);
    expect(await keys(store, "cake", { limit: 2, offset: 3 })).toEqual(["plain"]);
  });

  it("ranks as LangGraph's store does, by the same fields", async () => {
    const config = { ...index, fields: ["text", "parts[*].text"] };
    const stores = [new InMemoryStore({ index: config }), new PeerMemoryStore({ index: config as never })];
    const [ours, theirs] = await Promise.all(
      stores.map(async (store: BaseStore) => {
        await filled(store);
        await store.put(NAMESPACE, "parts", { text: "tea", parts: [{ text: "mountain" }, { text: "coffee, coffee, tea" }] });
        const scores = async (query: string) =>
          (await store.search(NAMESPACE, { query })).map(({ key, score }) => ({ key, score: score?.toFixed(6) }));
        const ranked = await Promise.all(["coffee", "tea cake", "mountain sea", "cake"].map(scores));
        // Of those that are alike, each has an order of its own.
        return ranked.map((list) => [list.map(({ score }) => score), list.map(({ key, score }) => `${score} ${key}`).sort()]);
      }),
    );
    expect(ours).toEqual(theirs);
  });

  it("goes by the fields of the store or of the put, and asks once for each text", async () => {
    const store = new InMemoryStore({ index: { ...index, fields: ["title"] } });
    embeddings.asked.length = 0;
    await store.batch(["a", "b"].map((key) => ({ namespace: NAMESPACE, key, value: { title: "tea", body: "sea" } })));
    await store.put(NAMESPACE, "c", { title: "tea", body: "sea" }, { index: ["body"] });
    await store.put(NAMESPACE, "d", { title: "tea", body: "sea" }, { index: false });
    await store.put(NAMESPACE, "e", { body: "cake" });
    expect(embeddings.asked).toEqual(["tea", "sea"]);
    expect(await keys(store, "sea")).toEqual(["c", "b", "a", "e", "d"]);
  });

  it("sees the last value, also where an older one took longer to embed", async () => {
    const waits = [30, 0, 10];
    const slow: StoreEmbeddings = {
      embedQuery: (text) => embeddings.embedQuery(text),
      embedDocuments: async (texts) => {
        await new Promise((resolve) => setTimeout(resolve, waits.shift()));
        return embeddings.embedDocuments(texts);
      },
    };
    const store = new InMemoryStore({ index: { ...index, embeddings: slow } });
    const puts = ["tea", "coffee", "sea"].map((text) => store.put(NAMESPACE, "k", { text }));
    const item = await store.get(NAMESPACE, "k");
    await Promise.all(puts);
    expect(item?.value).toEqual({ text: "sea" });
  });

  it("fails as the embeddings fail, does nothing then, and works again", async () => {
    const store = new InMemoryStore({
      index: { dims: 5, embeddings: { ...embeddings, embedDocuments: async () => Promise.reject(new Error("offline")) } },
    });
    await expect(store.batch([{ namespace: NAMESPACE, key: "a", value: {} }])).rejects.toThrow("offline");
    await store.put(NAMESPACE, "b", {}, false);
    expect((await store.search([])).map(({ key }) => key)).toEqual(["b"]);
  });

  it("refuses vectors of another length, and paths and sizes that are none", async () => {
    const store = new InMemoryStore({ index: { dims: 4, embeddings } });
    await expect(store.put(NAMESPACE, "a", { text: "tea" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(store.search([], { query: "tea" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const good = new InMemoryStore({ index });
    await expect(good.put(NAMESPACE, "a", {}, { index: ["a..b"] })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    for (const config of [
      { ...index, dims: 0 },
      { ...index, fields: ["a["] },
    ]) {
      expect(() => new InMemoryStore({ index: config })).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    }
    expect(await good.search([])).toEqual([]);
  });
});

describe("the texts at a path", () => {
  const value = { title: "T", n: 5, list: [{ x: "a" }, { x: "b" }, { y: 1 }], deep: { "odd key": [[1, 2], ["z"]] }, none: null };

  it.each<[string, string[]]>([
    ["$", [JSON.stringify(value)]],
    ["title", ["T"]],
    ["n", ["5"]],
    ["list[*].x", ["a", "b"]],
    ["list[0].x", ["a"]],
    ["list[-1]", ['{"y":1}']],
    ["list[9]", []],
    ["deep.odd key[0]", ["[1,2]"]],
    ["deep.odd key[*][0]", ["1", "z"]],
    ["none", []],
    ["title.length", []],
    ["constructor", []],
    ["title[0]", []],
  ])("%s", (path, texts) => {
    expect(textsAtPath(path)(value)).toEqual(texts);
  });

  it.each(["", ".", "a.", ".a", "[0]", "a[]", "a[x]", "a[0", "a]b", "a[0]b"])("%j is none", (path) => {
    expect(() => textsAtPath(path)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

it("LangChain's embeddings fit", () => {
  expectTypeOf<EmbeddingsInterface>().toExtend<StoreEmbeddings>();
});
