import fc from "fast-check";

// In CI the same cases each time: a run there tells whether a change broke something. New cases are looked for everywhere else; each failure says its seed.
if (process.env.CI === "true") fc.configureGlobal({ seed: 20261124 });
