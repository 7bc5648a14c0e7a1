// Runs turbo with its telemetry off (turbo.json has no setting for that, only the environment does), and npm without a report of its
// own on each failed script, so that the compiler's message is what one reads.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const packageFile = createRequire(import.meta.url).resolve("turbo/package.json");
const { status } = spawnSync(process.execPath, [join(dirname(packageFile), "bin", "turbo"), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, DO_NOT_TRACK: "1", TURBO_TELEMETRY_DISABLED: "1", npm_config_loglevel: "silent" },
});
process.exit(status ?? 1);
