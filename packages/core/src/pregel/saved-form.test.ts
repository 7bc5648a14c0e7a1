import fc from "fast-check";
import { expect, it } from "vitest";
import { type Control, NOTHING_NEXT } from "./graph-state.js";
import type { Program } from "./program.js";
import { SavedForm } from "./saved-form.js";

const KEYS = ["a", "b", "c", "kept apart"];
const channels = Object.fromEntries(KEYS.map((key) => [key, { saved: key !== "kept apart" }]));
const program = { channels, unsavedKeys: ["kept apart"] } as unknown as Program;

/** What one step does: values that it sets or clears (null), and what runs next. */
const step = fc.record({
  writes: fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.integer())),
  next: fc.option(fc.constantFrom<readonly string[]>([], ["one"], ["one", "two"])),
  standsOn: fc.boolean(),
});

it("holds after each step what a copy of the whole state would, and hands out nothing that changes later", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const form = new SavedForm();
      const values: Record<string, unknown> = {};
      let control: Control = NOTHING_NEXT;
      let versions: Record<string, unknown> = {};
      const given: { parts: unknown; copy: unknown }[] = [];
      for (const [at, { writes, next, standsOn }] of steps.entries()) {
        const id = `id ${at}`;
        if (next !== null) control = { ...NOTHING_NEXT, nodes: next };
        for (const [key, value] of Object.entries(writes)) {
          if (value === null) delete values[key];
          else values[key] = value;
        }
        const parts = form.next(program, { values, control }, Object.keys(writes), id);
        const { "kept apart": _, ...saved } = values;
        const held = control.nodes.length === 0 ? {} : { __control__: { nodes: control.nodes } };
        expect(parts.channel_values).toEqual({ ...saved, ...held });
        versions = { ...versions, ...parts.newVersions };
        expect(parts.channel_versions).toEqual(versions);
        for (const key of Object.keys(writes)) if (key !== "kept apart") expect(parts.newVersions[key]).toBe(id);
        given.push({ parts, copy: structuredClone(parts) });
        if (standsOn) {
          const { channel_values, channel_versions } = structuredClone(parts);
          form.standOn({ v: 4, id, ts: "", channel_values, channel_versions, versions_seen: {} });
        }
      }
      for (const { parts, copy } of given) expect(parts).toEqual(copy);
    }),
  );
});
