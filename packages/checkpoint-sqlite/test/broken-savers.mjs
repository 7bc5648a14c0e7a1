// Savers that break a promise each, by which the kit shows that it would notice. Run in processes of their own, on the built package.
import { SqliteSaver } from "../dist/index.js";

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

/** The saver at the path, with some methods replaced. */
function broken(path, replace) {
  const saver = SqliteSaver.fromConnString(path);
  const passed = {};
  for (const name of Object.getOwnPropertyNames(SqliteSaver.prototype)) {
    if (name !== "constructor") passed[name] = (...args) => saver[name](...args);
  }
  return { ...passed, ...replace(saver) };
}

/** Acknowledges a checkpoint and saves it a little later. */
export const acknowledgesEarly = (path) =>
  broken(path, (saver) => ({
    async put(config, checkpoint, ...rest) {
      setTimeout(() => saver.put(config, checkpoint, ...rest), 50);
      return { configurable: { ...config.configurable, checkpoint_id: checkpoint.id } };
    },
  }));

/** Saves the writes of a task one by one. */
export const writesOneByOne = (path) =>
  broken(path, (saver) => ({
    async putWrites(config, writes, taskId) {
      for (let count = 1; count <= writes.length; count++) await saver.putWrites(config, writes.slice(0, count), taskId);
    },
  }));

/** Records decisions that belong together one by one. */
export const decidesOneByOne = (path) =>
  broken(path, (saver) => ({
    async recordDecisions(config, decisions, journal = []) {
      for (const [at, decision] of decisions.entries()) {
        const outcome = await saver.recordDecisions(config, [decision], journal.slice(at, at + 1));
        if (outcome.kind === "conflict") return outcome;
        await pause();
      }
      return { kind: "recorded" };
    },
  }));

/** Appends to the journal after the decisions were saved. */
export const journalsLater = (path) =>
  broken(path, (saver) => ({
    async recordDecisions(config, decisions, journal = []) {
      const outcome = await saver.recordDecisions(config, decisions);
      if (outcome.kind === "conflict") return outcome;
      for (const entry of journal) {
        await saver.appendJournal(config.configurable.thread_id, [entry]);
        await pause();
      }
      return outcome;
    },
  }));

/** Looks first and records then. */
export const looksThenDecides = (path) =>
  broken(path, (saver) => ({
    async recordDecisions(config, decisions) {
      const { pendingWrites } = await saver.getTuple(config);
      const standing = decisions.flatMap(({ interruptId }) =>
        pendingWrites.filter(([id]) => id === interruptId).map(([, , value]) => value),
      );
      if (standing.length > 0) return { kind: "conflict", recorded: standing };
      await pause();
      for (const decision of decisions) await saver.putWrites(config, [["__resume__", decision]], decision.interruptId);
      return { kind: "recorded" };
    },
  }));

/** Gives a thread to everybody. */
export const leasesToAll = (path) => broken(path, () => ({ acquireLease: async () => ({ kind: "acquired" }) }));
