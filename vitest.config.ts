import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The durability mode of runs that name none, in this run of the suite: "sync" unless the environment says another one. */
const durability = process.env.HOLDPOINT_TEST_DURABILITY ?? "sync";
if (!["sync", "async", "exit"].includes(durability)) throw new Error(`HOLDPOINT_TEST_DURABILITY is "${durability}": no such mode.`);

// In-process tests read the packages' sources; tests that start child processes use the built `dist`.
export default defineConfig({
  plugins: [
    {
      name: "default-durability",
      enforce: "pre",
      transform: (code, id) =>
        id.endsWith("core/src/pregel/model/default-durability.ts") ? code.replace('"sync"', JSON.stringify(durability)) : undefined,
    },
  ],
  resolve: {
    alias: [
      { find: "@holdpoint/checkpoint/conformance", replacement: at("packages/checkpoint/src/conformance/index.ts") },
      { find: "@holdpoint/prebuilt/langgraph", replacement: at("packages/prebuilt/src/langgraph/index.ts") },
      {
        find: /^@holdpoint\/(approvals|checkpoint|checkpoint-cli|checkpoint-postgres|checkpoint-sqlite|core|prebuilt)$/,
        replacement: at("packages/$1/src/index.ts"),
      },
    ],
  },
  test: {
    include: ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["test/fixed-seed.ts", "test/durability/in-child-processes.ts"],
    // All cores: the slow files wait for child processes most of the time.
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
