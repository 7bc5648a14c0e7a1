import { CheckpointError } from "@holdpoint/checkpoint";
import { type Session, transact } from "./connection.js";
import { MIGRATIONS } from "./migrations.js";
import { lockKey, type SchemaName } from "./schema-name.js";
import { SQL } from "./statements.js";

/**
 * Brings the schema up to date, in one transaction. Safe while other processes do the same: one of them does it, the others find it done.
 * @throws CheckpointError NEWER_DATABASE if a newer version of this package has been at it, STORAGE_FAILED if the database does not keep Unicode.
 */
export async function migrate(session: Session, schema: SchemaName): Promise<void> {
  if ((await currentNumber(session)) === MIGRATIONS.length) return;
  await transact(session, SQL.begin, async () => {
    await session.all(SQL.lockSetup, lockKey(schema, "setup"));
    await checkEncoding(session);
    await makeSchema(session, schema);
    await session.all(SQL.createMigrations);
    for (let number = (await currentNumber(session)) + 1; number <= MIGRATIONS.length; number++) {
      await session.all(MIGRATIONS[number - 1]!);
      await session.all(SQL.addMigration, number);
    }
  });
}

/** Makes the schema unless it is there. Asked first: who may not create schemas may not even ask for one that is there already. */
export async function makeSchema(session: Session, schema: SchemaName): Promise<void> {
  const { found } = (await session.get<{ found: boolean }>(SQL.findSchema, schema.name)) ?? {};
  if (found !== true) await session.all(SQL.createSchema);
}

/** Number of the last migration that was made; 0 for a new schema. */
async function currentNumber(session: Session): Promise<number> {
  const [table] = await session.all<{ found: boolean }>(SQL.findMigrations);
  if (table?.found !== true) return 0;
  const number = Number((await session.get<{ number: unknown }>(SQL.lastMigration))?.number ?? 0);
  if (number <= MIGRATIONS.length) return number;
  throw new CheckpointError(
    "NEWER_DATABASE",
    `The database has schema ${number}; this version of @holdpoint/checkpoint-postgres knows ${MIGRATIONS.length}. Update the package: npm install @holdpoint/checkpoint-postgres@latest`,
  );
}

/** @throws CheckpointError STORAGE_FAILED if the database does not keep Unicode */
export async function checkEncoding(session: Session): Promise<void> {
  const encoding = (await session.get<{ encoding: string }>(SQL.readEncoding))?.encoding;
  if (encoding === "UTF8") return;
  throw new CheckpointError(
    "STORAGE_FAILED",
    `The database keeps text as ${encoding}, which cannot hold every text. Create one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
  );
}
