import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { describeConformance, placedSerializer } from "@holdpoint/checkpoint/conformance";
import { describe, it } from "vitest";
import { newFile } from "../test/new-file.js";
import type { SqliteHandle } from "./sqlite-handle.js";
import { SqliteSaver } from "./sqlite-saver.js";

const files: string[] = [];

describeConformance(
  { describe, it },
  {
    name: "SqliteSaver on a file",
    create: () => {
      files.push(newFile());
      return SqliteSaver.fromConnString(files.at(-1)!);
    },
    dispose: (saver) => {
      (saver as SqliteSaver).close();
      rmSync(files.pop()!, { force: true });
    },
  },
);

describeConformance(
  { describe, it },
  {
    name: "SqliteSaver in memory",
    create: () => SqliteSaver.fromConnString(":memory:"),
    dispose: (saver) => (saver as SqliteSaver).close(),
  },
);

const serializer = placedSerializer();
describeConformance(
  { describe, it },
  {
    name: "SqliteSaver that says where its data stands",
    create: () => SqliteSaver.fromConnString(":memory:", { serializer }),
    dispose: (saver) => (saver as SqliteSaver).close(),
    serializer,
  },
);

/** Handles that an application may have open already. */
const HANDLES: [string, (new (path: string) => SqliteHandle) | undefined][] = [
  ["libsql", createRequire(import.meta.url)("libsql")],
  ["node:sqlite", (process.getBuiltinModule?.("node:sqlite" as "fs") as { DatabaseSync?: never } | undefined)?.DatabaseSync],
];

for (const [name, Handle] of HANDLES) {
  if (Handle === undefined) continue;
  describeConformance(
    { describe, it },
    {
      name: `SqliteSaver on a handle of ${name}`,
      create: () => new SqliteSaver(new Handle(":memory:")),
      dispose: (saver) => (saver as SqliteSaver).close(),
    },
  );
}
