// Opens a database at the same moment as others, on the built package, and saves into it: node child.mjs <file> <name> <time> <count>
import { checkpointId } from "@holdpoint/checkpoint";
import { SqliteSaver } from "../dist/index.js";

const [file, name, time, count] = process.argv.slice(2);

while (Date.now() < Number(time) - 2) await new Promise((resolve) => setTimeout(resolve, 1));
while (Date.now() < Number(time));

const saver = SqliteSaver.fromConnString(file);
let parent;
for (let n = 0; n < Number(count); n++) {
  const id = checkpointId(parent?.id);
  const checkpoint = { v: 4, id, ts: "", channel_values: { name, n }, channel_versions: { name: id, n: id }, versions_seen: {} };
  const from = { configurable: { thread_id: "t", checkpoint_id: parent?.id } };
  await saver.put(from, checkpoint, { source: "loop", step: n, parents: {} }, {}, parent);
  parent = checkpoint;
}
saver.close();
