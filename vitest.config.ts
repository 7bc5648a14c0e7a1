import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The durability mode of runs that name none, in this run of the suite. Without it: all tests, in "sync". */
const durability = process.env.HOLDPOINT_TEST_DURABILITY;
if (durability !== undefined && !["sync", "async", "exit"].includes(durability))
  throw new Error(`HOLDPOINT_TEST_DURABILITY is "${durability}": no such mode.`);

const everyTest = ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts", "test/**/*.test.ts"];
/** Tests that run graphs by the default mode; but for those that see to all three by themselves, and those of what the demo shows. */
const testsOfRuns = [
  "packages/{core,prebuilt,approvals}/test/!(crash|types)/**/*.test.ts",
  "packages/approvals/test/*.test.ts",
  "packages/checkpoint-postgres/test/processes.test.ts",
  "apps/demo/test/kill.test.ts",
];

// In-process tests read the packages' sources; tests that start child processes use the built `dist`.
export default defineConfig({
  plugins: [
    {
      name: "default-durability",
      enforce: "pre",
      transform: (code, id) =>
        durability !== undefined && id.endsWith("core/src/pregel/model/default-durability.ts")
          ? code.replace('"sync"', JSON.stringify(durability))
          : undefined,
    },
  ],
  resolve: {
    alias: [
      { find: "@holdpoint/checkpoint/conformance", replacement: at("packages/checkpoint/src/conformance/index.ts") },
      { find: "@holdpoint/checkpoint/testing", replacement: at("packages/checkpoint/src/testing/index.ts") },
      { find: "@holdpoint/prebuilt/langgraph", replacement: at("packages/prebuilt/src/langgraph/index.ts") },
      {
        find: /^@holdpoint\/(approvals|checkpoint|checkpoint-cli|checkpoint-postgres|checkpoint-sqlite|core|prebuilt)$/,
        replacement: at("packages/$1/src/index.ts"),
      },
    ],
  },
  test: {
    include: durability === undefined ? everyTest : testsOfRuns,
    setupFiles: ["test/fixed-seed.ts", "test/durability/in-child-processes.ts"],
    // All cores: the slow files wait for child processes most of the time.
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
