// LangGraph's own validation of checkpointers, on our savers.
import { createRequire } from "node:module";
import { type CheckpointSaver, MemorySaver } from "@holdpoint/checkpoint";
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { toLangGraphSaver } from "@holdpoint/prebuilt/langgraph";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

/** What our savers do otherwise, on purpose. A case that passes after all is a failure: take it off the list. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "should only store channel_values that have changed (based on newVersions)":
    "newVersions without a channel that has a value is a contradiction, and we keep the value: losing it would be worse. " +
    "LangGraph's own MemorySaver and SqliteSaver are let off this case too.",
};

/** The suite's `it`, apart from the listed cases, which must fail. */
const listed = Object.assign(
  (name: string, ...rest: [() => Promise<void>]) =>
    name in OTHERWISE ? it.fails(`${name} [otherwise: ${OTHERWISE[name]}]`, ...rest) : it(name, ...rest),
  { each: it.each.bind(it), skip: it.skip },
);

// The suite takes the functions of the test runner from the global scope.
for (const [name, value] of Object.entries({ describe, it: listed, expect, beforeAll, beforeEach, afterAll, afterEach })) {
  vi.stubGlobal(name, value);
}
type Suite = typeof import("@langchain/langgraph-checkpoint-validation");
const { validate, deltaChannelHistoryTests }: Suite = createRequire(import.meta.url)("@langchain/langgraph-checkpoint-validation");

const SAVERS: readonly [name: string, open: () => CheckpointSaver & { close?(): void }][] = [
  ["Holdpoint's MemorySaver", () => new MemorySaver()],
  ["Holdpoint's SqliteSaver", () => SqliteSaver.fromConnString(":memory:")],
];
for (const [checkpointerName, open] of SAVERS) {
  const opened: { close?(): void }[] = [];
  const initializer = {
    checkpointerName,
    createCheckpointer: () => {
      const saver = open();
      opened.push(saver);
      return toLangGraphSaver(saver);
    },
    destroyCheckpointer: () => opened.pop()?.close?.(),
  };
  validate(initializer);
  deltaChannelHistoryTests(initializer);
}
