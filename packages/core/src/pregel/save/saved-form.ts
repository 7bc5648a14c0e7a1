import { ABSENT, ChannelShape, type ChannelVersion, type Checkpoint, CheckpointColumns } from "@holdpoint/checkpoint";
import { CONTROL_CHANNEL, type Control, type GraphState } from "../model/graph-state.js";
import type { Program } from "../model/program.js";

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

/** Shapes of a program's checkpoints: made once for all of its runs. */
const shapes = new WeakMap<Program, ChannelShape>();

function emptyShape(program: Program): ChannelShape {
  const known = shapes.get(program);
  if (known !== undefined) return known;
  const made = ChannelShape.empty();
  shapes.set(program, made);
  return made;
}

/**
 * The form in which the states of a run are saved: channels that are saved, what runs next where there is anything, and versions. Each checkpoint is
 * made of the one before and of what has changed.
 */
export class SavedForm {
  readonly #program: Program;
  #last: CheckpointColumns | undefined;
  /** The control that the last checkpoint holds, and the form in which it does. */
  #control: Control | undefined;
  #controlValue: Partial<Control> | undefined;

  constructor(program: Program) {
    this.#program = program;
  }

  /** The run stands on this checkpoint now. */
  standOn(checkpoint: Checkpoint): CheckpointColumns {
    // A saver of others may have lost them without a word.
    const { id, ts, channel_values = {}, channel_versions = {}, versions_seen = {} } = checkpoint as Partial<Checkpoint>;
    const channels = Object.keys(channel_values);
    const values = channels.map((name) => channel_values[name]);
    for (const name of Object.keys(channel_versions)) {
      if (Object.hasOwn(channel_values, name)) continue;
      channels.push(name);
      values.push(ABSENT);
    }
    const versions = channels.map((name) => (Object.hasOwn(channel_versions, name) ? channel_versions[name] : undefined));
    this.#control = undefined;
    const seen = Object.keys(versions_seen).length > 0 ? versions_seen : undefined;
    const shape = emptyShape(this.#program).with(channels);
    this.#last = new CheckpointColumns({ id: id!, ts: ts!, shape, values, versions, seen }, checkpoint);
    return this.#last;
  }

  /** @param changed keys whose values changed since the last time, or since the run stood on a checkpoint */
  next(state: GraphState, changed: Iterable<string>, stamp: Stamp): NextCheckpoint {
    const names: string[] = [];
    if (this.#control !== state.control) {
      this.#control = state.control;
      this.#controlValue = writeControl(state.control);
      names.push(CONTROL_CHANNEL);
    }
    for (const key of changed) if (this.#program.channels[key]?.saved !== false) names.push(key);
    const base = this.#last;
    const checkpoint = this.#change(state.values, names, stamp) ?? this.#anew(state.values, names, stamp);
    this.#last = checkpoint;
    return { checkpoint, base, names };
  }

  #valueOf(state: GraphState["values"], name: string): unknown {
    if (name === CONTROL_CHANNEL) return this.#controlValue ?? ABSENT;
    return Object.hasOwn(state, name) ? state[name] : ABSENT;
  }

  /** Undefined where a channel has got back the value that it had lost: it stands behind all others then. */
  #change(state: GraphState["values"], names: readonly string[], { id, ts }: Stamp): CheckpointColumns | undefined {
    const base = this.#last;
    const shape = base?.shape ?? emptyShape(this.#program);
    const values = base?.values.slice() ?? [];
    const versions = base?.versions.slice() ?? [];
    let added: string[] | undefined;
    for (const name of names) {
      const at = shape.places.get(name);
      const value = this.#valueOf(state, name);
      if (at === undefined) {
        added ??= [];
        added.push(name);
        values.push(value);
        versions.push(id);
      } else {
        if (values[at] === ABSENT && value !== ABSENT && name !== CONTROL_CHANNEL) return undefined;
        values[at] = value;
        versions[at] = id;
      }
    }
    return new CheckpointColumns({ id, ts, shape: added === undefined ? shape : shape.with(added), values, versions });
  }

  #anew(state: GraphState["values"], names: readonly string[], { id, ts }: Stamp): CheckpointColumns {
    const standing = new Map<string, ChannelVersion | undefined>();
    for (const [name, at] of this.#last?.shape.places ?? []) standing.set(name, this.#last?.versions[at]);
    for (const name of names) standing.set(name, id);
    const held = Object.keys(state).filter((name) => !this.#program.unsavedKeys.includes(name));
    const channels = [...new Set([CONTROL_CHANNEL, ...held, ...standing.keys()])];
    const values = channels.map((name) =>
      held.includes(name) ? state[name] : name === CONTROL_CHANNEL ? this.#valueOf(state, name) : ABSENT,
    );
    const versions = channels.map((name) => standing.get(name));
    return new CheckpointColumns({ id, ts, shape: emptyShape(this.#program).with(channels), values, versions });
  }
}

function writeControl({ nodes, sends, joins, start, ran, complete, kept }: Control): Partial<Control> | undefined {
  const control: { -readonly [Key in keyof Control]?: Control[Key] } = {};
  if (nodes.length > 0) control.nodes = nodes;
  if (sends.length > 0) control.sends = sends;
  if (Object.keys(joins).length > 0) control.joins = joins;
  if (start !== undefined) control.start = start;
  if (ran !== undefined && ran.length > 0) control.ran = ran;
  if (complete !== undefined) control.complete = complete;
  if (kept !== undefined) control.kept = kept;
  return Object.keys(control).length === 0 ? undefined : control;
}
