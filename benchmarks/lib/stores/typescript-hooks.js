// Lets the benchmarks import the tests' PostgreSQL server, which is TypeScript, as it is.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "rolldown/utils";

const TESTS = new URL("../../../packages/checkpoint-postgres/test/", import.meta.url).href;

export async function resolve(specifier, context, next) {
  const isOurs = context.parentURL?.startsWith(TESTS) && specifier.startsWith(".") && specifier.endsWith(".js");
  return next(isOurs ? specifier.replace(/\.js$/, ".ts") : specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith(TESTS) || !url.endsWith(".ts")) return next(url, context);
  const file = fileURLToPath(url);
  const { code, errors } = await transform(file, await readFile(file, "utf8"));
  if (errors.length > 0) throw new Error(`${file} cannot be compiled: ${errors[0].message}`);
  return { format: "module", source: code, shortCircuit: true };
}
