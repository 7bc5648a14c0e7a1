import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { Connection } from "./connection.js";
import type { PooledClient, PostgresPool } from "./postgres-pool.js";
import { schemaName } from "./schema-name.js";

describe("a connection that ends just as it is lent", () => {
  it("does not end the process", async () => {
    const client = Object.assign(new EventEmitter(), { query: async () => ({ rows: [] }), release: () => {} }) as EventEmitter &
      PooledClient;
    const pool = new EventEmitter() as EventEmitter & PostgresPool;
    pool.connect = async () => {
      pool.emit("connect", client);
      // What pg does when the server's last word comes with its first, before whoever asked can have added a listener.
      client.emit("error", new Error("terminating connection"));
      return client;
    };
    const connection = new Connection(pool, { schema: schemaName("s"), prepares: true }, async () => {});
    expect(await connection.all("SELECT 1", 1)).toEqual([]);
    pool.emit("error", new Error("an idle connection has ended"));
  });
});
