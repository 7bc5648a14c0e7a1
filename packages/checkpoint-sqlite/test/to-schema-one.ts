import { openHandle } from "./open-handle.js";

/** Takes everything out of a database that the second migration brought: what is left is what the first version of the schema held. */
export function toSchemaOne(file: string): void {
  const handle = openHandle(file);
  handle.exec(`
    DROP TRIGGER holdpoint_interrupt_passed; DROP TRIGGER holdpoint_interrupt_done; DROP TABLE holdpoint_lease; DROP TABLE holdpoint_interrupt; DROP TABLE holdpoint_assignee; DROP TABLE holdpoint_journal;
    DELETE FROM holdpoint_migration WHERE number > 1;
  `);
  handle.close();
}
