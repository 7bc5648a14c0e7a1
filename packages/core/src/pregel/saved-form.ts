import { type ChannelVersion, type ChannelVersions, type Checkpoint, CheckpointColumns, shapeOf } from "@holdpoint/checkpoint";
import { CONTROL_CHANNEL, type Control, type GraphState } from "./graph-state.js";
import type { Program } from "./program.js";

/** The next checkpoint of a run, and how it comes from the one before. */
export interface NextCheckpoint {
  readonly checkpoint: CheckpointColumns;
  readonly base: CheckpointColumns | undefined;
  /** The channels that were written, whether they hold a value now or not. */
  readonly names: readonly string[];
}

/** What the next checkpoint is given, beside the state. */
export interface Stamp {
  readonly id: string;
  readonly ts: string;
}

/**
 * The form in which the states of a run are saved: channels that are saved, what runs next where there is anything, and versions. Each checkpoint is
 * made of the one before and of what has changed; where channels come or go, it is put together anew.
 */
export class SavedForm {
  #last: CheckpointColumns | undefined;
  /** The control that the last checkpoint holds, and the form in which it does. */
  #control: Control | undefined;
  #controlValue: Partial<Control> | undefined;
  /** Whether the last checkpoint is one of another runtime, with fields that ours do not have. */
  #isForeign = false;

  /** The run stands on this checkpoint now. */
  standOn(checkpoint: Checkpoint): CheckpointColumns {
    // A saver of others may have lost them without a word.
    const { id, ts, channel_values = {}, channel_versions = {}, versions_seen = {} } = checkpoint as Partial<Checkpoint>;
    const channels = Object.keys(channel_values);
    const versions = channels.map((name) => (Object.hasOwn(channel_versions, name) ? channel_versions[name] : undefined));
    const values = channels.map((name) => channel_values[name]);
    const others = Object.fromEntries(Object.entries(channel_versions).filter(([name]) => !Object.hasOwn(channel_values, name)));
    this.#control = undefined;
    this.#isForeign = Object.keys(versions_seen).length > 0;
    this.#last = new CheckpointColumns({ id: id!, ts: ts!, shape: shapeOf(channels), values, versions, others }, checkpoint);
    return this.#last;
  }

  /** @param changed keys whose values changed since the last time, or since the run stood on a checkpoint */
  next(program: Program, state: GraphState, changed: Iterable<string>, stamp: Stamp): NextCheckpoint {
    const names: string[] = [];
    if (this.#control !== state.control) {
      this.#control = state.control;
      this.#controlValue = writeControl(state.control);
      names.push(CONTROL_CHANNEL);
    }
    for (const key of changed) if (program.channels[key]?.saved !== false) names.push(key);
    const base = this.#last;
    const same = base === undefined || this.#isForeign ? undefined : this.#change(base, state.values, names, stamp);
    const checkpoint = same ?? this.#anew(program, state.values, names, stamp);
    this.#isForeign = false;
    this.#last = checkpoint;
    return { checkpoint, base, names };
  }

  /** Undefined where channels have come or gone. */
  #change(
    base: CheckpointColumns,
    state: GraphState["values"],
    names: readonly string[],
    { id, ts }: Stamp,
  ): CheckpointColumns | undefined {
    const values = base.values.slice();
    const versions = base.versions.slice();
    for (const name of names) {
      const at = base.shape.places.get(name);
      if (at === undefined) return undefined;
      if (name === CONTROL_CHANNEL) {
        if (this.#controlValue === undefined) return undefined;
        values[at] = this.#controlValue;
      } else {
        if (!Object.hasOwn(state, name)) return undefined;
        values[at] = state[name];
      }
      versions[at] = id;
    }
    return new CheckpointColumns({ id, ts, shape: base.shape, values, versions, others: base.others });
  }

  #anew(program: Program, state: GraphState["values"], names: readonly string[], { id, ts }: Stamp): CheckpointColumns {
    const standing = new Map<string, ChannelVersion | undefined>(Object.entries(this.#last?.others ?? {}));
    for (const [name, at] of this.#last?.shape.places ?? []) standing.set(name, this.#last?.versions[at]);
    for (const name of names) standing.set(name, id);
    const channels: string[] = [];
    const values: unknown[] = [];
    const versions: (ChannelVersion | undefined)[] = [];
    const hold = (name: string, value: unknown) => {
      channels.push(name);
      values.push(value);
      versions.push(standing.get(name));
      standing.delete(name);
    };
    if (this.#controlValue !== undefined) hold(CONTROL_CHANNEL, this.#controlValue);
    for (const name of Object.keys(state)) if (!program.unsavedKeys.includes(name)) hold(name, state[name]);
    const others: ChannelVersions = {};
    for (const [name, version] of standing) if (version !== undefined) others[name] = version;
    return new CheckpointColumns({ id, ts, shape: shapeOf(channels), values, versions, others });
  }
}

function writeControl({ nodes, sends, joins, start, ran }: Control): Partial<Control> | undefined {
  const control: { -readonly [Key in keyof Control]?: Control[Key] } = {};
  if (nodes.length > 0) control.nodes = nodes;
  if (sends.length > 0) control.sends = sends;
  if (Object.keys(joins).length > 0) control.joins = joins;
  if (start !== undefined) control.start = start;
  if (ran !== undefined && ran.length > 0) control.ran = ran;
  return Object.keys(control).length === 0 ? undefined : control;
}
