import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { DEFAULT_DATABASE } from "./default-database.js";

/** Where a desk keeps what it knows: the agent's memory, the hotel's books, and the mails that were sent. */
export interface Places {
  /** The thread database: what the agent remembers. */
  readonly threads: string;
  /** The hotel's bookings. */
  readonly bookings: string;
  /** The folder of sent mails. */
  readonly outbox: string;
}

/** Names the files of a thread database: `desk.db` has `desk.bookings.db` and `desk.outbox/` beside it. */
export function placesOf(database: string): Places {
  const threads = resolve(database);
  const stem = join(dirname(threads), basename(threads, extname(threads)));
  return { threads, bookings: `${stem}.bookings.db`, outbox: `${stem}.outbox` };
}

/** Makes the folder of a thread database. The default one hides itself from git. */
export function makeFolder(database: string): void {
  const folder = dirname(resolve(database));
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  if (database === DEFAULT_DATABASE) writeFileSync(join(folder, ".gitignore"), "*\n");
}
