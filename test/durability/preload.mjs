// Loaded before a program that a test starts: gives the built core another default durability.
import { register } from "node:module";

if (process.env.HOLDPOINT_TEST_DURABILITY !== undefined) register("./other-default.mjs", import.meta.url);
