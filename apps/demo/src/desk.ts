import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { createDeskAgent, type DeskAgent } from "./agent.js";
import { Bookings } from "./bookings.js";
import { type Day, today as todayHere } from "./calendar.js";
import { type ChosenModel, chooseModel } from "./choose-model.js";
import type { ModelChoice } from "./flags.js";
import { Outbox } from "./outbox.js";
import { makeFolder, type Places, placesOf } from "./places.js";

export interface DeskOptions {
  /** The thread database; its other files stand beside it. */
  readonly database: string;
  readonly model: ModelChoice;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly today?: () => Day;
  readonly onWait?: (seconds: number) => void;
}

/** An open desk: an agent with its memory, and the books that it writes to. */
export interface Desk {
  readonly agent: DeskAgent;
  readonly saver: SqliteSaver;
  readonly bookings: Bookings;
  readonly outbox: Outbox;
  readonly chosen: ChosenModel;
  readonly places: Places;
  close(): void;
}

/** Opens a desk on its files, and makes those that are missing. */
export async function openDesk({ database, model, env, today = todayHere, onWait }: DeskOptions): Promise<Desk> {
  makeFolder(database);
  const places = placesOf(database);
  const saver = SqliteSaver.fromConnString(places.threads);
  const bookings = new Bookings(places.bookings);
  const outbox = new Outbox(places.outbox);
  const chosen = await chooseModel(model, { env, today, onWait });
  return {
    agent: createDeskAgent(chosen.model, { bookings, outbox, today }, saver),
    saver,
    bookings,
    outbox,
    chosen,
    places,
    close() {
      saver.close();
      bookings.close();
    },
  };
}
