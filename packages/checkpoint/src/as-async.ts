/** Hands out what a generator yields, as an async iterator does: one promise each, where an `async` generator around it makes several. */
export function asAsync<T>(generator: Generator<T, void, undefined>): AsyncIterableIterator<T> {
  return {
    // What the generator throws rejects the promise.
    async next() {
      return generator.next() as IteratorResult<T, undefined>;
    },
    async return() {
      generator.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
