import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemorySaver } from "../memory/memory-saver.js";
import { createSerializer } from "../serde/create-serializer.js";
import { OpaqueValue } from "../serde/opaque-value.js";
import { chainEntries, encodeDrafts, journalEntry } from "./chain-entries.js";
import { journalHash } from "./journal-hash.js";
import type { JournalEntry } from "./journal-types.js";
import { verifyJournal } from "./verify-journal.js";

const AT = "2030-01-01T00:00:00.000Z";

async function journalOf(count: number, threadId = "t"): Promise<JournalEntry[]> {
  const saver = new MemorySaver();
  const drafts = Array.from({ length: count }, (_, n) => ({ at: AT, kind: "note", data: { n } }));
  return [...(await saver.appendJournal(threadId, drafts))];
}

/** Changes one entry. */
function replaced(entries: readonly JournalEntry[], index: number, change: Partial<JournalEntry>): JournalEntry[] {
  return entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
}

describe("verifyJournal", () => {
  it("takes an empty journal and a whole one for intact", async () => {
    expect(await verifyJournal([])).toEqual({ kind: "intact", entries: 0, head: "", heads: new Map() });
    const entries = await journalOf(5);
    expect(await verifyJournal(entries)).toMatchObject({ kind: "intact", entries: 5, head: entries[4]?.hash });
  });

  it.each<[string, Partial<JournalEntry>]>([
    ["its data", { data: { n: 99 } }],
    ["its stored text", { stored: '{"n":99}', data: { n: 99 } }],
    ["its stored text, which is no longer readable", { stored: "{" }],
    ["its stored text, byte for byte the same but as bytes", { stored: Buffer.from('{"n":2}') }],
    ["its time", { at: "2031-01-01T00:00:00.000Z" }],
    ["its kind", { kind: "other" }],
    ["its thread", { threadId: "other" }],
    ["its number", { seq: 7 }],
    ["what it follows", { previous: "f".repeat(64) }],
    ["its hash", { hash: "f".repeat(64) }],
  ])("finds an entry that was changed: %s", async (_, change) => {
    const entries = replaced(await journalOf(5), 2, change);
    expect(await verifyJournal(entries)).toMatchObject({ kind: "broken", position: 3, reason: "changed" });
  });

  it("finds an entry that was changed with its hash, at the one after it", async () => {
    const entries = await journalOf(5);
    const forged = { ...entries[2]!, stored: '{"n":99}', data: { n: 99 } };
    const broken = replaced(entries, 2, { ...forged, hash: journalHash(forged) });
    expect(await verifyJournal(broken)).toEqual({ kind: "broken", position: 4, threadId: "t", seq: 3, reason: "unlinked" });
  });

  it("finds one that is missing from the middle or the beginning", async () => {
    const entries = await journalOf(5);
    expect(await verifyJournal(entries.toSpliced(2, 1))).toEqual({ kind: "broken", position: 4, threadId: "t", seq: 2, reason: "missing" });
    expect(await verifyJournal(entries.slice(1))).toMatchObject({ position: 2, seq: 0, reason: "missing" });
  });

  it("finds another order, and an entry that stands twice", async () => {
    const entries = await journalOf(5);
    const swapped = [entries[0]!, entries[2]!, entries[1]!, entries[3]!, entries[4]!];
    expect(await verifyJournal(swapped)).toMatchObject({ kind: "broken", reason: "reordered" });
    expect(await verifyJournal(entries.toReversed())).toMatchObject({ kind: "broken", reason: "reordered" });
    expect(await verifyJournal([...entries, entries[4]!])).toMatchObject({ kind: "broken", reason: "reordered" });
    const numbered = entries.map((entry, at) => ({ ...entry, position: at === 1 ? 9 : entry.position }));
    expect(await verifyJournal(numbered)).toMatchObject({ kind: "broken", seq: 2, reason: "reordered" });
  });

  it("finds an end that was cut off only against a head that was kept", async () => {
    const entries = await journalOf(5);
    const head = entries[4]?.hash;
    expect(await verifyJournal(entries.slice(0, 4))).toMatchObject({ kind: "intact" });
    expect(await verifyJournal(entries.slice(0, 4), { head })).toEqual({
      kind: "broken",
      position: undefined,
      threadId: "t",
      seq: 4,
      reason: "missing",
    });
    expect(await verifyJournal([], { head })).toMatchObject({ kind: "broken", threadId: undefined, seq: 0, reason: "missing" });
    expect(await verifyJournal(entries, { head: entries[2]?.hash })).toMatchObject({ kind: "intact" });
    expect(await verifyJournal([], { head: "" })).toMatchObject({ kind: "intact" });
  });

  it("follows many threads at once, and does not take the entry of one for that of another", async () => {
    const saver = new MemorySaver();
    for (let n = 0; n < 9; n++) await saver.appendJournal(`t${n % 3}`, [{ at: AT, kind: "note", data: n }]);
    const all: JournalEntry[] = [];
    for await (const entry of saver.readJournal()) all.push(entry);
    expect(await verifyJournal(all)).toMatchObject({ kind: "intact", entries: 9, heads: { size: 3 } });
    expect(await verifyJournal(all.toSpliced(4, 1))).toMatchObject({ threadId: "t1", seq: 1, reason: "missing" });
    expect(await verifyJournal(replaced(all, 4, { threadId: "t2" }))).toMatchObject({ reason: "changed" });
  });

  it("verifies an export in JSON, where the data is JSON", async () => {
    const entries = JSON.parse(JSON.stringify(await journalOf(3))) as JournalEntry[];
    expect(await verifyJournal(entries)).toMatchObject({ kind: "intact", entries: 3 });
  });

  it("works with a serializer that writes bytes, each time others", async () => {
    const text = createSerializer();
    let salt = 0;
    const next = () => {
      salt += 1;
      return salt;
    };
    const serializer = {
      dumps: (value: unknown) => Buffer.from(`${next()}|${text.dumps(value)}`),
      loads: (data: string | Uint8Array) =>
        text.loads(
          Buffer.from(data as Uint8Array)
            .toString()
            .replace(/^\d+\|/, ""),
        ),
    };
    const saver = new MemorySaver({ serializer });
    const entries = await saver.appendJournal("t", [{ at: AT, kind: "note", data: new Map([[1, new Date(0)]]) }]);
    expect(await verifyJournal(entries, { serializer })).toMatchObject({ kind: "intact", entries: 1 });
    const forged = [{ ...entries[0]!, data: new Map() }];
    expect(await verifyJournal(forged, { serializer })).toMatchObject({ reason: "changed" });
  });
});

describe("every value that the serializer keeps", () => {
  class Money {
    constructor(readonly cents: number) {}
    /** Never equal to that of another instance. */
    readonly format = () => `${this.cents}`;
  }
  const moneyType = {
    name: "acme:money",
    is: (value: object): value is Money => value instanceof Money,
    encode: ({ cents }: Money) => cents,
    decode: (cents: unknown) => new Money(Number(cents)),
  };
  const cause = Object.assign(new TypeError("inner", { cause: "deep" }), { code: 5 });
  const sparse: unknown[] = [1];
  sparse[4] = undefined;
  const values: [string, unknown][] = [
    ["nothing", undefined],
    ["numbers", [Number.NaN, Number.POSITIVE_INFINITY, -0, 0, 10n ** 30n, 1e21]],
    ["a date, also an invalid one", [new Date(5), new Date(Number.NaN)]],
    ["maps and sets in each other", new Map<unknown, unknown>([[{ a: 1 }, new Set([new Map([[1, undefined]])])]])],
    ["a pattern on its way", Object.assign(/a+/giu, { lastIndex: 3 })],
    [
      "bytes",
      [new Uint8Array([1, 2]), Buffer.from("x"), new Float64Array([Number.NaN]), new ArrayBuffer(2), new DataView(new ArrayBuffer(1))],
    ],
    ["errors", [new Error("x", { cause }), new AggregateError([cause], "many"), Object.assign(new Error("e"), { name: "Own" })]],
    ["an address", new URL("https://example.com/a?b=c#d")],
    ["holes", sparse],
    ["no prototype", Object.assign(Object.create(null) as object, { a: 1 })],
    ["an own __proto__", JSON.parse('{"__proto__": {"a": 1}, "b": 2}')],
    ["what looks like a tag", { "~hp": "date", v: "2030-01-01" }],
    ["texts", ["\ud800", "\0", "\u2028", "é😀"]],
    ["keys like indexes", { b: 1, 10: 2, 9: 3, "-1": 4 }],
    [
      "an instance of an unknown class",
      new (class Unknown {
        a = 1;
      })(),
    ],
    ["a registered type", [new Money(500)]],
    ["a type that nobody knows", new OpaqueValue("vendor:type", { a: new Date(0) })],
  ];

  it.each(values)("verifies after it was saved and read: %s", async (_, data) => {
    const serializer = createSerializer({ extensions: [moneyType] });
    const saver = new MemorySaver({ serializer });
    await saver.appendJournal("t", [{ at: AT, kind: "note", data }]);
    expect(await verifyJournal(saver.readJournal(), { serializer })).toMatchObject({ kind: "intact", entries: 1 });
  });

  it("verifies whatever it is", async () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withTypedArray: true,
      withSparseArray: true,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (list) => {
        const saver = new MemorySaver();
        await saver.appendJournal(
          "t",
          list.map((data) => ({ at: AT, kind: "note", data })),
        );
        expect(await verifyJournal(saver.readJournal())).toMatchObject({ kind: "intact", entries: list.length });
      }),
      { numRuns: 300 },
    );
  });

  it("a registered type still verifies where nobody has registered it, and where its form has changed since", async () => {
    const stored = chainEntries(
      "t",
      encodeDrafts(createSerializer({ extensions: [moneyType] }), "t", [{ at: AT, kind: "n", data: new Money(5) }]),
      undefined,
    );
    for (const extensions of [[], [{ ...moneyType, encode: () => ({ amount: 5 }), decode: () => new Money(5) }]]) {
      const serializer = createSerializer({ extensions });
      const entry = journalEntry(serializer, 1, stored[0]!);
      expect(await verifyJournal([entry], { serializer })).toMatchObject({ kind: "intact" });
    }
  });
});

describe("journalHash", () => {
  it("stays as it is: saved journals depend on it", () => {
    const part = { previous: "", threadId: "t", seq: 0, at: AT, kind: "note", stored: '{"a":1}' };
    expect(journalHash(part)).toMatchInlineSnapshot(`"3d2f6c74758131e8fdeead8990acedabdab5ca534286339cd491db3150b938a5"`);
  });

  it("keeps its parts apart", () => {
    const part = { previous: "", threadId: "t", seq: 1, at: AT, kind: "note", stored: "1" };
    const hashes = [
      part,
      { ...part, threadId: 't"', kind: "note" },
      { ...part, threadId: "t", kind: '"note' },
      { ...part, threadId: "tno", kind: "te" },
      { ...part, seq: 11, stored: "" },
      { ...part, threadId: "\ud800" },
      { ...part, threadId: "\udc00" },
      { ...part, stored: Buffer.from("1") },
      { ...part, stored: Buffer.from("1").toString("base64") },
    ].map(journalHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe("journalEntry", () => {
  it("throws where data that cannot be read is looked at, and not before", () => {
    const [chained] = chainEntries("t", [{ at: AT, kind: "note", stored: "{" }], undefined);
    const entry = journalEntry(createSerializer(), 1, chained!);
    expect(entry.kind).toBe("note");
    expect(() => entry.data).toThrow(/not JSON/);
  });
});
