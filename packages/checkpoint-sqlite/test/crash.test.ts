import { describeCrashConformance } from "@holdpoint/checkpoint/conformance";
import { describe, it } from "vitest";
import { newFile } from "./new-file.js";

describeCrashConformance(
  { describe, it },
  {
    name: "SqliteSaver",
    open: { module: new URL("../dist/index.js", import.meta.url), export: "SqliteSaver.fromConnString" },
    create: () => [newFile()],
  },
);
