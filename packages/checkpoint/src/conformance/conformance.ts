import type { Serializer } from "../serde/serializer.js";
import type { CheckpointSaver } from "../types.js";
import { columnCases } from "./column-cases.js";
import type { Capability, CapabilityCases, ConformanceCase, DetectedCapability } from "./conformance-case.js";
import { decisionCases } from "./decision-cases.js";
import { distinctHistoryCases, historyCases } from "./history-cases.js";
import { inboxHistoryCases } from "./inbox-history.js";
import { inboxPageCases } from "./inbox-page-cases.js";
import { inboxStatusCases } from "./inbox-status-cases.js";
import { journalCases } from "./journal-cases.js";
import { leaseCases } from "./lease-cases.js";
import { pruneCases } from "./prune-cases.js";
import { pruneHistoryCases } from "./prune-history.js";
import { putCases } from "./put-cases.js";
import { readCases } from "./read-cases.js";
import { statsCases } from "./stats-cases.js";
import { copyCases, exportCases } from "./transfer-cases.js";
import { anyKeyCases, distinctTypeCases, valueCases } from "./value-cases.js";
import { writeCases } from "./write-cases.js";

export interface ConformanceOptions {
  /** Name of the saver, as it stands in the report. */
  readonly name: string;
  /** Makes a saver with empty storage. Called once for each case. */
  create(): CheckpointSaver | Promise<CheckpointSaver>;
  /** Releases what `create` made. */
  dispose?(saver: CheckpointSaver): void | Promise<void>;
  /** The savers' serializer, where it is not the default one. */
  readonly serializer?: Serializer;
  /** Optional capabilities that the saver lacks, each with the reason. The others are required. */
  readonly missing?: Partial<Readonly<Record<Capability, string>>>;
}

/** A case bound to a saver of its own. */
export interface RunnableCase {
  readonly name: string;
  /** Why the saver need not pass it. */
  readonly skipped?: string;
  run(): Promise<void>;
}

const REQUIRED: readonly ConformanceCase[] = [...putCases, ...readCases, ...writeCases, ...valueCases, ...historyCases];

const OPTIONAL: readonly CapabilityCases[] = [
  { capability: "columns", cases: columnCases },
  { capability: "recordDecisions", cases: decisionCases },
  { capability: "acquireLease", cases: leaseCases },
  { capability: "listInterrupts", cases: [...inboxStatusCases, ...inboxPageCases, ...inboxHistoryCases] },
  { capability: "appendJournal", cases: journalCases },
  { capability: "prune", cases: [...pruneCases, ...pruneHistoryCases] },
  { capability: "copyThread", cases: copyCases },
  { capability: "stats", cases: statsCases },
  { capability: "exportThread", cases: exportCases },
  { capability: "distinctTypes", cases: [...distinctTypeCases, ...distinctHistoryCases] },
  { capability: "anyKeys", cases: anyKeyCases },
];

/**
 * Lists what a saver has to do, as cases to run under any test runner. A capability that is declared missing must be missing: a saver that
 * has `recordDecisions`, or another method that the runtime would find and use, cannot leave its cases out.
 *
 * @example
 * for (const { name, skipped, run } of conformance({ name: "MySaver", create: () => new MySaver() })) test(name, { skip: skipped }, run);
 */
export function conformance(options: ConformanceOptions): RunnableCase[] {
  const required = REQUIRED.map((one) => bind(one, options));
  const optional = OPTIONAL.flatMap(({ capability, cases }) => cases.map((one) => bindOptional(capability, one, options)));
  return [...required, ...optional];
}

function bind({ name, run }: ConformanceCase, options: ConformanceOptions): RunnableCase {
  return { name, run: () => withSaver(options, run) };
}

function bindOptional(capability: Capability, one: ConformanceCase, options: ConformanceOptions): RunnableCase {
  const reason = options.missing?.[capability];
  const name = `${capability}: ${one.name}`;
  if (reason === undefined) return { ...bind(one, options), name };
  if (!isDetected(capability)) return { name, skipped: reason, run: async () => {} };
  return {
    name: `${name} (declared missing: ${reason})`,
    run: () => withSaver(options, async (saver) => mustLack(capability, options.name, saver)),
  };
}

function isDetected(capability: Capability): capability is DetectedCapability {
  return capability !== "distinctTypes" && capability !== "anyKeys";
}

function mustLack(capability: DetectedCapability, name: string, saver: CheckpointSaver): void {
  if (saver[capability] !== undefined) throw new Error(`${name} declares ${capability} missing, but has it. Remove the declaration.`);
}

async function withSaver(options: ConformanceOptions, run: ConformanceCase["run"]): Promise<void> {
  const saver = await options.create();
  try {
    await run(saver, options.serializer);
  } finally {
    await options.dispose?.(saver);
  }
}
