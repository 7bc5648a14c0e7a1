import { describeStoreConformance, placedSerializer } from "@holdpoint/checkpoint/conformance";
import pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import { bytesSerializer } from "../../test/bytes-serializer.js";
import { newSchema, sharedServer } from "../../test/shared-server.js";
import { PostgresStore, type PostgresStoreOptions } from "./postgres-store.js";

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url, max: 20 });
});
afterAll(() => pool.end());

const serializer = bytesSerializer(placedSerializer());
const stores: [name: string, create: (options: PostgresStoreOptions) => PostgresStore][] = [
  ["PostgresStore of a connection string", (options) => PostgresStore.fromConnString(url, options)],
  ["PostgresStore on a pool, with bytes", (options) => new PostgresStore(pool, { ...options, serializer, prepare: false })],
];

for (const [name, create] of stores) {
  const schema = newSchema();
  describeStoreConformance(
    { describe, it },
    {
      name,
      create: (options) => create({ ...options, schema }),
      dispose: async (store) => {
        await (store as PostgresStore).end();
        // Quicker than to set up another schema.
        await pool.query(`DELETE FROM "${schema}".document`);
      },
    },
  );
}
