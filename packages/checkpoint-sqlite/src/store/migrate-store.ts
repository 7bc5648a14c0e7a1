import { CheckpointError } from "@holdpoint/checkpoint";
import type { Connection } from "../connection.js";
import { STORE_MIGRATIONS } from "./store-migrations.js";
import { STORE_SQL } from "./store-statements.js";

/**
 * Brings the store's schema up to date. Safe while other processes do the same: one of them does it, the others find it done.
 * @throws CheckpointError NEWER_DATABASE if a newer version of this package has been at it
 */
export function migrateStore(connection: Connection): void {
  if (currentNumber(connection) === STORE_MIGRATIONS.length) return;
  connection.write(() => {
    connection.exec(STORE_SQL.createMigrations);
    for (let number = currentNumber(connection) + 1; number <= STORE_MIGRATIONS.length; number++) {
      connection.exec(STORE_MIGRATIONS[number - 1]!);
      connection.run(STORE_SQL.addMigration, number, new Date().toISOString());
    }
  });
}

/** Number of the last migration that was made; 0 where there is no store yet. */
function currentNumber(connection: Connection): number {
  const tables = connection.get<{ count: number }>(STORE_SQL.hasMigrations);
  if ((tables?.count ?? 0) === 0) return 0;
  const number = connection.get<{ number: number }>(STORE_SQL.lastMigration)?.number ?? 0;
  if (number <= STORE_MIGRATIONS.length) return number;
  throw new CheckpointError(
    "NEWER_DATABASE",
    `The store in the database has schema ${number}; this version of @holdpoint/checkpoint-sqlite knows ${STORE_MIGRATIONS.length}. Update the package: npm install @holdpoint/checkpoint-sqlite@latest`,
  );
}
