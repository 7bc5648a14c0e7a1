import { describeConformance, placedSerializer } from "@holdpoint/checkpoint/conformance";
import pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import { bytesSerializer } from "../test/bytes-serializer.js";
import { emptySchema } from "../test/empty-schema.js";
import { newSchema, sharedServer } from "../test/shared-server.js";
import { PostgresSaver } from "./postgres-saver.js";

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url, max: 20 });
});
afterAll(() => pool.end());

const serializer = bytesSerializer(placedSerializer());
const savers: [name: string, create: (schema: string) => PostgresSaver, options: { serializer?: typeof serializer }][] = [
  ["PostgresSaver of a connection string", (schema) => PostgresSaver.fromConnString(url, { schema }), {}],
  ["PostgresSaver on a pool, with bytes", (schema) => new PostgresSaver(pool, { schema, serializer, prepare: false }), { serializer }],
];

for (const [name, create, options] of savers) {
  const schema = newSchema();
  const dispose = async (saver: unknown) => {
    await (saver as PostgresSaver).end();
    await emptySchema(pool, schema);
  };
  const setUp = async () => {
    const saver = create(schema);
    await saver.setup();
    return saver;
  };
  describeConformance({ describe, it }, { name, create: setUp, dispose, ...options });
}
