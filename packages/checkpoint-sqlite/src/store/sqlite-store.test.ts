import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { encryptedSerializer } from "@holdpoint/checkpoint";
import { describeStoreConformance } from "@holdpoint/checkpoint/conformance";
import { describe, it } from "vitest";
import { newFile } from "../../test/new-file.js";
import type { SqliteHandle } from "../sqlite-handle.js";
import { SqliteSaver } from "../sqlite-saver.js";
import { SqliteStore } from "./sqlite-store.js";

const files: string[] = [];

describeStoreConformance(
  { describe, it },
  {
    name: "SqliteStore on a file",
    create: (options) => {
      files.push(newFile());
      return SqliteStore.fromConnString(files.at(-1)!, options);
    },
    dispose: (store) => {
      (store as SqliteStore).close();
      rmSync(files.pop()!, { force: true });
    },
  },
);

const serializer = encryptedSerializer({ keys: { current: "one", keys: { one: randomBytes(32) } } });
describeStoreConformance(
  { describe, it },
  {
    name: "SqliteStore with encryption",
    create: (options) => SqliteStore.fromConnString(":memory:", { ...options, serializer }),
    dispose: (store) => (store as SqliteStore).close(),
  },
);

/** Handles that an application may have open already, for its saver too. */
const HANDLES: [string, (new (path: string) => SqliteHandle) | undefined][] = [
  ["libsql", createRequire(import.meta.url)("libsql")],
  ["node:sqlite", (process.getBuiltinModule?.("node:sqlite" as "fs") as { DatabaseSync?: never } | undefined)?.DatabaseSync],
];

for (const [name, Handle] of HANDLES) {
  if (Handle === undefined) continue;
  describeStoreConformance(
    { describe, it },
    {
      name: `SqliteStore on a handle of ${name} that a saver has`,
      create: (options) => {
        const handle = new Handle(":memory:");
        new SqliteSaver(handle);
        return new SqliteStore(handle, options);
      },
      dispose: (store) => (store as SqliteStore).close(),
    },
  );
}
