import { decisionRaces } from "./decision-races.js";
import { deleteRaces } from "./delete-races.js";
import { journalRaces } from "./journal-races.js";
import { leaseRaces } from "./lease-races.js";
import { putRaces } from "./put-races.js";
import type { Race } from "./race.js";

/** Every race of the kit. */
export const RACES: readonly Race[] = [...putRaces, ...decisionRaces, ...leaseRaces, ...journalRaces, ...deleteRaces];
