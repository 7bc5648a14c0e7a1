// The lengths of `npm run growth`. Not part of `npm run bench`.
import { missingPostgres } from "../lib/stores/postgres-server.js";
import { conversationWorkload } from "./conversation.js";
import { stepsWorkload } from "./steps.js";

/** At 10,000 steps the peer would take minutes to hours. */
const LENGTHS = [
  { steps: 100, withoutPeer: false },
  { steps: 1000, withoutPeer: false },
  { steps: 10_000, withoutPeer: true },
];

export const workloads = ["memory", "sqlite-sync", "postgres"].flatMap((kind) =>
  ["loop", "conversation"].flatMap((shape) =>
    LENGTHS.map(({ steps, withoutPeer }) => ({
      ...(shape === "loop" ? stepsWorkload("loop", steps, kind, { withoutPeer }) : conversationWorkload(steps, kind, withoutPeer)),
      target: undefined,
      skipped: kind === "postgres" ? missingPostgres() : undefined,
    })),
  ),
);
