// Loaded before the program: ends it with SIGKILL at the moment that HOLDPOINT_TEST_DIE_AT names, as a power cut would.
import { SqliteSaver } from "@holdpoint/checkpoint-sqlite";
import { Bookings } from "../../dist/bookings.js";
import { Outbox } from "../../dist/outbox.js";

const [moment, method, count] = (process.env.HOLDPOINT_TEST_DIE_AT ?? "").split(" ");
const die = () => process.kill(process.pid, "SIGKILL");

function wrap(type, names, isIt) {
  for (const name of names) {
    const original = type.prototype[name];
    type.prototype[name] = function (...args) {
      const now = isIt(name);
      if (now && moment === "before") die();
      const result = original.apply(this, args);
      if (!now || moment !== "after") return result;
      if (typeof result?.then !== "function") return die();
      return result.then(die);
    };
  }
}

if (method === "book") wrap(Bookings, ["book"], () => true);
else if (method === "send") wrap(Outbox, ["send"], () => true);
else if (method === "write") {
  let writes = 0;
  wrap(SqliteSaver, ["put", "putWrites", "recordDecisions"], () => ++writes === Number(count));
}
