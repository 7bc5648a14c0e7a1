/** One node of a drawn graph; its start and its end are nodes too. */
export interface DrawnNode {
  readonly id: string;
  readonly name: string;
  /** What `addNode` says of it, and `__interrupt` ("before", "after", "before,after") where the graph stops by itself. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** One arrow of a drawn graph. */
export interface DrawnEdge {
  readonly source: string;
  readonly target: string;
  /** A way that is chosen as the graph runs. */
  readonly conditional: boolean;
  /** What a conditional edge calls this way, where that is not the target's name. */
  readonly data?: string;
}

/** As LangChain's `drawMermaid` takes them. */
export interface MermaidOptions {
  /** Default: true. Without, boxes and colours are left to Mermaid. */
  readonly withStyles?: boolean;
  /** Default: "linear". */
  readonly curveStyle?: string;
  /** Mermaid's styles of the classes `default`, `first` and `last`. */
  readonly nodeColors?: Readonly<Record<string, string>>;
  /** Words of a label in one line. Default: 9. */
  readonly wrapLabelNWords?: number;
}

export interface MermaidShape {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly first: DrawnNode | undefined;
  readonly last: DrawnNode | undefined;
}

const COLOURS = { default: "fill:#f2f0ff,line-height:1.2", first: "fill-opacity:0", last: "fill:#bfb6fc" };

/** Writes a graph as a Mermaid flow chart; what stands within a graph that is a node, as a subgraph. */
export function drawMermaid({ nodes, edges, first, last }: MermaidShape, options: MermaidOptions = {}): string {
  const { withStyles = true, curveStyle = "linear", nodeColors = COLOURS, wrapLabelNWords = 9 } = options;
  const ids = safeIds(nodes);
  const box = (node: DrawnNode) => {
    const id = ids.get(node.id);
    if (node === first) return `\t${id}([${labelOf(node)}]):::first`;
    return node === last ? `\t${id}([${labelOf(node)}]):::last` : `\t${id}(${labelOf(node)})`;
  };
  const arrow = ({ source, target, conditional, data }: DrawnEdge) => {
    const [line, end] = conditional ? ["-.", ".->"] : ["--", "-->"];
    const label = data === undefined ? "" : ` ${line} &nbsp;${wrap(data, wrapLabelNWords)}&nbsp; ${end} `;
    return `\t${ids.get(source)}${label || (conditional ? " -.-> " : " --> ")}${ids.get(target)};`;
  };
  const lines = [
    ...(withStyles ? [`%%{init: {'flowchart': {'curve': '${curveStyle}'}}}%%`] : []),
    "graph TD;",
    ...(withStyles ? nodes.map(box) : []),
    ...inGroups(edges, arrow),
    ...(withStyles ? Object.entries(nodeColors).map(([name, colour]) => `\tclassDef ${name} ${colour};`) : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Ids that Mermaid takes, of which no two are the same. */
function safeIds(nodes: readonly DrawnNode[]): Map<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id } of nodes) {
    // A keyword as well.
    const plain = id === "subgraph" || id === "end" ? `_${id}_` : id.replace(/[^a-zA-Z0-9_-]/g, "_");
    let safe = plain;
    for (let n = 2; taken.has(safe); n++) safe = `${plain}_${n}`;
    taken.add(safe);
    ids.set(id, safe);
  }
  return ids;
}

function labelOf({ name, metadata = {} }: DrawnNode): string {
  const own = name.split(":").at(-1) ?? "";
  // Mermaid would read what stands between them as Markdown.
  const isMarkdown = /^([*_`]).*[*_`]$/s.test(own);
  const notes = Object.entries(metadata).flatMap(([key, value]) => {
    const text = Array.isArray(value) && value.every(isScalar) ? value.join(",") : isScalar(value) ? String(value) : undefined;
    return text === undefined ? [] : [escapeText(`${key} = ${text}`)];
  });
  const label = isMarkdown ? `<p>${escapeText(own)}</p>` : escapeText(own);
  return notes.length === 0 ? label : `${label}<hr/><small><em>${notes.join("\n")}</em></small>`;
}

const isScalar = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

/** What has a meaning in Mermaid as its code, and the end of a line as a space. */
const escapeText = (text: string): string => text.replace(/[#[\](){}<>|;"\n\r]/g, codeOf);

const codeOf = (char: string): string => (char === '"' ? "#quot;" : char < " " ? " " : `#${char.charCodeAt(0)};`);

function wrap(label: string, words: number): string {
  const all = escapeText(label).split(" ");
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += words) lines.push(all.slice(at, at + words).join(" "));
  return lines.join("&nbsp;<br>&nbsp;");
}

/** An edge within a graph that is a node stands in the group of that graph, and that one in the group of the graph around it. */
function inGroups(edges: readonly DrawnEdge[], arrow: (edge: DrawnEdge) => string): string[] {
  const groups = new Map<string, DrawnEdge[]>([["", []]]);
  for (const edge of edges) {
    const path = commonPath(edge);
    for (let depth = 1; depth <= path.length; depth++)
      if (!groups.has(path.slice(0, depth).join(":"))) groups.set(path.slice(0, depth).join(":"), []);
    groups.get(path.join(":"))!.push(edge);
  }
  const depthOf = (path: string) => (path === "" ? 0 : path.split(":").length);
  const write = (path: string): string[] => {
    const within = [...groups.keys()].filter((key) => depthOf(key) === depthOf(path) + 1 && (path === "" || key.startsWith(`${path}:`)));
    const inner = within.flatMap((key) => [`\tsubgraph ${escapeText(key.split(":").at(-1)!)}`, ...write(key), "\tend"]);
    const own = groups.get(path)!.map(arrow);
    return path === "" ? [...own, ...inner] : [...inner, ...own];
  };
  return write("");
}

function commonPath({ source, target }: DrawnEdge): string[] {
  const [from, to] = [source.split(":").slice(0, -1), target.split(":").slice(0, -1)];
  const parted = from.findIndex((name, at) => name !== to[at]);
  return parted === -1 ? from : from.slice(0, parted);
}
