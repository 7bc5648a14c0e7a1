import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// In-process tests read the packages' sources; tests that start child processes use the built `dist`.
export default defineConfig({
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
    setupFiles: ["test/fixed-seed.ts"],
    // All cores: the slow files wait for child processes most of the time.
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
