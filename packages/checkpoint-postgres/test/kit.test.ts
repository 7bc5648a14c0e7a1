import { describeConcurrencyConformance, describeCrashConformance } from "@holdpoint/checkpoint/conformance";
import { describe, it } from "vitest";
import { newSchema, sharedServer } from "./shared-server.js";

const storage = {
  name: "PostgresSaver",
  open: { module: new URL("../dist/index.js", import.meta.url), export: "PostgresSaver.fromConnString" },
  create: async () => [await sharedServer(), { schema: newSchema() }],
};

describeCrashConformance({ describe, it }, { ...storage, deaths: 20 });
describeConcurrencyConformance({ describe, it }, storage);
