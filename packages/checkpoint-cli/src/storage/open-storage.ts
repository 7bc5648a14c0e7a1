import { existsSync } from "node:fs";
import { CheckpointError, type CheckpointSaver, encryptedSerializer, MemorySaver, type Serializer } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { CliError } from "../cli-error.js";
import { readKeys } from "./read-keys.js";

/** A saver with what the commands need of it. */
export type Storage = CheckpointSaver &
  Required<Pick<CheckpointSaver, "copyThread" | "exportThread" | "importThread" | "listInterrupts" | "prune" | "readJournal" | "stats">>;

export interface OpenedStorage {
  readonly saver: Storage;
  /** The serializer, where it is not the default one. */
  readonly serializer: Serializer | undefined;
  /** Where it is, without a password. */
  readonly name: string;
  close(): Promise<void>;
}

export interface StorageOptions {
  /** What a file that is not there means: a mistake (the default), a new database, or one that is only looked at as if it were there and empty. */
  readonly absent?: "refuse" | "create" | "empty";
  /** File that holds the keys of an encrypted storage. */
  readonly keys?: string | undefined;
}

/** Opens a SQLite file by its path, or a PostgreSQL database by its URL. @throws CliError, CheckpointError */
export async function openStorage(where: string, { absent = "refuse", keys }: StorageOptions = {}): Promise<OpenedStorage> {
  const serializer = keys === undefined ? undefined : encryptedSerializer({ keys: readKeys(keys) });
  if (/^postgres(ql)?:\/\//.test(where)) return openPostgres(where, serializer);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(where)) {
    throw new CliError("A storage is the path of a SQLite file, or a URL that begins with postgres://.", 2);
  }
  if (absent !== "create" && !existsSync(where)) {
    if (absent === "empty") return { saver: new MemorySaver(), serializer, name: where, close: async () => undefined };
    // A path with a typing error must not become a new, empty database.
    throw new CliError(`There is no file ${JSON.stringify(where)}.`);
  }
  const saver = SqliteSaver.fromConnString(where, { serializer });
  return { saver, serializer, name: where, close: async () => saver.close() };
}

async function openPostgres(url: string, serializer: Serializer | undefined): Promise<OpenedStorage> {
  const { PostgresSaver } = await loadPostgres();
  const saver = PostgresSaver.fromConnString(url, { serializer });
  return { saver, serializer, name: withoutPassword(url), close: () => saver.end() };
}

async function loadPostgres(): Promise<typeof import("@holdpoint/checkpoint-postgres")> {
  try {
    return await import("@holdpoint/checkpoint-postgres");
  } catch (error) {
    if (CheckpointError.is(error)) throw error;
    throw new CliError(
      "A PostgreSQL database needs the package @holdpoint/checkpoint-postgres. Install it: npm install @holdpoint/checkpoint-postgres",
    );
  }
}

function withoutPassword(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return "postgres://…";
  }
}
