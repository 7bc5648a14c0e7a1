import { CheckpointColumns } from "@holdpoint/checkpoint";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Control, NOTHING_NEXT } from "../model/graph-state.js";
import type { Program } from "../model/program.js";
import { SavedForm } from "./saved-form.js";

const KEYS = ["a", "b", "c", "kept apart"];
const channels = Object.fromEntries(KEYS.map((key) => [key, { saved: key !== "kept apart" }]));
const program = { channels, unsavedKeys: ["kept apart"] } as unknown as Program;

/** What one step does: values that it sets or clears (null), and what runs next. */
const step = fc.record({
  writes: fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.integer())),
  next: fc.option(fc.constantFrom<readonly string[]>([], ["one"], ["one", "two"])),
  standsOn: fc.boolean(),
  isForeign: fc.boolean(),
});

it("holds after each step what a copy of the whole state would, and hands out nothing that changes later", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const form = new SavedForm(program);
      const values: Record<string, unknown> = {};
      let control: Control = NOTHING_NEXT;
      let versions: Record<string, unknown> = {};
      const given: { checkpoint: CheckpointColumns; copy: unknown }[] = [];
      for (const [at, { writes, next, standsOn, isForeign }] of steps.entries()) {
        const id = `id ${at}`;
        if (next !== null) control = { ...NOTHING_NEXT, nodes: next };
        for (const [key, value] of Object.entries(writes)) {
          if (value === null) delete values[key];
          else values[key] = value;
        }
        const { checkpoint, base, names } = form.next({ values, control }, Object.keys(writes), { id, ts: "" });
        const { "kept apart": _, ...saved } = values;
        const held = control.nodes.length === 0 ? {} : { __control__: { nodes: control.nodes } };
        const whole = new CheckpointColumns(checkpoint).whole();
        expect(whole.channel_values).toEqual({ ...saved, ...held });
        // In the order in which the state has them: it shows in prompts, and in what a person is shown.
        expect(Object.keys(whole.channel_values).filter((name) => name !== "__control__")).toEqual(Object.keys(saved));
        versions = { ...versions, ...Object.fromEntries(names.map((name) => [name, id])) };
        expect(whole.channel_versions).toEqual(versions);
        for (const key of Object.keys(writes)) if (key !== "kept apart") expect(names).toContain(key);
        if (base !== undefined && checkpoint.shape.continues(base.shape)) {
          for (const [place, name] of base.shape.channels.entries()) {
            if (names.includes(name)) continue;
            expect([checkpoint.values[place], checkpoint.versions[place]]).toEqual([base.values[place], base.versions[place]]);
          }
        }
        given.push({ checkpoint, copy: whole });
        if (standsOn) form.standOn({ ...structuredClone(whole), versions_seen: isForeign ? { one: { text: id } } : {} });
      }
      for (const { checkpoint, copy } of given) expect(checkpoint.whole()).toEqual(copy);
    }),
  );
});
