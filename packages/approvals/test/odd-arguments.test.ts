// Plain JavaScript may bring anything. What cannot be meant is an error with a code, and a misspelt option is one that was not given.
import { rawFailures } from "@holdpoint/checkpoint/testing";
import { Annotation, interrupt, MemorySaver, START, StateGraph } from "@holdpoint/core";
import { describe, expect, it } from "vitest";
import {
  ApprovalError,
  createApprovals,
  createInbox,
  exportAudit,
  readAudit,
  readExport,
  sweepExpired,
  verifyAudit,
} from "../src/index.js";

const saver = new MemorySaver();
const rule = { name: "all", approvers: "anyone" as const };
const graph = new StateGraph(Annotation.Root({ a: Annotation<unknown>() }))
  .addNode("ask", () => ({ a: interrupt("?") }))
  .addEdge(START, "ask")
  .compile({ checkpointer: saver, approvals: createApprovals({ rules: [rule] }) });
await graph.invoke({}, { configurable: { thread_id: "odd" } });

it("nothing fails inside", async () => {
  const calls: Record<string, (odd: never) => unknown> = {
    "createApprovals(x)": (odd) => createApprovals(odd),
    "createApprovals({ rules: x })": (odd) => createApprovals({ rules: odd }),
    "createApprovals({ rules: [x] })": (odd) => createApprovals({ rules: [odd] }),
    "createInbox(x)": (odd) => createInbox(odd),
    "createInbox(saver, x)": (odd) => createInbox(saver, odd),
    "inbox.list(x)": (odd) => createInbox(saver).list(odd),
    "inbox.all(x)": (odd) => createInbox(saver).all(odd),
    "readAudit(x)": (odd) => readAudit(odd),
    "readAudit(saver, x)": (odd) => readAudit(saver, odd),
    "exportAudit(x)": (odd) => exportAudit(odd),
    "exportAudit(saver, x)": (odd) => exportAudit(saver, odd),
    "readExport(x)": (odd) => readExport(odd),
    "readExport([x])": (odd) => readExport([odd]),
    "readExport(lines, x)": (odd) => readExport(['{"hash":"","stored":"1","threadId":"t","at":"","kind":""}\n'], odd),
    "verifyAudit(x)": (odd) => verifyAudit(odd),
    "verifyAudit([x])": (odd) => verifyAudit([odd]),
    "verifyAudit(saver, x)": (odd) => verifyAudit(saver, odd),
    "verifyAudit(saver, { heads: x })": (odd) => verifyAudit(saver, { heads: odd }),
    "sweepExpired(x)": (odd) => sweepExpired(odd),
    "sweepExpired({ graph: x })": (odd) => sweepExpired({ graph: odd }),
    "ApprovalError.is(x)": (odd) => ApprovalError.is(odd),
  };
  for (const key of ["name", "when", "approvers", "quorum", "separateDuties", "rejects", "denial", "expiresIn", "remindBefore", "onExpiry"])
    calls[`a rule's ${key} x`] = (odd) => createApprovals({ rules: [{ ...rule, [key]: odd }] });
  for (const key of ["requester", "notify", "now"])
    calls[`createApprovals({ ${key}: x })`] = (odd) => createApprovals({ rules: [rule], [key]: odd });
  for (const key of ["threadId", "by", "kind", "since", "until", "after", "limit"])
    calls[`readAudit(saver, { ${key}: x })`] = (odd) => readAudit(saver, { [key]: odd });
  for (const key of ["status", "threadId", "graph", "assignee", "expiresBefore", "before", "limit", "order"])
    calls[`inbox.list({ ${key}: x })`] = (odd) => createInbox(saver).list({ [key]: odd });
  for (const key of ["saver", "config", "limit", "signal"])
    calls[`sweepExpired({ ${key}: x })`] = (odd) => sweepExpired({ graph, [key]: odd });
  expect(await rawFailures(calls)).toEqual([]);
});

describe.each([
  ["createApprovals", (options: object) => createApprovals({ rules: [rule], ...options }), { requestor: () => "ann" }, "requester"],
  ["a rule", (options: object) => createApprovals({ rules: [{ ...rule, ...options }] }), { approver: "anyone" }, "approvers"],
  ["a rule's when", (when: object) => createApprovals({ rules: [{ ...rule, when } as never] }), { actions: "refund" }, "action"],
  ["createInbox", (options: object) => createInbox(saver, options), { Now: () => new Date() }, "now"],
  ["inbox.list", (query: object) => createInbox(saver).list(query), { assigne: "ann" }, "assignee"],
  ["readAudit", (query: object) => readAudit(saver, query).next(), { thread_id: "t" }, "threadId"],
  ["verifyAudit", (options: object) => verifyAudit(saver, options), { head: {} }, "heads"],
  ["sweepExpired", (options: object) => sweepExpired({ graph, ...options }), { limits: 5 }, "limit"],
])("%s", (_, call, options, meant) => {
  it(`tells of ${meant} where it is misspelt`, async () => {
    const refused = (async () => call(options))();
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(`did you mean ${meant}?`) });
    await expect(refused).rejects.toHaveProperty("code");
  });
});
