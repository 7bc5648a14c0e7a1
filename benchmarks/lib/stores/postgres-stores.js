import pg from "pg";
import { postgresUrl } from "./postgres-server.js";

/** Connections at once, the same for all. */
const CONNECTIONS = 10;
let schemas = 0;

/** A schema that nobody else uses, the bytes of its tables, and its end. */
async function openSchema() {
  const url = await postgresUrl();
  const schema = `bench_${process.pid}_${schemas++}`;
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  const size = `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'`;
  return {
    url,
    schema,
    bytes: async () => Number((await admin.query(size, [schema])).rows[0].bytes),
    async close() {
      await admin.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await admin.end();
    },
  };
}

export async function openHoldpoint() {
  const { PostgresSaver } = await import("@holdpoint/checkpoint-postgres");
  const { url, schema, bytes, close } = await openSchema();
  const saver = PostgresSaver.fromConnString(url, { schema, max: CONNECTIONS });
  await saver.setup();
  return {
    saver,
    bytes,
    async close() {
      await saver.end();
      await close();
    },
  };
}

export async function openLanggraph() {
  const { PostgresSaver } = await import("@langchain/langgraph-checkpoint-postgres");
  const { url, schema, bytes, close } = await openSchema();
  const saver = new PostgresSaver(new pg.Pool({ connectionString: url, max: CONNECTIONS }), undefined, { schema });
  await saver.setup();
  return {
    saver,
    bytes,
    async close() {
      await saver.end();
      await close();
    },
  };
}

/** An append-only table, a prepared INSERT for each step. */
export async function openByHand() {
  const { url, schema, bytes, close } = await openSchema();
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  await pool.query(`CREATE SCHEMA "${schema}"`);
  const table = `"${schema}".steps`;
  await pool.query(
    `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, thread text NOT NULL, change jsonb NOT NULL)`,
  );
  await pool.query(`CREATE INDEX ON ${table} (thread)`);
  const insert = { name: "insert", text: `INSERT INTO ${table} (thread, change) VALUES ($1, $2)` };
  const list = `SELECT change FROM ${table} WHERE thread = $1 ORDER BY id`;
  return {
    bytes,
    append: (thread, change) => pool.query({ ...insert, values: [thread, JSON.stringify(change)] }),
    flush() {},
    list: async (thread) => (await pool.query(list, [thread])).rows.map(({ change }) => change),
    async close() {
      await pool.end();
      await close();
    },
  };
}
