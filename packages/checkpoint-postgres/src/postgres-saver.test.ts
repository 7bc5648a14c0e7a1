import type { CheckpointSaver } from "@holdpoint/checkpoint";
import { describeConformance, placedSerializer } from "@holdpoint/checkpoint/conformance";
import pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import { bytesSerializer } from "../test/bytes-serializer.js";
import { emptySchema } from "../test/empty-schema.js";
import { groupedSaver } from "../test/grouped-saver.js";
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
/** The saver itself, and how the tests use it. */
const savers: [
  name: string,
  create: (schema: string) => PostgresSaver,
  options: { serializer?: typeof serializer },
  isGrouped?: boolean,
][] = [
  ["PostgresSaver of a connection string", (schema) => PostgresSaver.fromConnString(url, { schema }), {}],
  ["PostgresSaver on a pool, with bytes", (schema) => new PostgresSaver(pool, { schema, serializer, prepare: false }), { serializer }],
  [
    "PostgresSaver with every save in a group, with bytes",
    (schema) => PostgresSaver.fromConnString(url, { schema, serializer }),
    { serializer },
    true,
  ],
];

for (const [name, create, options, isGrouped] of savers) {
  const schema = newSchema();
  const dispose = async (saver: CheckpointSaver) => {
    await (saver as PostgresSaver).end();
    await emptySchema(pool, schema);
  };
  const setUp = async () => {
    const saver = create(schema);
    await saver.setup();
    return isGrouped ? groupedSaver(saver) : saver;
  };
  describeConformance({ describe, it }, { name, create: setUp, dispose, ...options });
}
