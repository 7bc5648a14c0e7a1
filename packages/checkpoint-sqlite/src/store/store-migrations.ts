/**
 * Changes of the store's schema, in order: append only. They are numbered apart from those of the saver, with which the store may share a file.
 *
 * A document gets a new `pk` with every put, so that these are in the order of the puts. `namespace` is the text of `toNamespaceText`, which begins with
 * that of every prefix; `duration` (milliseconds) and `expires` are null for what is kept for ever.
 */
export const STORE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE holdpoint_document (
    pk INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    duration INTEGER,
    expires INTEGER,
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    data NOT NULL
  );
  CREATE UNIQUE INDEX holdpoint_document_by_key ON holdpoint_document (namespace, key);
  CREATE INDEX holdpoint_document_by_expiry ON holdpoint_document (expires) WHERE expires IS NOT NULL;
  `,
];
