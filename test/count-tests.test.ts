import { describe, expect, it } from "vitest";
import { addCounts, closingLine, countTests } from "../scripts/count-tests.js";

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((each) => ({ status: each })) });

describe("the closing line of a run", () => {
  it("counts tests of all files", () => {
    const report = { testResults: [file("passed", "passed", "skipped"), file("failed", "passed", "failed"), file("passed", "todo")] };
    expect(closingLine(countTests(report, false))).toBe("2 passed, 1 failed, 2 skipped");
  });

  it("counts a file that did not load as a failure", () => {
    expect(closingLine(countTests({ testResults: [file("failed"), file("passed", "passed")] }, false))).toBe("1 passed, 1 failed");
  });

  it("counts a failure outside of every test", () => {
    expect(closingLine(countTests({ testResults: [file("passed", "passed")] }, false))).toBe("1 passed, 1 failed");
  });

  it("counts a runner that died without a report", () => {
    expect(closingLine(countTests(undefined, false))).toBe("0 passed, 1 failed");
  });

  it("counts several runs together", () => {
    const runs = [countTests({ testResults: [file("passed", "passed", "skipped")] }, true), countTests(undefined, false)];
    expect(closingLine(addCounts([...runs, ...runs]))).toBe("2 passed, 2 failed, 2 skipped");
  });

  it("says nothing of skipped tests when there are none", () => {
    expect(closingLine(countTests({ testResults: [file("passed", "passed")] }, true))).toBe("1 passed, 0 failed");
  });
});
