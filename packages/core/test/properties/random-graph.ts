import { Annotation, interrupt, START, StateGraph } from "../../src/index.js";

export interface Item {
  id: string;
  text: string;
  tags?: string[];
}

interface Remove {
  readonly remove: string;
}

/** As a chat's messages are kept: by id, replaced, removed or appended. */
function mergeItems(all: readonly Item[], more: readonly (Item | Remove)[]): Item[] {
  let merged = [...all];
  for (const one of more) {
    if ("remove" in one) merged = merged.filter(({ id }) => id !== one.remove);
    else if (merged.some(({ id }) => id === one.id)) merged = merged.map((item) => (item.id === one.id ? one : item));
    else merged.push(one);
  }
  return merged;
}

type Dict = Record<string, unknown>;

const State = Annotation.Root({
  turn: Annotation<number, number>({ reducer: (sum, more) => sum + more, default: () => 0 }),
  items: Annotation<Item[], (Item | Remove)[]>({ reducer: mergeItems, default: () => [] }),
  dict: Annotation<Dict, Dict>({
    reducer: (all, more) => Object.fromEntries(Object.entries({ ...all, ...more }).filter(([, value]) => value !== null)),
    default: () => ({}),
  }),
  nested: Annotation<unknown>({ reducer: (_, next) => next, default: () => null }),
  list: Annotation<unknown[]>({ reducer: (_, next) => next, default: () => [] }),
  text: Annotation<string, string>({ reducer: (all, more) => (more === "" ? all.slice(0, -3) : all + more), default: () => "" }),
});

export type RandomState = typeof State.State;
type Update = Partial<{ items: (Item | Remove)[]; dict: Dict; nested: unknown; list: unknown[]; text: string }>;
type Change = (state: RandomState, draw: (limit: number) => number) => Update;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const dict = (value: unknown): Dict => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Dict) : {});
const item = (id: string, draw: (limit: number) => number): Item => ({ id, text: "é\n".repeat(draw(60)), tags: ["a", "b"].slice(draw(3)) });
const anyId = (state: RandomState, draw: (limit: number) => number) => state.items[draw(state.items.length)]?.id ?? "none";

/** What nodes do that keep to the rules. */
const CHANGES: readonly Change[] = [
  (state, draw) => ({ items: [item(`m${state.turn}`, draw)] }),
  (state, draw) => ({ items: [item(`m${state.turn}a`, draw), item(`m${state.turn}b`, draw)] }),
  (state, draw) => ({ items: [item(anyId(state, draw), draw)] }),
  (state, draw) => ({ items: [{ remove: anyId(state, draw) }] }),
  (state, draw) => ({ items: state.items.filter(() => draw(2) === 0).map((one) => ({ ...one, text: `${one.text}!` })) }),
  (_, draw) => ({ dict: { [`k${draw(12)}`]: "v".repeat(draw(80)) } }),
  (_, draw) => ({ dict: { [`k${draw(12)}`]: null, [String(draw(5))]: { n: draw(9), "~hp": "set" } } }),
  (state, draw) => ({ dict: { log: [...list(state.dict.log), draw(100)] } }),
  (state, draw) => ({ nested: { ...dict(state.nested), [`c${draw(4)}`]: [{ deep: [draw(9), [draw(9)]] }] } }),
  (state, draw) => ({ nested: [state.nested ?? null, draw(5)].slice(draw(2)) }),
  (state) => ({ nested: structuredClone(state.nested ?? null) }),
  (state, draw) => ({ list: [...list(state.list), draw(100), { n: draw(9) }] }),
  (state) => ({ list: [...list(state.list)] }),
  (state) => ({ list: list(state.list).toReversed() }),
  (state, draw) => ({ list: list(state.list).toSpliced(draw(4), draw(3), [draw(9)]) }),
  (state) => ({ list: list(state.list).slice(-3) }),
  (state) => ({ list: list(state.list) }),
  (_, draw) => ({ text: "long text ".repeat(draw(9)) }),
  () => ({ text: "" }),
  () => ({}),
];

/** Keys that share values: as good as any, while nobody changes them. */
const SHARING: readonly Change[] = [
  (state) => ({ nested: { ...dict(state.nested), list: state.list, items: state.items } }),
  (state, draw) => ({ dict: { list: state.list, [`k${draw(12)}`]: state.nested }, list: [state.items, ...list(state.list).slice(-2)] }),
];

/**
 * What careless nodes do: the value of a key is changed in place, and written or not. What they write is read back, for a container whose size
 * is not the one that was stored is stored whole. (A change further inside, under parts that stay the same objects, can be missed: strict
 * mode is for that.)
 */
const MUTATIONS: readonly Change[] = [
  (state) => {
    list(state.list).push("pushed");
    return {};
  },
  (state) => {
    const own = list(state.list);
    own.push("pushed and returned");
    return { list: own };
  },
  (state) => {
    list(state.list).pop();
    return { list: [...list(state.list), "popped"] };
  },
  (state, draw) => {
    dict(state.nested)[`added${draw(3)}`] = 1;
    return { nested: { ...dict(state.nested) } };
  },
  (state) => {
    delete dict(state.dict).log;
    return { text: "x" };
  },
];

/** Changes further inside, which strict mode alone finds. */
const DEEP_MUTATIONS: readonly Change[] = [
  (state) => {
    state.items[0]?.tags?.push("in place");
    return { items: [...state.items] };
  },
  (state) => {
    Object.assign(list(state.list).find((one) => typeof one === "object" && one !== null) ?? {}, { changed: true });
    return {};
  },
];

/** Deterministic choices: the same node at the same turn does the same again, as it must when it is run once more. */
function drawer(seed: number): (limit: number) => number {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return limit <= 0 ? 0 : ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const nodeSeed = (seed: number, name: string, turn: number) => seed * 7919 + turn * 104729 + name.charCodeAt(0) * 31;

/** What nodes change in place: nothing, as they should; the values of keys; or anything inside of these too. */
export type Mutates = "nothing" | "keys" | "anything";

/** A graph whose nodes, edges, pauses and changes follow from a seed: steps in a row, side by side, in a graph inside, and around a loop. */
export function randomGraph(seed: number, mutates: Mutates, strict = false) {
  const obeying = mutates === "nothing" ? [...CHANGES, ...SHARING] : CHANGES;
  const careless = { nothing: [], keys: MUTATIONS, anything: [...MUTATIONS, ...DEEP_MUTATIONS] }[mutates];
  const node =
    (name: string, asks = false) =>
    (state: RandomState) => {
      // Nodes that run side by side see the same values: two that change them in place could undo each other's change of size.
      const changes = name === "b" || name === "c" ? obeying : [...obeying, ...careless, ...careless];
      const draw = drawer(nodeSeed(seed, name, state.turn));
      if (asks && draw(4) === 0) {
        const answer = interrupt<unknown>({ name, turn: state.turn });
        return { ...changes[draw(changes.length)]!(state, draw), dict: { answer } };
      }
      return { ...changes[draw(changes.length)]!(state, draw), turn: 1 };
    };
  const inner = new StateGraph(State)
    .addNode("f", node("f"))
    .addNode("g", node("g", true))
    .addEdge(START, "f")
    .addEdge("f", "g")
    .compile({ strict });
  return new StateGraph(State)
    .addNode("a", node("a"))
    .addNode("b", node("b", true))
    .addNode("c", node("c", true))
    .addNode("d", async (state, runtime) => {
      const { nested, list } = await inner.invoke({ nested: state.nested, list: state.list }, runtime);
      return { nested, list, turn: 1 };
    })
    .addNode("e", node("e"))
    .addEdge(START, "a")
    .addEdge("a", "b")
    .addEdge("a", "c")
    .addEdge(["b", "c"], "d")
    .addConditionalEdges("d", ({ turn }) => (drawer(nodeSeed(seed, "d", turn))(3) === 0 ? "a" : "e"), ["a", "e"]);
}
