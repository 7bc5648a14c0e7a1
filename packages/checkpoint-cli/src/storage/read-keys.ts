import { readFileSync } from "node:fs";
import type { KeyRing } from "@holdpoint/checkpoint";
import { CliError } from "../cli-error.js";

/**
 * Reads a key ring from a file of JSON: `{ "current": "a", "keys": { "a": "…base64…" } }`. From a file, for a command line is seen by every
 * process of the machine. No message holds anything of it.
 */
export function readKeys(path: string): KeyRing {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CliError(
      `The key file ${JSON.stringify(path)} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`,
    );
  }
  const ring = parsed(text);
  if (isRecord(ring) && typeof ring.current === "string" && isRecord(ring.keys)) return ring as unknown as KeyRing;
  throw new CliError(
    `The key file ${JSON.stringify(path)} must hold JSON like { "current": "a", "keys": { "a": "…base64 of 32 bytes…" } }.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message shows a part of the text.
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
