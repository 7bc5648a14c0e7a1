import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { BaseStore } from "../../store/base-store.js";
import type { Item } from "../../store/item.js";
import type { Operation, OperationResult } from "../../store/operation.js";
import { type Random, randomOf } from "../random.js";
import type { CaseClock } from "./store-case.js";
import { HOSTILE_TEXTS } from "./store-fixtures.js";

export interface RandomStoreOptions {
  /** Same seed, same operations. */
  readonly seed: number;
  readonly steps: number;
  /** The clock of the store. */
  readonly clock: CaseClock;
  /** Only what every store does: simple labels, no times, searches without an order, equality of simple values. Default false. */
  readonly plain?: boolean;
}

/** A document as the simplest store there is would keep it. */
interface Entry {
  readonly namespace: readonly string[];
  readonly key: string;
  readonly value: Record<string, unknown>;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly ttl: number | undefined;
  expiresAt: number;
}

type Condition = readonly [field: string, operator: string, operand: unknown];

/**
 * Does random operations, alone and in batches, on a store and on a list of documents, and compares all results.
 * @throws AssertionError at the first difference
 */
export async function runRandomStore(store: BaseStore, { seed, steps, clock, plain = false }: RandomStoreOptions): Promise<void> {
  const random = randomOf(seed, true);
  const model = new Model(random, clock, plain);
  for (let step = 0; step < steps; step++) {
    const asked = Array.from({ length: random.chance(0.3) ? random.below(6) : 1 }, () => model.ask());
    const results = await store.batch(asked.map(({ operation }) => operation));
    const checks = asked.map(
      ({ check }, at) =>
        () =>
          check(results[at]),
    );
    for (const check of checks) check();
    for (const { write } of asked) write?.();
    if (plain || !random.chance(0.2)) continue;
    clock.advance(random.below(4));
    if (random.chance(0.2)) await store.sweepExpired?.();
  }
  await model.compareAll(store);
}

interface Asked {
  readonly operation: Operation;
  check(result: OperationResult): void;
  write?(): void;
}

/** The last entry is the one that was put last. */
class Model {
  #entries: Entry[] = [];

  constructor(
    private readonly random: Random,
    private readonly clock: CaseClock,
    private readonly plain: boolean,
  ) {}

  ask(): Asked {
    const { random } = this;
    if (random.chance(0.45)) return this.#askPut();
    if (random.chance(0.3)) return this.#askGet();
    return random.chance(0.7) ? this.#askSearch() : this.#askList();
  }

  async compareAll(store: BaseStore): Promise<void> {
    const live = this.#live();
    const items = await store.search([], { limit: 10_000 });
    this.#compare(items, live.toReversed());
    for (const entry of live) this.#compare([await store.get(entry.namespace, entry.key)], [entry]);
  }

  #live(): Entry[] {
    this.#entries = this.#entries.filter(({ expiresAt }) => expiresAt > this.clock.now());
    return this.#entries;
  }

  #askPut(): Asked {
    const { random, plain } = this;
    const place = { namespace: this.#namespace(1), key: this.#text() };
    const value = random.chance(0.2) ? null : this.#value();
    const ttl = plain || random.chance(0.6) ? undefined : 1 + random.below(5);
    const write = () => {
      const now = this.clock.now();
      const standing = this.#live().find((entry) => isAt(entry, place));
      this.#entries = this.#entries.filter((entry) => entry !== standing);
      if (value === null) return;
      const expiresAt = ttl === undefined ? Number.POSITIVE_INFINITY : now + ttl * 60_000;
      this.#entries.push({
        ...place,
        value: structuredClone(value),
        createdAt: standing?.createdAt ?? now,
        updatedAt: now,
        ttl,
        expiresAt,
      });
    };
    return { operation: ttl === undefined ? { ...place, value } : { ...place, value, ttl }, check: () => {}, write };
  }

  #askGet(): Asked {
    const place = { namespace: this.#namespace(1), key: this.#text() };
    const refreshTtl = !this.plain && this.random.chance(0.2);
    const check = (result: OperationResult) => {
      const entry = this.#live().find((one) => isAt(one, place));
      if (entry === undefined) return assert.equal(result, null);
      this.#compare([result], [entry]);
    };
    const write = () => this.#refresh(refreshTtl, (entry) => isAt(entry, place));
    return { operation: refreshTtl ? { ...place, refreshTtl } : place, check, write };
  }

  #askSearch(): Asked {
    const { random } = this;
    const prefix = this.#namespace(0);
    const conditions = oneForEachField(Array.from({ length: random.below(3) }, () => this.#condition()));
    const page = this.plain ? { offset: 0, limit: 10_000 } : { offset: random.below(4), limit: random.below(8) };
    const refreshTtl = !this.plain && random.chance(0.1);
    const expected = () => {
      const found = this.#live().filter(
        ({ namespace, value }) => startsWith(namespace, prefix) && conditions.every((one) => meets(value, one)),
      );
      return found.toReversed().slice(page.offset, page.offset + page.limit);
    };
    let returned: Entry[] = [];
    const check = (result: OperationResult) => {
      returned = expected();
      this.#compare(result as Item[], returned);
    };
    const write = () => this.#refresh(refreshTtl, (entry) => returned.some((one) => isAt(one, entry) && one.updatedAt === entry.updatedAt));
    return {
      operation: { namespacePrefix: prefix, filter: filterOf(conditions), ...page, ...(refreshTtl ? { refreshTtl } : {}) },
      check,
      write,
    };
  }

  #askList(): Asked {
    const { random } = this;
    const prefix = random.chance(0.5) ? this.#namespace(0) : undefined;
    const suffix = random.chance(0.3) ? this.#namespace(1) : undefined;
    const maxDepth = random.chance(0.4) ? 1 + random.below(3) : undefined;
    const page = this.plain ? { offset: 0, limit: 10_000 } : { offset: random.below(3), limit: 1 + random.below(10) };
    const matchConditions = [
      ...(prefix === undefined ? [] : [{ matchType: "prefix" as const, path: prefix }]),
      ...(suffix === undefined ? [] : [{ matchType: "suffix" as const, path: suffix }]),
    ];
    const check = (result: OperationResult) => {
      const chosen = this.#live()
        .map(({ namespace }) => namespace)
        .filter(
          (namespace) =>
            startsWith(namespace, prefix ?? []) && startsWith(namespace.slice(namespace.length - (suffix ?? []).length), suffix ?? []),
        )
        .filter((namespace) => namespace.length >= (suffix ?? []).length)
        .map((namespace) => namespace.slice(0, maxDepth));
      const once = [...new Map(chosen.map((namespace) => [JSON.stringify(namespace), namespace])).values()];
      // Simple stores go on listing namespaces that hold nothing any more.
      if (this.plain)
        return assert.deepEqual(
          once.filter((namespace) => !(result as string[][]).some((one) => one.join() === namespace.join())),
          [],
        );
      assert.deepEqual(result, once.sort(byLabels).slice(page.offset, page.offset + page.limit));
    };
    return { operation: { matchConditions, maxDepth, ...page }, check };
  }

  #refresh(isAsked: boolean, isRead: (entry: Entry) => boolean): void {
    if (!isAsked) return;
    for (const entry of this.#live()) if (entry.ttl !== undefined && isRead(entry)) entry.expiresAt = this.clock.now() + entry.ttl * 60_000;
  }

  #compare(items: readonly OperationResult[], entries: readonly Entry[]): void {
    const shown = (items as readonly Item[]).map(({ namespace, key, value, createdAt, updatedAt }) =>
      this.plain ? [namespace, key, value] : [namespace, key, value, createdAt.getTime(), updatedAt.getTime()],
    );
    const expected = entries.map(({ namespace, key, value, createdAt, updatedAt }) =>
      this.plain ? [namespace, key, value] : [namespace, key, value, createdAt, updatedAt],
    );
    if (this.plain) for (const list of [shown, expected]) list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    assert.deepEqual(shown, expected);
  }

  #namespace(least: number): string[] {
    return Array.from({ length: least + this.random.below(3) }, () => this.#text());
  }

  #text(): string {
    return this.random.pick(this.plain || this.random.chance(0.7) ? ["a", "b", "ab"] : HOSTILE_TEXTS.filter((text) => text !== "*"));
  }

  #value(): Record<string, unknown> {
    const { random } = this;
    const fields = Array.from({ length: random.below(4) }, () => [this.#field(), this.#content()] as const);
    return { n: random.below(5), ...Object.fromEntries(fields) };
  }

  #field(): string {
    return this.random.pick(["a", "b", "n", ...(this.plain ? [] : ["__proto__", "$where", "$.a", "x'y\"z"])]);
  }

  #content(): unknown {
    const simple = [0, 1, 2, 3.5, "", "a", "b", null, true, false];
    return this.random.pick(this.plain ? simple : [...simple, [], [1], ["a", { b: 1 }], {}, { a: 1 }, { a: { b: [1] } }]);
  }

  #condition(): Condition {
    const { random } = this;
    const field = this.#field();
    if (this.plain) return [field, "", this.#content()];
    const operator = random.pick(["", "$eq", "$ne", "$in", "$nin", "$gt", "$gte", "$lt", "$lte"]);
    if (operator === "$in" || operator === "$nin") return [field, operator, [this.#content(), this.#content()]];
    return [field, operator, operator.startsWith("$g") || operator.startsWith("$l") ? random.pick([0, 1, 2, "a"]) : this.#content()];
  }
}

function isAt(entry: Pick<Entry, "namespace" | "key">, place: Pick<Entry, "namespace" | "key">): boolean {
  return entry.key === place.key && isDeepStrictEqual(entry.namespace, place.namespace);
}

function startsWith(namespace: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((label, at) => namespace[at] === label);
}

function oneForEachField(conditions: readonly Condition[]): Condition[] {
  return [...new Map(conditions.map((condition) => [condition[0], condition])).values()];
}

function filterOf(conditions: readonly Condition[]): Record<string, unknown> {
  return Object.fromEntries(conditions.map(([field, operator, operand]) => [field, operator === "" ? operand : { [operator]: operand }]));
}

function meets(value: Record<string, unknown>, [field, operator, operand]: Condition): boolean {
  const content = Object.hasOwn(value, field) ? value[field] : undefined;
  const isOneOf = () => (operand as unknown[]).some((one) => isDeepStrictEqual(content, one));
  switch (operator) {
    case "$ne":
      return !isDeepStrictEqual(content, operand);
    case "$in":
      return isOneOf();
    case "$nin":
      return !isOneOf();
    case "":
    case "$eq":
      return isDeepStrictEqual(content, operand);
  }
  if (typeof content !== typeof operand) return false;
  const [a, b] = [content as number, operand as number];
  return operator === "$gt" ? a > b : operator === "$gte" ? a >= b : operator === "$lt" ? a < b : a <= b;
}

function byLabels(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((label, index) => label !== b[index]);
  if (at < 0) return a.length - b.length;
  return b[at] === undefined || a[at]! > b[at]! ? 1 : -1;
}
