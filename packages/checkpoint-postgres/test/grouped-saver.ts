import type { CheckpointSaver } from "@holdpoint/checkpoint";
import type { PostgresSaver } from "../src/index.js";

/** Methods whose calls can go with others. */
const GROUPED = new Set<PropertyKey>(["put", "putWrites", "acquireLease", "releaseLease"]);
let others = 0;

/** A saver whose every save goes with a change of another thread, which does nothing: so it is one of a group. */
export function groupedSaver(saver: PostgresSaver): CheckpointSaver {
  return new Proxy(saver, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const called: unknown = Reflect.apply(method, target, args);
        if (!GROUPED.has(name)) return called;
        (called as Promise<unknown>).catch(() => undefined);
        others += 1;
        const other = target.releaseLease(`nobody's ${others}`, "none");
        return other.then(
          () => called,
          () => called,
        );
      };
    },
  });
}
