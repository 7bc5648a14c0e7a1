import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type CodeBlock, documents, readCodeBlocks } from "./code-blocks.js";

const root = fileURLToPath(new URL("..", import.meta.url));
// Inside the workspace, so that its packages resolve as they do for a user; ignored by git.
const scratch = join(root, ".doc-blocks");

const blocks = documents(root).flatMap((file) => readCodeBlocks(root, file));

// Node.js 22 warns on stderr that `node:sqlite` is experimental there.
const quiet = "--disable-warning=ExperimentalWarning";

const nameOf = (block: CodeBlock) => `${block.file.replace(/[^a-zA-Z0-9]+/g, "-")}-L${block.line}`;

/** Blank lines in front keep the compiler's line numbers those of the document. */
function at(block: CodeBlock, before: string): string {
  return before + "\n".repeat(block.line - before.split("\n").length) + block.code;
}

/** One module per block; a block marked `continues` has the compiled blocks before it, back to the last start, in front. */
function writeModules(): void {
  let module = { file: "", text: "" };
  for (const block of blocks) {
    if (block.mark.startsWith("no-check")) continue;
    const continues = block.mark === "continues" && module.file === block.file;
    module = { file: block.file, text: at(block, continues ? module.text : "") };
    writeFileSync(join(scratch, `${nameOf(block)}.ts`), module.text);
  }
}

let compilerOutput = "";

beforeAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  writeModules();
  const compilerOptions = {
    rootDir: ".",
    outDir: "out",
    moduleDetection: "force",
    declaration: false,
    declarationMap: false,
    sourceMap: false,
  };
  writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.base.json", compilerOptions, include: ["*.ts"] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  compilerOutput = spawnSync(process.execPath, [tsc, "-p", "tsconfig.json", "--pretty", "false"], {
    cwd: scratch,
    encoding: "utf8",
  }).stdout;
});

describe("code in the documents", () => {
  it("is marked with nothing, run, continues, or no-check and a reason", () => {
    const marks = /^(|run|continues|no-check \S.*)$/;
    expect(blocks.filter((block) => !marks.test(block.mark)).map((block) => `${block.where}: ${block.mark}`)).toEqual([]);
  });

  it("compiles", () => {
    expect(compilerOutput).toBe("");
  });

  const runnable = blocks.filter((block) => block.mark === "run");

  it("is run at least once, in README.md", () => {
    expect(runnable.map((block) => block.file)).toContain("README.md");
  });

  it.each(runnable)("$where prints what the document says", (block) => {
    const cwd = mkdtempSync(join(tmpdir(), "holdpoint-docs-"));
    try {
      const script = join(scratch, "out", `${nameOf(block)}.js`);
      const run = spawnSync(process.execPath, [quiet, script], { cwd, encoding: "utf8", timeout: 30_000 });
      expect({ printed: run.stdout.trim(), errors: run.stderr }).toEqual({ printed: block.output?.trim(), errors: "" });
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});

describe("the reader of code blocks", () => {
  it("finds the blocks of doc comments, at their lines", () => {
    const [block] = readCodeBlocks(root, "test/fixtures/doc-comment.ts");
    expect(block).toMatchObject({ line: 7, mark: "", code: "const answer: number = double(2);\nconsole.log(answer);\n" });
    expect(readFileSync(join(root, "test/fixtures/doc-comment.ts"), "utf8").split("\n")[6]).toContain("const answer");
  });
});
