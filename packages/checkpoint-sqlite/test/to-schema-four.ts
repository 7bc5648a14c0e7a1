import { openHandle } from "./open-handle.js";

/** Takes a database back to the fourth schema: questions for everybody stand among the assignees, under a name that nobody has. */
export function toSchemaFour(file: string): void {
  const handle = openHandle(file);
  handle.exec(`
    DROP INDEX holdpoint_interrupt_by_time;
    CREATE INDEX holdpoint_interrupt_by_time ON holdpoint_interrupt (status, at, place);
    INSERT INTO holdpoint_assignee (name, status, at, place) SELECT char(1), status, at, place FROM holdpoint_interrupt WHERE assigned = 0;
    DROP TRIGGER holdpoint_interrupt_moved;
    ALTER TABLE holdpoint_interrupt DROP COLUMN assigned;
    CREATE TRIGGER holdpoint_interrupt_moved AFTER UPDATE OF status ON holdpoint_interrupt WHEN new.status <> old.status BEGIN
      UPDATE holdpoint_assignee SET status = new.status WHERE place = new.place;
    END;
    DELETE FROM holdpoint_migration WHERE number > 4;
  `);
  handle.close();
}
