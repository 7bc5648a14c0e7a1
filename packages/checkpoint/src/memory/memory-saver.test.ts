import { describe, it } from "vitest";
import { describeConformance } from "../conformance/index.js";
import { MemorySaver } from "./memory-saver.js";

describeConformance({ describe, it }, { name: "MemorySaver", create: () => new MemorySaver() });
