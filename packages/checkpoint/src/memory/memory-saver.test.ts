import { describe, it } from "vitest";
import { describeConformance, placedSerializer } from "../conformance/index.js";
import { MemorySaver } from "./memory-saver.js";

describeConformance({ describe, it }, { name: "MemorySaver", create: () => new MemorySaver() });

const serializer = placedSerializer();
describeConformance(
  { describe, it },
  { name: "MemorySaver that says where its data stands", create: () => new MemorySaver({ serializer }), serializer },
);
