// A connection that is lost at any statement of a run: in `sync` nothing that was done is done again, and the thread goes on.
import { CheckpointError } from "@holdpoint/checkpoint";
import { Annotation, Command, interrupt, START, StateGraph, task } from "@holdpoint/core";
import pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { type PostgresPool, PostgresSaver } from "../src/index.js";
import { newSchema, sharedServer } from "./shared-server.js";

let url: string;
beforeAll(async () => {
  url = await sharedServer();
});

/** When the server ends the connection: before the statement comes, while it is at it, or after it has done it and before it says so. */
type When = "before" | "during" | "after";

/** A pool whose connections are lost at so many statements from the nth on. */
function losingPool(real: pg.Pool, administrator: pg.Pool) {
  const fault = { at: 0, count: 0, when: "before" as When, failed: 0 };
  let statements = 0;
  const lose = (client: pg.PoolClient) =>
    administrator.query("SELECT pg_terminate_backend($1)", [(client as unknown as { processID: number }).processID]);
  const query = async (client: pg.PoolClient, statement: pg.QueryConfig): Promise<{ rows: unknown[] }> => {
    if (statements++ < fault.at || fault.failed >= fault.count) return client.query(statement);
    fault.failed++;
    if (fault.when === "during") return (await Promise.all([client.query(statement), lose(client)]))[0];
    if (fault.when === "before") await lose(client);
    const result = await client.query(statement);
    await lose(client);
    if (fault.when === "after") throw new Error("Connection terminated unexpectedly");
    return result;
  };
  const pool: PostgresPool = {
    get waitingCount() {
      return real.waitingCount;
    },
    connect: async () => {
      const client = await real.connect();
      return {
        query: (statement) => query(client, statement as pg.QueryConfig),
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: (destroy) => client.release(destroy),
      };
    },
    end: () => real.end(),
    on: (event: string, listener: (detail: never) => void) => real.on(event as "error", listener as (error: Error) => void),
  };
  const start = (next: { at: number; count: number; when: When }) => {
    statements = 0;
    Object.assign(fault, next, { failed: 0 });
  };
  return { pool, fault, start };
}

function build(checkpointer: PostgresSaver, effects: string[]) {
  const act = (name: string) => task(name, async () => void effects.push(name))();
  const asks = (name: string) => async () => {
    const said = interrupt<string>(`${name}?`);
    await act(name);
    return { log: [`${name} ${said}`] };
  };
  const log = Annotation<string[], string[]>({ reducer: (all, more) => all.concat(more), default: () => [] });
  return new StateGraph(Annotation.Root({ log }))
    .addNode("one", asks("one"))
    .addNode("two", asks("two"))
    .addNode("three", async () => {
      effects.push("three");
      return { log: ["three"] };
    })
    .addNode("four", () => ({ log: ["four"] }))
    .addEdge(START, "one")
    .addEdge(START, "two")
    .addEdge(["one", "two"], "three")
    .addEdge("three", "four")
    .compile({ checkpointer });
}

/** Looks where the thread stands and goes on from there, until it is at its end. */
async function drive(graph: ReturnType<typeof build>, threadId: string): Promise<string[]> {
  const config = { configurable: { thread_id: threadId }, durability: "sync" } as const;
  for (let tries = 0; tries < 30; tries++) {
    try {
      const { config: at, next, tasks, values } = await graph.getState(config);
      const [asked] = tasks.flatMap(({ interrupts }) => interrupts);
      if (at.configurable?.checkpoint_id === undefined) await graph.invoke({ log: ["asked"] }, config);
      else if (asked !== undefined) await graph.invoke(new Command({ resume: { [asked.id]: "yes" } }), config);
      else if (next.length > 0) await graph.invoke(null, config);
      else return values.log;
    } catch (error) {
      expect(CheckpointError.is(error) ? [error.code, error.retryable] : error).toEqual(["STORAGE_FAILED", true]);
    }
  }
  throw new Error("The thread does not come to its end.");
}

it.each<[When, number]>([
  ["before", 3],
  ["during", 1],
  ["after", 1],
])("%s a statement, %d times", async (when, count) => {
  const real = new pg.Pool({ connectionString: url, max: 3 });
  // A connection that nobody uses at the moment is told of here.
  real.on("error", () => undefined);
  const administrator = new pg.Pool({ connectionString: url, max: 1 });
  const { pool, fault, start } = losingPool(real, administrator);
  const saver = new PostgresSaver(pool, { schema: newSchema() });
  await saver.setup();
  for (let at = 0, done = false; !done; at++) {
    start({ at, count, when });
    const effects: string[] = [];
    expect(await drive(build(saver, effects), `thread-${at}`)).toEqual(["asked", "one yes", "two yes", "three", "four"]);
    expect(effects).toEqual(["one", "two", "three"]);
    done = fault.failed === 0;
  }
  await saver.end();
  await real.end();
  await administrator.end();
});
