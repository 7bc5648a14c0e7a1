import { CheckpointError } from "@holdpoint/checkpoint";
import type { Connection } from "./connection.js";
import { INDEX_NUMBER, type InterruptIndex } from "./interrupt-index.js";
import { MIGRATIONS } from "./migrations.js";
import { SQL } from "./statements.js";

/**
 * Brings the schema up to date. Safe while other processes do the same: one of them does it, the others find it done.
 * `interrupts` indexes what was saved before there was an index.
 * @throws CheckpointError NEWER_DATABASE if a newer version of this package has been at it.
 */
export function migrate(connection: Connection, interrupts: InterruptIndex): void {
  if (currentNumber(connection) === MIGRATIONS.length) return;
  connection.write(() => {
    connection.exec(SQL.createMigrations);
    const before = currentNumber(connection);
    for (let number = before + 1; number <= MIGRATIONS.length; number++) {
      connection.exec(MIGRATIONS[number - 1]!);
      connection.run(SQL.addMigration, number, new Date().toISOString());
    }
    // Last, since the index is written as the newest schema has it.
    if (before < INDEX_NUMBER) interrupts.build();
  });
}

/** Number of the last migration that was made; 0 for a new database. */
function currentNumber(connection: Connection): number {
  const tables = connection.get<{ count: number }>(SQL.hasMigrations);
  if ((tables?.count ?? 0) === 0) return 0;
  const number = connection.get<{ number: number }>(SQL.lastMigration)?.number ?? 0;
  if (number <= MIGRATIONS.length) return number;
  throw new CheckpointError(
    "NEWER_DATABASE",
    `The database has schema ${number}; this version of @holdpoint/checkpoint-sqlite knows ${MIGRATIONS.length}. Update the package: npm install @holdpoint/checkpoint-sqlite@latest`,
  );
}
