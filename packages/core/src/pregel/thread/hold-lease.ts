import { type CheckpointSaver, newLease } from "@holdpoint/checkpoint";
import { GraphError } from "../../errors.js";
import type { Fence } from "../save/fence.js";
import { noOutcome } from "../save/no-outcome.js";

/** Milliseconds for which a thread stays taken after its process has stopped prolonging the lease. A process that died frees it at once. */
const LEASE_TIME = 30_000;

/** Gives back a thread that was leased. Never rejects: what the run has saved stands, and the lease is over before this process takes the thread again. */
export type ReleaseLease = () => Promise<void>;

/**
 * Leases a thread among all processes that share the storage, and prolongs the lease as long as the run lasts. A run that loses its lease (its
 * process slept too long) can save nothing any more.
 * @returns undefined while another run has the thread; nothing to give back where the saver knows no leases
 */
export async function holdLease(saver: CheckpointSaver, threadId: string, fence: Fence): Promise<ReleaseLease | undefined> {
  const { acquireLease, releaseLease } = saver;
  if (acquireLease === undefined || releaseLease === undefined) return async () => {};
  await giveBackLeft(saver, threadId);
  let lease = newLease(Date.now(), LEASE_TIME);
  const acquire = async () => {
    const outcome = await acquireLease.call(saver, threadId, lease, Date.now());
    // What a saver does not say to be ours is not.
    if (outcome?.kind !== "acquired" && outcome?.kind !== "held") throw noOutcome("acquireLease", '"acquired" or "held"');
    return outcome;
  };
  const leave = () => leavesOf(saver).set(threadId, { id: lease.id, until: lease.expiresAt });
  try {
    if ((await acquire()).kind === "held") return undefined;
  } catch (error) {
    // It may have been taken all the same.
    leave();
    throw error;
  }
  let isOver = false;
  /** Whoever had the thread meanwhile may have given it back: it would be free for us, and what was done in it would be done again. */
  const isStillOurs = async (): Promise<boolean> => {
    const probe = newLease(Date.now(), LEASE_TIME);
    // At this time no lease is over: it is told who has it.
    const outcome = await acquireLease.call(saver, threadId, probe, 0);
    if (outcome.kind === "held") return outcome.by.id === lease.id;
    await releaseLease.call(saver, threadId, probe.id);
    return false;
  };
  const ask = async (): Promise<void> => {
    const ours = await isStillOurs();
    if (isOver) return;
    lease = { ...lease, expiresAt: Date.now() + LEASE_TIME };
    const { expiresAt } = lease;
    if (!ours || (await acquire()).kind === "held") fence.close(leaseLost(threadId));
    else fence.hold(expiresAt, prolong);
  };
  let asking: Promise<void> | undefined;
  const prolong = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  fence.hold(lease.expiresAt, prolong);
  // A try that fails is made again: as long as the lease lasts it is ours, and after that each save asks for it first.
  const timer = setInterval(() => void prolong().catch(() => undefined), LEASE_TIME / 3);
  timer.unref();
  return async () => {
    clearInterval(timer);
    isOver = true;
    try {
      await releaseLease.call(saver, threadId, lease.id);
    } catch {
      leave();
    }
  };
}

/** Leases of runs that are over, which the storage may still have: it failed when they were given back. */
const left = new WeakMap<CheckpointSaver, Map<string, { readonly id: string; readonly until: number }>>();

function leavesOf(saver: CheckpointSaver): Map<string, { readonly id: string; readonly until: number }> {
  const leases = left.get(saver) ?? new Map();
  left.set(saver, leases);
  for (const [threadId, { until }] of leases) if (until <= Date.now()) leases.delete(threadId);
  return leases;
}

/** Without this, a thread whose lease could not be given back would be busy for this process too, until the lease is over. */
async function giveBackLeft(saver: CheckpointSaver, threadId: string): Promise<void> {
  const lease = left.get(saver)?.get(threadId);
  if (lease === undefined) return;
  await saver.releaseLease?.(threadId, lease.id);
  left.get(saver)?.delete(threadId);
}

const leaseLost = (threadId: string): GraphError =>
  new GraphError(
    "THREAD_BUSY",
    `This run lost thread "${threadId}" to another one: its process did not prolong the lease for ${LEASE_TIME / 1000} seconds. What it had saved stands; nothing more was saved.`,
  );
