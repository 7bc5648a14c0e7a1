import { CheckpointError, hash128 } from "@holdpoint/checkpoint";

/** The schema that holds all that this package stores. */
export interface SchemaName {
  readonly name: string;
  /** As it stands in a statement. */
  readonly quoted: string;
  /** Channel on which its changes are told. */
  readonly channel: string;
}

// The channel holds the name, and PostgreSQL cuts names after 63 bytes.
const USABLE = /^[a-zA-Z_][a-zA-Z0-9_]{0,49}$/;
/** These belong to everyone, or to PostgreSQL: our plain table names would meet others there. */
const RESERVED = /^(public|information_schema|pg_.*)$/i;

/** @throws CheckpointError INVALID_ARGUMENT if the name cannot be that of a schema of our own. */
export function schemaName(name: string): SchemaName {
  if (typeof name === "string" && USABLE.test(name) && !RESERVED.test(name)) {
    return { name, quoted: `"${name}"`, channel: `holdpoint_${name}` };
  }
  throw new CheckpointError(
    "INVALID_ARGUMENT",
    'schema must be a name of a schema of its own: letters, digits and "_", at most 50, not "public" and not "pg_…".',
  );
}

/**
 * Key of an advisory lock, as PostgreSQL takes it: a number of 64 bits. Two texts may share one, and then wait for each other without need.
 * @param part what the schema has many of, such as a thread
 */
export function lockKey(schema: SchemaName, kind: "thread" | "journal" | "setup", part = ""): string {
  const hash = hash128(`holdpoint ${kind} ${schema.name} ${part}`);
  return BigInt.asIntN(64, BigInt(`0x${hash.slice(0, 16)}`)).toString();
}
