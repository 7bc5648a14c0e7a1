import assert from "node:assert/strict";
import { createSerializer } from "../index.js";
import type { DataPlace } from "../serde/data-place.js";
import type { Serializer } from "../serde/serializer.js";

/**
 * Makes a serializer that writes each piece's place beside it, and fails where a piece is read without a place or for another one. A saver that
 * passes its cases with it can be used with a serializer that encrypts.
 *
 * @example
 * import { describeConformance, placedSerializer } from "@holdpoint/checkpoint/conformance";
 * import { MemorySaver } from "@holdpoint/checkpoint";
 * import { describe, it } from "vitest";
 * const serializer = placedSerializer();
 * const create = () => new MemorySaver({ serializer });
 * describeConformance({ describe, it }, { name: "MemorySaver with places", create, serializer });
 */
export function placedSerializer(): Serializer {
  const text = createSerializer();
  return {
    dumps: (value, place) => JSON.stringify([textOf(place), text.dumps(value)]),
    loads: (data, place) => {
      assert.equal(typeof data, "string", "data is read as it was written");
      const [written, value] = JSON.parse(data as string) as [string, string];
      assert.equal(textOf(place), written, "data is read for the place that it was written for");
      return text.loads(value);
    },
  };
}

function textOf(place: DataPlace | undefined): string {
  assert.ok(place, "a saver says where the data stands");
  const { part, threadId, ns, checkpointId, item } = place;
  assert.ok(part && typeof threadId === "string", "a place has a part and a thread");
  return JSON.stringify([part, threadId, ns, checkpointId, item]);
}
