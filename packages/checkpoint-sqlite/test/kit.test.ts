// The kit's crash and concurrency cases notice savers that break a promise.
import { concurrencyConformance, crashConformance, type RunnableCase } from "@holdpoint/checkpoint/conformance";
import { describe, expect, it } from "vitest";
import { newFile } from "./new-file.js";

const brokenBy = (name: string) => ({
  name,
  open: { module: new URL("broken-savers.mjs", import.meta.url), export: name },
  create: () => [newFile()],
});

async function failureOf(cases: readonly RunnableCase[], name: RegExp): Promise<string> {
  const found = cases.find((one) => name.test(one.name));
  if (found === undefined) throw new Error(`There is no case like ${String(name)}.`);
  return found.run().then(
    () => "passed",
    (error: Error) => error.message,
  );
}

describe("the kit notices a saver that", () => {
  it.each([
    ["acknowledgesEarly", /at every boundary/, /acknowledged.*gone|of step/],
    ["writesOneByOne", /in the middle/, /writes of .* by halves/],
    ["decidesOneByOne", /in the middle/, /decisions of step \d+ are there by halves/],
    ["journalsLater", /in the middle/, /journal entries differ/],
  ])("%s", async (name, which, message) => {
    expect(await failureOf(crashConformance(brokenBy(name)), which)).toMatch(message);
  });

  it.each([
    ["looksThenDecides", /the same questions/, /decided question/],
    ["leasesToAll", /take one thread/, /EEXIST/],
  ])("%s, in a race", async (name, which, message) => {
    expect(await failureOf(concurrencyConformance(brokenBy(name)), which)).toMatch(message);
  });

  it("cannot be opened", async () => {
    const cases = crashConformance({ ...brokenBy("SqliteSaver.openAnything") });
    expect(await failureOf(cases, /at every/)).toMatch(/exports no function SqliteSaver\.openAnything\. It has: acknowledgesEarly/);
  });
});
