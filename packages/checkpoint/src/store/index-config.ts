/** What turns texts into vectors: LangChain's `Embeddings` fit. */
export interface StoreEmbeddings {
  embedQuery(text: string): Promise<readonly number[]>;
  /** One vector for each text, in their order. */
  embedDocuments(texts: string[]): Promise<readonly (readonly number[])[]>;
}

/** How documents are found by what they mean. */
export interface IndexConfig {
  /** Length of the vectors. */
  readonly dims: number;
  readonly embeddings: StoreEmbeddings;
  /**
   * Paths of the texts in a value that stand for the document, unless its `put` says others: "title", "author.name", "chapters[*].text", "tags[0]",
   * "tags[-1]". Default `["$"]`: the whole value as one text, in JSON.
   */
  readonly fields?: readonly string[];
}
