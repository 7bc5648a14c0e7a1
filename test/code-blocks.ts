import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A fenced TypeScript block of a document, or of a doc comment. */
export interface CodeBlock {
  /** `file:line`, the line being that of the block's first line of code. */
  readonly where: string;
  readonly file: string;
  readonly line: number;
  /** What follows `ts` on the fence: "" (compiled), `run`, `continues`, or `no-check` and the reason. */
  readonly mark: string;
  readonly code: string;
  /** The text of the `text` block that comes next, if it comes before another `ts` block. */
  readonly output: string | undefined;
}

const fence = /^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```[ \t]*$/gm;
const docComment = /\/\*\*[\s\S]*?\*\//g;

/** Keeps the line numbers and blanks everything that is not in a doc comment. */
function docCommentsOnly(source: string): string {
  let kept = "";
  let end = 0;
  for (const match of source.matchAll(docComment)) {
    kept += source.slice(end, match.index).replace(/[^\n]/g, "");
    kept += match[0].replace(/^[ \t]*(?:\/\*\*|\*\/|\* ?)/gm, "");
    end = match.index + match[0].length;
  }
  return kept;
}

export function readCodeBlocks(root: string, file: string): CodeBlock[] {
  const source = readFileSync(join(root, file), "utf8").replaceAll("\r\n", "\n");
  const text = file.endsWith(".ts") ? docCommentsOnly(source) : source;
  const fences = [...text.matchAll(fence)];
  return fences.flatMap((match, index) => {
    const [, language = "", mark = "", code = ""] = match;
    if (language !== "ts" && language !== "typescript") return [];
    const line = text.slice(0, match.index).split("\n").length + 1;
    const next = fences[index + 1];
    return [{ where: `${file}:${line}`, file, line, mark: mark.trim(), code, output: next?.[1] === "text" ? next[3] : undefined }];
  });
}

/** The documents whose code must compile: READMEs, everything under docs, and the doc comments of what is published. */
export function documents(root: string): string[] {
  const below = (folder: string, ends: RegExp) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
      .filter((path) => ends.test(path) && !/\/(node_modules|dist)\//.test(path));
  return [
    "README.md",
    ...below("packages", /^packages\/[^/]+\/README\.md$|^packages\/[^/]+\/src\/(?!.*\.test(-d)?\.ts$).*\.ts$/),
    ...below("apps", /^apps\/[^/]+\/README\.md$/),
    ...below("docs", /\.md$/),
  ].sort();
}
