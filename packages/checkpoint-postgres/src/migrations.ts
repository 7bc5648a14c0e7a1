import { APPENDS } from "./schema-appends.js";
import { CHANGES, LEASES, QUESTIONS, TURNS } from "./schema-functions.js";
import { GROUPS } from "./schema-groups.js";
import { JOURNAL, TABLES } from "./schema-tables.js";

/**
 * Changes of the schema, in order: append only. The first has number 1. Functions too: processes of an older version go on calling theirs, so one
 * that has to take or to do something else gets a new name. `hp` stands for the schema, as in statements.ts.
 *
 * A line is one namespace of a thread. A checkpoint is stored whole, or as a patch on its parent (`is_patch`); `live`, `chain` and `patches` are
 * its sizes (see RecordSizes). One that is not `is_saved` stands only for the writes that came before it. `parent_id` is set where the parent is
 * not in the database. A write with a `revision` is a decision. Data is text or bytes, as the serializer returns it.
 *
 * An interrupt is a question beside a root checkpoint: an index over what the writes say, kept in the same transactions. `task` asks it; null once
 * it does not any more. An assignee repeats the place of the question in the order, for each name.
 *
 * What changes a thread enters it first (`enter`): alone, or together with what it cannot disturb. That is why most of it is functions: a statement
 * sees what was committed before it began, so what waits for its turn must look again after it, and only a function can do both within one round
 * trip. No foreign keys on the way of a step: the turns keep rows together.
 */
export const MIGRATIONS: readonly string[] = [TABLES + JOURNAL + TURNS + QUESTIONS + LEASES + CHANGES, GROUPS, APPENDS];
