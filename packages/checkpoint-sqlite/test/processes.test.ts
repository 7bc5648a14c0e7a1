import { checkpointId } from "@holdpoint/checkpoint";
import { describeConcurrencyConformance } from "@holdpoint/checkpoint/conformance";
import { describe, expect, it } from "vitest";
import { SqliteSaver } from "../src/index.js";
import { newFile } from "./new-file.js";
import { startChild } from "./start-child.js";
import { toSchemaOne } from "./to-schema-one.js";

describeConcurrencyConformance(
  { describe, it },
  {
    name: "SqliteSaver",
    open: { module: new URL("../dist/index.js", import.meta.url), export: "SqliteSaver.fromConnString" },
    create: () => [newFile()],
  },
);

describe("several processes on one file", () => {
  it("bring a database of the first schema up to date together, once", async () => {
    const file = newFile();
    const saver = SqliteSaver.fromConnString(file);
    const config = { configurable: { thread_id: "old", checkpoint_id: checkpointId() } };
    await saver.putWrites(config, [["__interrupt__", [{ id: "q", value: 1, ns: [] }]]], "task");
    saver.close();
    toSchemaOne(file);
    const time = String(Date.now() + 1500);
    const children = ["a", "b", "c", "d"].map((name) => startChild(["branch", file, name, time, "10"]));
    expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0, 0]);
    const after = SqliteSaver.fromConnString(file);
    expect((await after.listInterrupts()).items).toMatchObject([{ id: "q", threadId: "old", status: "pending" }]);
    after.close();
  });
});
