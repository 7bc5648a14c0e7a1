// Ends a PostgreSQL server of the tests, and removes its folder, once the process that wanted it is gone, however that ended.
// node watchdog.mjs <process to watch> <folder> <more to remove…>
import { readFileSync, rmSync } from "node:fs";

const [, , watched, folder, ...more] = process.argv;

/** Sends a signal, or 0 to ask whether the process is there. */
const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};

const serverOf = (data) => {
  try {
    return Number(readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]);
  } catch {
    return undefined;
  }
};

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const isThere = () => {
  try {
    readFileSync(`${folder}/watched`);
    return true;
  } catch {
    return false;
  }
};

while (isThere() && send(Number(watched), 0)) await sleep(300);
const server = serverOf(`${folder}/data`);
if (server !== undefined && send(server, "SIGQUIT")) {
  for (let n = 0; n < 50 && send(server, 0); n++) await sleep(100);
}
for (const path of [folder, ...more]) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
