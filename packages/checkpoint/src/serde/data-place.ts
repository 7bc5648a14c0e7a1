/**
 * Says where a piece of saved data belongs. Savers hand it to their serializer with each piece: one that encrypts binds the data to its place, so
 * that a piece which was moved elsewhere in the storage does not open. The default serializer does not look at it.
 */
export interface DataPlace {
  readonly part: "checkpoint" | "metadata" | "write" | "decision" | "question" | "journal" | "document";
  /** The thread; of a long-term store's document, its namespace as JSON text. */
  readonly threadId: string;
  readonly ns?: string;
  readonly checkpointId?: string;
  /**
   * Tells apart the pieces of one part, and holds what else gives the data its meaning: the base of a checkpoint that is stored as a change; task,
   * index and channel of a write; the interrupt of a decision or question; time and kind of a journal's entry; key of a document.
   */
  readonly item?: string;
}
