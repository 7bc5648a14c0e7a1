import type { ChannelVersions, Checkpoint } from "@holdpoint/checkpoint";
import { CONTROL_CHANNEL, type Control, type GraphState } from "./graph-state.js";
import type { Program } from "./program.js";

/** What a checkpoint holds of a state. */
export interface SavedParts {
  readonly channel_values: Record<string, unknown>;
  readonly channel_versions: ChannelVersions;
  /** The versions that this checkpoint gives. */
  readonly newVersions: ChannelVersions;
}

/**
 * The form in which the states of a run are saved: channels that are saved, what runs next where there is anything, and versions. Kept up to date
 * by what has changed, and each checkpoint gets a copy: with many keys that is quicker than to put each together anew.
 */
export class SavedForm {
  #values: Record<string, unknown> | undefined;
  #versions: ChannelVersions = {};
  /** The control that `#values` holds, and the form in which it does. */
  #control: Control | undefined;
  #controlValue: Partial<Control> | undefined;

  /** The run stands on this checkpoint now. */
  standOn(checkpoint: Checkpoint): void {
    this.#values = undefined;
    this.#versions = { ...checkpoint.channel_versions };
    this.#control = undefined;
  }

  /** @param changed keys whose values changed since the last time, or since the run stood on a checkpoint */
  next(program: Program, { values, control }: GraphState, changed: Iterable<string>, id: string): SavedParts {
    const newVersions: ChannelVersions = {};
    if (this.#control !== control) {
      this.#noteControl(control);
      newVersions[CONTROL_CHANNEL] = id;
      this.#versions[CONTROL_CHANNEL] = id;
    }
    for (const key of changed) {
      if (program.channels[key]?.saved === false) continue;
      newVersions[key] = id;
      this.#versions[key] = id;
      if (this.#values === undefined) continue;
      if (Object.hasOwn(values, key)) this.#values[key] = values[key];
      else this.#values = undefined;
    }
    this.#values ??= this.#valuesOf(program, values);
    return { channel_values: { ...this.#values }, channel_versions: { ...this.#versions }, newVersions };
  }

  #noteControl(control: Control): void {
    this.#control = control;
    const before = this.#controlValue;
    this.#controlValue = writeControl(control);
    if (this.#values === undefined) return;
    if ((before === undefined) !== (this.#controlValue === undefined)) this.#values = undefined;
    else if (this.#controlValue !== undefined) this.#values[CONTROL_CHANNEL] = this.#controlValue;
  }

  #valuesOf(program: Program, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const saved: Record<string, unknown> = this.#controlValue === undefined ? {} : { [CONTROL_CHANNEL]: this.#controlValue };
    copyInto(saved, values);
    for (const key of program.unsavedKeys) delete saved[key];
    return saved;
  }
}

/** Key by key: with many channels a spread behind another key costs three times as much. */
function copyInto(target: Record<string, unknown>, values: Readonly<Record<string, unknown>>): void {
  // Assigned, this key would set the prototype. No graph has it; a checkpoint of others may.
  if (Object.hasOwn(values, "__proto__")) Object.defineProperties(target, Object.getOwnPropertyDescriptors(values));
  else for (const key of Object.keys(values)) target[key] = values[key];
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
