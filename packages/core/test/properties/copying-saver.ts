import {
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointSaver,
  createSerializer,
  type Decision,
  indexWrites,
  type PendingWrite,
} from "@holdpoint/checkpoint";
import { expect } from "vitest";

const { dumps } = createSerializer();

/** A whole copy of what was put, and of what was written beside it. */
interface Copy {
  readonly config: CheckpointConfig;
  readonly parentId: string | undefined;
  readonly checkpoint: Checkpoint;
  /** Values as they were when they were last written; a snapshot may hold what was changed in place since. */
  readonly written: Record<string, unknown>;
  readonly metadata: unknown;
}

const pointOf = ({ configurable }: CheckpointConfig, id = configurable?.checkpoint_id) =>
  JSON.stringify([configurable?.thread_id, configurable?.checkpoint_ns ?? "", id]);

/**
 * Passes everything on to a saver, and keeps a copy of all that is put: the whole state of every checkpoint, and every write. Then compares.
 */
export class CopyingSaver {
  readonly #copies = new Map<string, Copy>();
  readonly #writes = new Map<string, Map<string, unknown[]>>();
  /** Where code may change values in place without writing them. */
  readonly #mayMutate: boolean;

  constructor(options: { readonly mayMutate: boolean }) {
    this.#mayMutate = options.mayMutate;
  }

  get checkpoints(): number {
    return this.#copies.size;
  }

  /** The saver, with this one looking on. */
  around<Saver extends CheckpointSaver>(saver: Saver): Saver {
    const watched: Partial<CheckpointSaver> = {
      put: (config, checkpoint, metadata, newVersions, base) => {
        this.#copyCheckpoint(config, checkpoint, metadata);
        return saver.put(config, checkpoint, metadata, newVersions, base);
      },
      putWrites: (config, writes, taskId) => {
        this.#copyWrites(config, writes, taskId);
        return saver.putWrites(config, writes, taskId);
      },
      recordDecisions: async (config, decisions, journal) => {
        const outcome = await saver.recordDecisions!(config, decisions, journal);
        if (outcome.kind === "recorded") this.#copyDecisions(config, decisions);
        return outcome;
      },
    };
    // By columns too: it reads a checkpoint by its fields.
    if (saver.columns !== undefined) Object.assign(watched, { columns: watched.put });
    return new Proxy(saver, {
      get(target, name) {
        if (name in watched) return watched[name as keyof CheckpointSaver];
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  #copyCheckpoint(config: CheckpointConfig, checkpoint: Checkpoint, metadata: unknown): void {
    const parentId = config.configurable?.checkpoint_id;
    const { v, id, ts, channel_values, channel_versions, versions_seen } = checkpoint;
    const copy = structuredClone({ v, id, ts, channel_values, channel_versions, versions_seen });
    const parent = parentId === undefined ? undefined : this.#copies.get(pointOf(config));
    const written = Object.fromEntries(
      Object.entries(copy.channel_values).map(([key, value]) => {
        const isWritten = parent?.checkpoint.channel_versions[key] !== checkpoint.channel_versions[key];
        return [key, isWritten ? value : parent?.written[key]];
      }),
    );
    const entry = { config, parentId, checkpoint: copy, written, metadata: structuredClone(metadata) };
    this.#copies.set(pointOf(config, checkpoint.id), entry);
  }

  #copyWrites(config: CheckpointConfig, writes: readonly PendingWrite[], taskId: string): void {
    const beside = this.#writesOf(config);
    for (const { index, channel, value, replaces } of indexWrites(writes)) {
      const key = `${taskId} ${index}`;
      if (replaces || !beside.has(key)) beside.set(key, [taskId, channel, structuredClone(value)]);
    }
  }

  #copyDecisions(config: CheckpointConfig, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      this.#writesOf(config).set(`${decision.interruptId} -4`, [decision.interruptId, "__resume__", structuredClone(decision)]);
    }
  }

  #writesOf(config: CheckpointConfig): Map<string, unknown[]> {
    const point = pointOf(config);
    const beside = this.#writes.get(point) ?? new Map<string, unknown[]>();
    this.#writes.set(point, beside);
    return beside;
  }

  /** Compares every checkpoint that was put with what the saver reads, by itself and as part of its list. */
  async compare(saver: CheckpointSaver): Promise<void> {
    const lines = new Map<string, CheckpointConfig>();
    for (const copy of this.#copies.values()) {
      const { thread_id, checkpoint_ns } = copy.config.configurable ?? {};
      lines.set(pointOf(copy.config, ""), { configurable: { thread_id, checkpoint_ns } });
      const point = { configurable: { thread_id, checkpoint_ns, checkpoint_id: copy.checkpoint.id } };
      this.#compareOne(copy, await saver.getTuple(point));
    }
    let listed = 0;
    for (const line of lines.values()) {
      for await (const tuple of saver.list(line)) {
        this.#compareOne(this.#copies.get(pointOf(line, tuple.checkpoint.id)), tuple);
        listed += 1;
      }
    }
    expect(listed).toBe(this.#copies.size);
  }

  #compareOne(copy: Copy | undefined, tuple: Awaited<ReturnType<CheckpointSaver["getTuple"]>>): void {
    if (copy === undefined || tuple === undefined) throw new Error("A checkpoint that was put is not there, or one that was not put is.");
    const { channel_values: values, ...rest } = tuple.checkpoint;
    const { channel_values: put, ...expected } = copy.checkpoint;
    expect(rest).toEqual(expected);
    expect(Object.keys(values)).toEqual(Object.keys(put));
    for (const key of Object.keys(put)) {
      // An input that waits holds the values that are changed in place.
      if (this.#mayMutate && key === "__control__") continue;
      const found = dumps(values[key]);
      // The order of keys counts too: it shows in prompts and in what a person is shown.
      if (!this.#mayMutate || found === dumps(copy.written[key])) expect(found).toBe(dumps(copy.written[key]));
      else expect(found).toBe(dumps(put[key]));
    }
    expect(tuple.metadata).toEqual(copy.metadata);
    expect(tuple.parentConfig?.configurable?.checkpoint_id).toBe(copy.parentId);
    const beside = [...(this.#writes.get(pointOf(tuple.config))?.values() ?? [])];
    expect((tuple.pendingWrites ?? []).map((write) => dumps(write)).sort()).toEqual(beside.map((write) => dumps(write)).sort());
  }
}
