// Node's hook that loads the built core with another default durability. `DEFAULT_DURABILITY` stands there as its value, in one place.
const mode = process.env.HOLDPOINT_TEST_DURABILITY;
const builtCore = /\/(?:packages|@holdpoint)\/core\/dist\/index\.js$/;
const builtDefault = /(?<=durability \?\? )"sync"/g;

/** @type {import("node:module").LoadHook} */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!builtCore.test(url) || loaded.source === undefined || loaded.source === null) return loaded;
  const code = loaded.source.toString();
  const places = code.match(builtDefault)?.length ?? 0;
  if (places !== 1) throw new Error(`${url} has ${places} places that look like the default durability, and should have one.`);
  return { ...loaded, source: code.replace(builtDefault, JSON.stringify(mode)) };
}
