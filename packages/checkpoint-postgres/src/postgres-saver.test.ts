import { describeConformance, placedSerializer } from "@holdpoint/checkpoint/conformance";
import pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import { bytesSerializer } from "../test/bytes-serializer.js";
import { newSchema, sharedServer } from "../test/shared-server.js";
import { PostgresSaver } from "./postgres-saver.js";

let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  url = await sharedServer();
  pool = new pg.Pool({ connectionString: url, max: 20 });
});
afterAll(() => pool.end());

const dispose = (saver: unknown) => (saver as PostgresSaver).end();

describeConformance(
  { describe, it },
  { name: "PostgresSaver of a connection string", create: () => PostgresSaver.fromConnString(url, { schema: newSchema() }), dispose },
);

const serializer = bytesSerializer(placedSerializer());
const create = () => new PostgresSaver(pool, { schema: newSchema(), serializer, prepare: false });
describeConformance({ describe, it }, { name: "PostgresSaver on a pool, with bytes", create, dispose, serializer });
