// What our types cost whoever uses them. The compiler's counts are the same on every machine; a bound that is exceeded by a change for the
// better may be raised, knowingly. CONTRIBUTING.md says how to find what costs.
import { describe, expect, it } from "vitest";
import { countTypes } from "../benchmarks/figures/count-types.js";

const instantiations = (file: string) => countTypes(file).instantiations;

describe("instantiations", () => {
  const shared = instantiations("shared-part");

  it("of a graph with an agent in it, beside what LangChain's own types take", () => {
    expect(instantiations("holdpoint-agent") - shared).toBeLessThan(1_700);
  });

  it("of a graph", () => {
    expect(instantiations("holdpoint-graph")).toBeLessThan(1_600);
  });
});
