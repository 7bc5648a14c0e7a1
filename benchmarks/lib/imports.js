import { execFileSync } from "node:child_process";
import { median } from "./measure.js";

/** Milliseconds that `import(name)` takes in a new process, for each name, measured in turns. */
export function measureImports(names, rounds) {
  const script = (name) =>
    `const start = performance.now(); await import(${JSON.stringify(name)}); console.log(performance.now() - start);`;
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", script(name)], {
        encoding: "utf8",
        cwd: new URL("..", import.meta.url),
      });
      times[name].push(Number(printed));
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])]));
}
