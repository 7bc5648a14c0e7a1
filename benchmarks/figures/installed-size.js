import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OURS = ["checkpoint", "core", "checkpoint-sqlite"];
const PEERS = ["@langchain/langgraph", "@langchain/langgraph-checkpoint-sqlite"];
/** Every SQLite saver but ours on a Node.js with `node:sqlite` needs one; both are counted without. */
const DRIVERS = new Set(["better-sqlite3", "libsql"]);

/** Bytes of a folder's files, without packages nested in it. */
function bytesIn(folder, nested = true) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += nested || entry.name !== "node_modules" ? bytesIn(path, nested) : 0;
    else bytes += lstatSync(path).size;
  }
  return bytes;
}

/** Packs our packages and installs them in an empty project. */
function installOurs() {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-size-"));
  try {
    const npm = (args, cwd) => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const tarballs = OURS.map((name) =>
      join(folder, JSON.parse(npm(["pack", "--json", "--pack-destination", folder], join(ROOT, "packages", name)))[0].filename),
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
    npm(["install", "--omit=peer", "--offline", "--no-audit", "--no-fund", "--no-package-lock", ...tarballs], folder);
    const modules = join(folder, "node_modules");
    rmSync(join(modules, ".package-lock.json"), { force: true });
    const packages = readdirSync(modules).flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((sub) => `${name}/${sub}`) : [name],
    );
    return { bytes: bytesIn(modules), packages: packages.filter((name) => !name.startsWith(".")).length };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The installed packages that `names` need, as npm would install them: dependencies, and peers that are not optional. */
function closure(names) {
  const found = new Map();
  const visit = (name, from) => {
    if (DRIVERS.has(name)) return;
    const folder = folderOf(name, from);
    if (folder === undefined || found.has(folder)) return;
    found.set(folder, name);
    const {
      dependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const peers = Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional !== true);
    for (const needed of [...Object.keys(dependencies), ...peers]) visit(needed, folder);
  };
  for (const name of names) visit(name, join(ROOT, "benchmarks"));
  return [...found.keys()];
}

function folderOf(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

export async function sizeFigures() {
  const ours = installOurs();
  const folders = closure(PEERS);
  const peer = { bytes: folders.reduce((sum, folder) => sum + bytesIn(folder, false), 0), packages: folders.length };
  const megabytes = ({ bytes }) => `${(bytes / 1e6).toFixed(2)} MB`;
  return [
    {
      title: "installed: core, checkpoint and checkpoint-sqlite",
      heading: "Installed",
      toPeer: `${megabytes(ours)}, ${ours.packages} packages`,
      peerTarget: "under 1 MB, no dependency",
      met: ours.bytes < 1e6 && ours.packages === OURS.length,
      text: `${megabytes(ours)} in ${ours.packages} packages; LangGraph ${megabytes(peer)} in ${peer.packages}`,
      table: [
        ["installed, without a SQLite driver", "bytes", "packages"],
        ["| --- | ---: | ---: |"],
        ["core, checkpoint, checkpoint-sqlite", megabytes(ours), String(ours.packages)],
        [PEERS.map((name) => `\`${name}\``).join(", "), megabytes(peer), String(peer.packages)],
      ],
    },
  ];
}
sizeFigures.word = "installed";
