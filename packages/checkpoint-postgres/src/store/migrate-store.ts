import { CheckpointError } from "@holdpoint/checkpoint";
import { type Session, transact } from "../connection.js";
import { checkEncoding, makeSchema } from "../migrate.js";
import { lockKey, type SchemaName } from "../schema-name.js";
import { SQL } from "../statements.js";
import { STORE_MIGRATIONS } from "./store-migrations.js";
import { STORE_SQL } from "./store-statements.js";

/**
 * Brings the store's part of the schema up to date, in one transaction. Safe while other processes do the same, or set up a saver.
 * @throws CheckpointError NEWER_DATABASE if a newer version of this package has been at it, STORAGE_FAILED if the database does not keep Unicode.
 */
export async function migrateStore(session: Session, schema: SchemaName): Promise<void> {
  if ((await currentNumber(session)) === STORE_MIGRATIONS.length) return;
  await transact(session, SQL.begin, async () => {
    await session.all(SQL.lockSetup, lockKey(schema, "setup"));
    await checkEncoding(session);
    await makeSchema(session, schema);
    await session.all(STORE_SQL.createMigrations);
    for (let number = (await currentNumber(session)) + 1; number <= STORE_MIGRATIONS.length; number++) {
      await session.all(STORE_MIGRATIONS[number - 1]!);
      await session.all(STORE_SQL.addMigration, number);
    }
  });
}

/** Number of the last migration that was made; 0 where there is no store yet. */
async function currentNumber(session: Session): Promise<number> {
  const [table] = await session.all<{ found: boolean }>(STORE_SQL.findMigrations);
  if (table?.found !== true) return 0;
  const number = Number((await session.get<{ number: unknown }>(STORE_SQL.lastMigration))?.number ?? 0);
  if (number <= STORE_MIGRATIONS.length) return number;
  throw new CheckpointError(
    "NEWER_DATABASE",
    `The store in the database has schema ${number}; this version of @holdpoint/checkpoint-postgres knows ${STORE_MIGRATIONS.length}. Update the package: npm install @holdpoint/checkpoint-postgres@latest`,
  );
}
