// Who looks after a database of thousands of threads has to find the one that is damaged: errors name it, and nothing of what is saved in it.
import { tellDamage } from "@holdpoint/checkpoint/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresSaver } from "../src/index.js";
import { newSchema, sharedServer } from "./shared-server.js";

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await sharedServer() });
});
afterAll(() => pool.end());

it("names thread, namespace and checkpoint of what it cannot read", async () => {
  const { told, ids } = await tellDamage((serializer) => new PostgresSaver(pool, { schema: newSchema(), serializer }));
  const names = Object.keys(told);
  for (const part of ["checkpoint", "metadata", "write", "decision"]) {
    expect(names).toContain(`${part}, getTuple`);
    expect(names).toContain(`${part}, list`);
    expect(names).toContain(`${part}, exportThread`);
  }
  expect(names).toContain("question, listInterrupts");
  expect(names).toContain("journal, readJournal");
  expect(names).toContain("decision, recordDecisions");
  for (const [name, { code, message, place }] of Object.entries(told)) {
    expect([name, code]).toEqual([name, "CORRUPT_DATA"]);
    expect(message).not.toContain("hidden");
    if (name === "journal, readJournal") expect(place).toEqual({ threadId: "t" });
    else expect([name, place]).toEqual([name, { threadId: "t", ns: "", checkpointId: expect.any(String) }]);
  }
  expect(told["base, getTuple"]?.place).toEqual({ threadId: "t", ns: "", checkpointId: ids[0] });
});
