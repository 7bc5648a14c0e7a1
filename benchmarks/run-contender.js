// Runs the workloads of one file for one contender, at the word of the process that has started it (lib/contender-process.js).
import { Session } from "./lib/session.js";

const { file, contender } = JSON.parse(process.argv[2]);
const { workloads } = await import(new URL(`workloads/${file}.js`, import.meta.url).href);
let session;

const actions = {
  async warmUp({ index }) {
    session = new Session((await workloads[index].contenders())[contender]);
    await session.warmUp();
  },
  sample: () => session.sample(),
  bytesPerRun: () => session.bytesPerRun(),
  close: () => session.close(),
};

// A connection or a server would keep it alive.
process.on("disconnect", () => process.exit());
process.on("message", async (request) => {
  try {
    process.send({ value: await actions[request.action](request) });
  } catch (error) {
    process.send({ failed: error.stack });
  }
});
