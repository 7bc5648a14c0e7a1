import type { Random } from "./random.js";

type Values = Record<string, unknown>;
type Change = (before: unknown, random: Random) => unknown;

/** A state and the channels that were written to reach it. */
export interface ChangedState {
  readonly values: Values;
  readonly written: ReadonlySet<string>;
}

export function firstState(random: Random): ChangedState {
  const values: Values = {
    messages: [message(random)],
    documents: {},
    nested: { a: { b: [] } },
    text: "",
    count: 0,
    static: text(random, 400),
  };
  return { values, written: new Set(Object.keys(values)) };
}

/**
 * Changes some channels the ways nodes do, and names those written.
 * @param mayMutate whether nobody else holds the values, so that one may be changed in place.
 */
export function changeState(before: Values, random: Random, mayMutate: boolean): ChangedState {
  const values = { ...before };
  const written = new Set<string>();
  if (mayMutate && Array.isArray(values.messages) && random.chance(0.3)) {
    values.messages.push(message(random));
    written.add("messages");
  }
  for (let count = 1 + random.below(3); count > 0; count--) {
    const channel = random.pick(Object.keys(CHANGES));
    const value = random.pick(CHANGES[channel]!)(values[channel], random);
    written.add(channel);
    if (value === GONE) delete values[channel];
    else values[channel] = value;
  }
  return { values, written };
}

const GONE = Symbol("gone");

const list = (before: unknown) => (Array.isArray(before) ? before : []) as unknown[];
const object = (before: unknown) => (typeof before === "object" && before !== null ? before : {}) as Values;

function message(random: Random): Values {
  return { role: random.pick(["user", "assistant"]), content: text(random, random.below(300)), id: `m${random.below(1000)}` };
}

function text(random: Random, length: number): string {
  return Array.from({ length: Math.ceil(length / 8) }, () => random.pick(["lorem ip", '"quoted"', "é😀 line\n", "~hp \\u00"])).join("");
}

function without(before: unknown, random: Random): unknown[] {
  const at = random.below(list(before).length);
  return list(before).filter((_, index) => index !== at);
}

const MESSAGE_CHANGES: readonly Change[] = [
  (before, random) => [...list(before), message(random)],
  (before, random) => [...list(before), message(random)],
  (before, random) => [...list(before), message(random), message(random)],
  (before, random) => [message(random), ...list(before)],
  (before, random) => list(before).toSpliced(random.below(3), 1, message(random)),
  (before, random) => list(before).toSpliced(random.below(3), 0, message(random)),
  (before, random) => list(before).map((item) => (random.chance(0.2) ? { ...object(item), content: text(random, 40) } : item)),
  (before) => list(before).slice(0, -1),
  (before) => list(before).slice(-3),
  (before) => [...list(before)],
  (before) => list(before).map((item) => ({ ...object(item) })),
  (before) => list(before).toReversed(),
  without,
  (before) => before ?? [],
  () => [],
];

const OBJECT_CHANGES: readonly Change[] = [
  (before, random) => ({ ...object(before), [`key${random.below(30)}`]: text(random, 30) }),
  (before, random) => ({ ...object(before), [random.below(20)]: message(random) }),
  (before, random) => ({ [`first${random.below(5)}`]: 1, ...object(before) }),
  (before, random) => Object.fromEntries(Object.entries(object(before)).filter(() => random.chance(0.7))),
  (before) => Object.fromEntries(Object.entries(object(before)).toReversed()),
  (before, random) => ({ ...object(before), list: [...list(object(before).list), message(random)] }),
  (before, random) => ({ ...object(before), odd: odd(random) }),
  (before, random) => ({ ...object(before), "~hp": random.pick(["date", "set"]), v: ["o", {}] }),
  (before, random) => ({ ...object(before), constructor: random.below(5), toString: "x" }),
];

const NESTED_CHANGES: readonly Change[] = [
  (before, random) => ({
    ...object(before),
    a: { ...object(object(before).a), b: [...list(object(object(before).a).b), random.below(9)] },
  }),
  (before, random) => ({
    ...object(before),
    a: { ...object(object(before).a), [`c${random.below(4)}`]: { d: [1, { e: random.below(9) }] } },
  }),
  (before, random) => ({ ...object(before), a: random.pick([null, [], { b: ["new"] }]) }),
];

const TEXT_CHANGES: readonly Change[] = [
  (before, random) => `${typeof before === "string" ? before : ""}${text(random, 50)}`,
  (before) => (typeof before === "string" ? before.slice(0, -5) : "x"),
  (before) => before ?? "",
];

const SCALARS = [0, 1, null, true, "o", ["o", {}], ["=", 1], { kind: 0 }];

/** A value that is easily lost; a new one each time, so that histories share none. */
function odd(random: Random): unknown {
  if (random.jsonOnly) return random.pick(SCALARS);
  return random.pick([undefined, Number.NaN, -0, 0, 5n, new Date(5), new Map([["a", new Set([1])]]), new Uint8Array([1])]);
}

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  messages: MESSAGE_CHANGES,
  documents: OBJECT_CHANGES,
  nested: NESTED_CHANGES,
  text: TEXT_CHANGES,
  count: [(_, random) => random.pick(SCALARS), (_, random) => odd(random), (_, random) => random.below(1000), () => GONE],
  extra: [(_, random) => text(random, 20), () => GONE, ...OBJECT_CHANGES],
  messagesToo: MESSAGE_CHANGES,
};
