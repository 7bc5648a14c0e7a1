import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CheckpointError } from "../checkpoint-error.js";
import { describeConformance } from "../conformance/index.js";
import { journalEntry } from "../journal/chain-entries.js";
import type { JournalEntry } from "../journal/journal-types.js";
import { verifyJournal } from "../journal/verify-journal.js";
import { MemorySaver } from "../memory/memory-saver.js";
import { createSerializer } from "../serde/create-serializer.js";
import type { DataPlace } from "../serde/data-place.js";
import { encryptedSerializer } from "./encrypted-serializer.js";
import type { KeyRing } from "./key-ring.js";

const [KEY, OTHER] = [randomBytes(32), randomBytes(32)];
const ring: KeyRing = { current: "one", keys: { one: KEY } };
const serializer = encryptedSerializer({ keys: ring });

const PLACE: DataPlace = { part: "write", threadId: "t", ns: "", checkpointId: "c", item: "i" };

function codeOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return CheckpointError.is(error) ? error.code : error;
  }
}

function messageOf(run: () => unknown): string {
  try {
    run();
    return "";
  } catch (error) {
    return `${String(error)} ${String((error as Error).cause ?? "")} ${JSON.stringify(error)}`;
  }
}

const seal = (value: unknown, place = PLACE) => serializer.dumps(value, place) as Uint8Array;

describeConformance({ describe, it }, { name: "MemorySaver with encryption", create: () => new MemorySaver({ serializer }), serializer });

const text = fc.string({ unit: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\ud800", "\udc00", "\0", '"', ",", "null", "é")) });
const place: fc.Arbitrary<DataPlace> = fc.record(
  {
    part: fc.constantFrom("checkpoint", "metadata", "write", "decision", "question", "journal", "document"),
    threadId: text,
    ns: text,
    checkpointId: text,
    item: text,
  },
  { requiredKeys: ["part", "threadId"] },
);

describe("encrypted data", () => {
  it("comes back as it was, at its place, each time from other bytes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), place, (value, at) => {
        const [one, two] = [serializer.dumps(value, at), serializer.dumps(value, at)];
        expect(serializer.loads(one, at)).toEqual(value);
        expect(Buffer.from(one as Uint8Array).equals(two as Uint8Array)).toBe(false);
      }),
    );
  });

  it("holds nothing of the value that can be read", () => {
    const data = Buffer.from(seal({ secret: "the plain words" }));
    for (const word of ["secret", "plain words"]) expect(data.includes(word)).toBe(false);
  });

  it("does not open where any bit of it was changed, or any end of it is missing", () => {
    const data = seal({ answer: true });
    for (let bit = 0; bit < data.length * 8; bit++) {
      const changed = Uint8Array.from(data);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(["CORRUPT_DATA", "UNKNOWN_KEY"], `bit ${bit}`).toContain(codeOf(() => serializer.loads(changed, PLACE)));
    }
    for (let length = 0; length < data.length; length++) {
      expect(
        codeOf(() => serializer.loads(data.slice(0, length), PLACE)),
        `${length} bytes`,
      ).toBe("CORRUPT_DATA");
    }
    expect(codeOf(() => serializer.loads(Buffer.concat([data, Buffer.from([0])]), PLACE))).toBe("CORRUPT_DATA");
  });

  it("does not open at any other place", () => {
    fc.assert(
      fc.property(place, place, (one, two) => {
        const data = serializer.dumps("value", one);
        const isSame = JSON.stringify(withAll(one)) === JSON.stringify(withAll(two));
        expect(codeOf(() => serializer.loads(data, two))).toBe(isSame ? undefined : "CORRUPT_DATA");
      }),
    );
  });

  it.each<[string, Partial<DataPlace>]>([
    ["kind", { part: "decision" }],
    ["thread", { threadId: "u" }],
    ["namespace", { ns: "sub" }],
    ["namespace left out", { ns: undefined }],
    ["checkpoint", { checkpointId: "d" }],
    ["checkpoint left out", { checkpointId: undefined }],
    ["item", { item: "j" }],
    ["item left out", { item: undefined }],
    ["item that is empty", { item: "" }],
    ["item that runs over", { checkpointId: 'c","i', item: undefined }],
  ])("does not open under another %s", (_, change) => {
    const data = seal("value");
    expect(codeOf(() => serializer.loads(data, { ...PLACE, ...change }))).toBe("CORRUPT_DATA");
    expect(serializer.loads(data, PLACE)).toBe("value");
  });

  it("cannot be swapped with that of another place", () => {
    fc.assert(
      fc.property(fc.uniqueArray(place, { minLength: 2, maxLength: 2, selector: (one) => JSON.stringify(withAll(one)) }), ([one, two]) => {
        const [a, b] = [serializer.dumps("a", one), serializer.dumps("b", two)];
        expect(codeOf(() => serializer.loads(b, one))).toBe("CORRUPT_DATA");
        expect(codeOf(() => serializer.loads(a, two))).toBe("CORRUPT_DATA");
      }),
    );
  });

  it("is refused without a place", () => {
    expect(codeOf(() => serializer.dumps(1))).toBe("INVALID_ARGUMENT");
    expect(codeOf(() => serializer.loads(seal(1)))).toBe("INVALID_ARGUMENT");
  });

  it("keeps text and bytes of the serializer inside apart", () => {
    const bytes = encryptedSerializer({
      keys: ring,
      serializer: {
        dumps: (value) => new Uint8Array(value as number[]),
        loads: (data) => [typeof data, ...Buffer.from(data as Uint8Array)],
      },
    });
    expect(bytes.loads(bytes.dumps([255, 0, 128], PLACE), PLACE)).toEqual(["object", 255, 0, 128]);
  });
});

function withAll({ part, threadId, ns, checkpointId, item }: DataPlace): unknown[] {
  return [part, threadId, ns ?? null, checkpointId ?? null, item ?? null];
}

describe("data that was not encrypted", () => {
  it.each<[string, string | Uint8Array]>([
    ["text", createSerializer().dumps({ approved: true })],
    ["the same as bytes", Buffer.from(createSerializer().dumps({ approved: true }))],
    ["nothing", ""],
    ["no bytes", new Uint8Array()],
    ["what looks like the beginning of encrypted data", new Uint8Array([1, 1, 3, 111, 110, 101, 123, 125])],
    ["a newer version", Uint8Array.from(seal(1), (byte, at) => (at === 0 ? 2 : byte))],
  ])("is refused: %s", (_, data) => {
    expect(codeOf(() => serializer.loads(data, PLACE))).toBe("CORRUPT_DATA");
  });
});

describe("keys", () => {
  it("may change: older data opens with the key that it names, new data is written with the current one", () => {
    const before = seal("before");
    const rotated = encryptedSerializer({ keys: { current: "two", keys: { one: KEY, two: OTHER.toString("base64") } } });
    const after = rotated.dumps("after", PLACE);
    expect([rotated.loads(before, PLACE), rotated.loads(after, PLACE)]).toEqual(["before", "after"]);
    expect(messageOf(() => serializer.loads(after, PLACE))).toMatch(/the key "two"/);
    expect(codeOf(() => serializer.loads(after, PLACE))).toBe("UNKNOWN_KEY");
    const last = encryptedSerializer({ keys: { current: "two", keys: { two: OTHER.toString("base64url") } } });
    expect(last.loads(after, PLACE)).toBe("after");
    expect(codeOf(() => last.loads(before, PLACE))).toBe("UNKNOWN_KEY");
  });

  it("of the same id but other bytes do not open anything, nor does the same key under another id", () => {
    const data = seal("value");
    expect(codeOf(() => encryptedSerializer({ keys: { current: "one", keys: { one: OTHER } } }).loads(data, PLACE))).toBe("CORRUPT_DATA");
    const renamed = encryptedSerializer({ keys: { current: "two", keys: { one: OTHER, two: KEY } } });
    const forged = Uint8Array.from(data);
    forged.set(Buffer.from("two"), 3);
    expect(codeOf(() => renamed.loads(forged, PLACE))).toBe("CORRUPT_DATA");
  });

  it("are copied: what becomes of the given bytes changes nothing", () => {
    const key = randomBytes(32);
    const one = encryptedSerializer({ keys: { current: "k", keys: { k: key } } });
    const data = one.dumps("value", PLACE);
    key.fill(0);
    expect(one.loads(data, PLACE)).toBe("value");
  });

  it.each<[string, KeyRing]>([
    ["no current key", { current: "two", keys: { one: KEY } }],
    ["a current key by a name that every object has", { current: "toString", keys: { one: KEY } }],
    ["a short key", { current: "one", keys: { one: KEY.subarray(1) } }],
    ["a long key", { current: "one", keys: { one: Buffer.concat([KEY, KEY]) } }],
    ["a text that is no base64", { current: "one", keys: { one: "correct horse battery staple" } }],
    [
      "base64 with a typing error",
      { current: "one", keys: { one: `${KEY.toString("base64").slice(0, 20)}*${KEY.toString("base64").slice(20)}` } },
    ],
    ["an empty text", { current: "one", keys: { one: "" } }],
    ["no key at all", { current: "one", keys: { one: undefined as unknown as string } }],
    ["an empty id", { current: "", keys: { "": KEY } }],
    ["half a character as id", { current: "\ud800", keys: { "\ud800": KEY } }],
    ["a long id", { current: "x".repeat(256), keys: { ["x".repeat(256)]: KEY } }],
    ["one bad key beside a good one", { current: "one", keys: { one: KEY, two: "short" } }],
  ])("are refused that cannot be used: %s", (_, keys) => {
    const run = () => encryptedSerializer({ keys });
    expect(codeOf(run)).toBe("INVALID_ARGUMENT");
    for (const key of Object.values(keys.keys)) {
      const shown = typeof key === "string" ? key : Buffer.from(key ?? "").toString("base64");
      if (shown !== "") expect(messageOf(run)).not.toContain(shown);
    }
  });

  it("do not show when the serializer is printed", () => {
    const shown = JSON.stringify(serializer) + Object.values(serializer).join();
    for (const form of ["hex", "base64", "latin1"] as const) expect(shown).not.toContain(KEY.toString(form));
  });
});

describe("errors", () => {
  it("hold nothing of what was decrypted, also where the serializer inside cannot read it", () => {
    const words = encryptedSerializer({ keys: ring, serializer: { dumps: () => "the secret words", loads: (data) => data } });
    const data = words.dumps(null, PLACE);
    expect(codeOf(() => serializer.loads(data, PLACE))).toBe("CORRUPT_DATA");
    expect(messageOf(() => serializer.loads(data, PLACE))).not.toMatch(/secret|words/);
  });
});

describe("a journal of encrypted entries", () => {
  it("verifies with its serializer, and shows what was moved", async () => {
    const saver = new MemorySaver({ serializer });
    for (const threadId of ["t", "u"]) {
      await saver.appendJournal(threadId, [
        { at: "2030-01-01T00:00:00.000Z", kind: "asked", data: { threadId } },
        { at: "2030-01-01T00:00:01.000Z", kind: "decided", data: new Map([["by", threadId]]) },
      ]);
    }
    expect(await verifyJournal(saver.readJournal(), { serializer })).toMatchObject({ kind: "intact", entries: 4 });
    const entries: JournalEntry[] = [];
    for await (const entry of saver.readJournal({ threadId: "t" })) entries.push(entry);
    const moved = journalEntry(serializer, 9, { ...entries[0]!, threadId: "u" });
    expect(codeOf(() => moved.data)).toBe("CORRUPT_DATA");
    expect(await verifyJournal([{ ...entries[0]!, data: { threadId: "u" } }], { serializer })).toMatchObject({ reason: "changed" });
  });

  it("verifies also where an instance is never equal to another", async () => {
    class Money {
      constructor(readonly cents: number) {}
      readonly format = () => `${this.cents}`;
    }
    const money = {
      name: "acme:money",
      is: (value: object): value is Money => value instanceof Money,
      encode: ({ cents }: Money) => cents,
      decode: (cents: unknown) => new Money(Number(cents)),
    };
    const encrypted = encryptedSerializer({ keys: ring, serializer: createSerializer({ extensions: [money] }) });
    const saver = new MemorySaver({ serializer: encrypted });
    const [entry] = await saver.appendJournal("t", [{ at: "", kind: "paid", data: new Money(5) }]);
    expect(await verifyJournal([entry!], { serializer: encrypted })).toMatchObject({ kind: "intact" });
    expect(await verifyJournal([{ ...entry!, data: new Money(6) }], { serializer: encrypted })).toMatchObject({ reason: "changed" });
  });
});
