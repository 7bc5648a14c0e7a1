import { CheckpointError } from "../checkpoint-error.js";
import type { IndexConfig } from "./index-config.js";
import type { ResolvedOperation } from "./resolve-operation.js";
import { textsAtPath } from "./texts-at-path.js";

/** A vector of length 1, or of zeros. */
export type Direction = readonly number[];

/** What a batch needs of the embeddings. */
export interface Embedded {
  /** The vectors of each put, in its place among the operations. */
  readonly documents: readonly (readonly Direction[])[];
  /** By the query's text. */
  readonly queries: ReadonlyMap<string, Direction>;
}

/** Turns what is put and what is asked for into vectors. */
export class VectorIndex {
  readonly #config: IndexConfig;
  readonly #fields: readonly string[];

  /** @throws CheckpointError INVALID_ARGUMENT */
  constructor(config: IndexConfig) {
    if (!Number.isSafeInteger(config.dims) || config.dims < 1) {
      throw new CheckpointError("INVALID_ARGUMENT", "index.dims must be a whole number from 1 up: the length of the vectors.");
    }
    this.#config = config;
    this.#fields = config.fields ?? ["$"];
    for (const path of this.#fields) textsAtPath(path);
  }

  /** @throws CheckpointError INVALID_ARGUMENT if a path is none, or a vector has another length; and whatever the embeddings throw */
  async embed(operations: readonly ResolvedOperation[]): Promise<Embedded> {
    const texts = operations.map((operation) => this.#textsOf(operation));
    const queries = [...new Set(operations.flatMap((operation) => (operation.kind === "search" ? (operation.query ?? []) : [])))];
    const { embeddings } = this.#config;
    const all = [...new Set(texts.flat())];
    const [documents, asked] = await Promise.all([
      all.length === 0 ? [] : embeddings.embedDocuments(all),
      Promise.all(queries.map((query) => embeddings.embedQuery(query))),
    ]);
    const directions = new Map(all.map((text, at) => [text, this.#direction(documents[at])]));
    return {
      documents: texts.map((list) => list.map((text) => directions.get(text)!)),
      queries: new Map(queries.map((query, at) => [query, this.#direction(asked[at])])),
    };
  }

  #textsOf(operation: ResolvedOperation): string[] {
    if (operation.kind !== "put" || operation.index === false) return [];
    const paths = operation.index ?? this.#fields;
    return paths.flatMap((path) => textsAtPath(path)(operation.value));
  }

  #direction(vector: readonly number[] | undefined): Direction {
    if (vector?.length !== this.#config.dims) {
      throw new CheckpointError(
        "INVALID_ARGUMENT",
        `The embeddings gave a vector of ${vector?.length ?? 0} numbers, but index.dims is ${this.#config.dims}. Set it to what the model gives.`,
      );
    }
    const length = Math.sqrt(dot(vector, vector));
    return length === 0 ? vector : vector.map((part) => part / length);
  }
}

/** Cosine of the angle to the nearest of the vectors; undefined if there are none. */
export function similarity(query: Direction, vectors: readonly Direction[]): number | undefined {
  if (vectors.length === 0) return undefined;
  return vectors.reduce((nearest, vector) => Math.max(nearest, dot(query, vector)), -1);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
