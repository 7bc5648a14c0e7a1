// Lets processes that a test starts take the durability mode of this run of the suite as their default: they inherit the environment.
const preload = new URL("preload.mjs", import.meta.url).href;
const { HOLDPOINT_TEST_DURABILITY: mode, NODE_OPTIONS: options = "" } = process.env;

if (mode !== undefined && !options.includes(preload)) process.env.NODE_OPTIONS = `${options} --import ${preload}`.trim();
