import { expect, it } from "vitest";
import { sideNotes } from "./side-notes.js";

it("keeps notes of several sorts on one object, frozen or not, and shows nothing of them", () => {
  const [colours, sizes] = [sideNotes<readonly number[], string>(), sideNotes<readonly number[], number>()];
  for (const list of [[1, 2], Object.freeze([1, 2])]) {
    expect(colours.get(list)).toBeUndefined();
    colours.set(list, "red");
    sizes.set(list, 3);
    colours.set(list, "blue");
    expect([colours.get(list), sizes.get(list)]).toEqual(["blue", 3]);
    expect(Reflect.ownKeys(list)).toEqual(["0", "1", "length"]);
    expect(list).toEqual([1, 2]);
    // A copy is another object, of which nothing is known.
    expect(colours.get([...list])).toBeUndefined();
    expect(colours.get(list.concat())).toBeUndefined();
    expect(colours.get(structuredClone(list))).toBeUndefined();
  }
});
