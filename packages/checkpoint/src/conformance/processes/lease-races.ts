import assert from "node:assert/strict";
import { closeSync, openSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { newLease } from "../../index.js";
import type { Race } from "./race.js";

const VISITS = 60;

export const leaseRaces: readonly Race[] = [
  {
    name: "take one thread in turns: never two at once",
    capability: "acquireLease",
    run: async (saver, { folder }) => {
      // A file that only one can have made: whoever enters while another is inside, fails.
      const room = join(folder, "room");
      for (let visit = 0; visit < VISITS; ) {
        const lease = newLease(Date.now(), 60_000);
        if ((await saver.acquireLease!("leased", lease, Date.now())).kind === "held") continue;
        closeSync(openSync(room, "wx"));
        await new Promise((resolve) => setTimeout(resolve, visit % 3));
        const prolonged = await saver.acquireLease!("leased", { ...lease, expiresAt: Date.now() + 90_000 }, Date.now());
        assert.equal(prolonged.kind, "acquired", "whoever has a lease can prolong it");
        unlinkSync(room);
        await saver.releaseLease!("leased", lease.id);
        visit += 1;
      }
      return VISITS;
    },
    verify: async (saver, { names }, results) => {
      assert.deepEqual(
        names.map((name) => results[name]),
        names.map(() => VISITS),
      );
      assert.equal((await saver.acquireLease!("leased", newLease(Date.now(), 1000), Date.now())).kind, "acquired");
    },
  },
];
