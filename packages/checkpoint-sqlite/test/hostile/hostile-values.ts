// Damaged and hostile data: what stands in a cell is cut, changed, or replaced.
import fc from "fast-check";

/** A cell of the database, as the driver gives and takes it. */
export type Cell = null | number | string | Uint8Array;

const DEEP = 100_000;
/** More than a stack can follow too, in a fifth of the text. */
const LESS_DEEP = 20_000;

/** JSON that no saver of ours writes: polluting, deep, doubled, misleading, of the wrong type. */
export const FRAGMENTS: readonly string[] = [
  "null",
  "true",
  "false",
  "0",
  "1",
  "-1",
  "1e308",
  "1.5",
  '""',
  '"text"',
  '"\\ud800"',
  '"__proto__"',
  "[]",
  "{}",
  "[[]]",
  "[null,null]",
  '{"__proto__":{"polluted":1}}',
  '{"__proto__":null}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":1,"a":2}',
  '{"length":1,"0":1}',
  '{"toString":1,"valueOf":1,"hasOwnProperty":1}',
  '["o",{"__proto__":{"polluted":1}}]',
  '["o",{},{"__proto__":["=",1]}]',
  '["o",{},{"messages":["o",{}]},["messages"]]',
  '["o",null,null,null]',
  '["s",0,1,["x"]]',
  '["s",-1,0,[]]',
  '["s",4294967296,0,[1]]',
  '["s",1e15,1e15,[1]]',
  '["i",4294967295,[],[],[]]',
  '["i",0,[1],[0,1],[0,["=",1]]]',
  '["i",1,[],[0],[0]]',
  '["t",1e9,"x"]',
  '["=",1]',
  '["?"]',
  '{"~hp":"undefined"}',
  '{"~hp":"number","v":"NaN"}',
  '{"~hp":"bigint","v":"12345678901234567890"}',
  '{"~hp":"bigint","v":"1e5"}',
  '{"~hp":"date","v":"not a date"}',
  '{"~hp":"date","v":null}',
  '{"~hp":"map","v":[1]}',
  '{"~hp":"map","v":["__proto__",1]}',
  '{"~hp":"set","v":[[],{}]}',
  '{"~hp":"regexp","v":["(a+)+$","",0]}',
  '{"~hp":"regexp","v":["(","",0]}',
  '{"~hp":"bytes","v":["Uint8Array","AAAA"]}',
  '{"~hp":"bytes","v":["Float64Array","AAAA"]}',
  '{"~hp":"bytes","v":["constructor","AAAA"]}',
  '{"~hp":"error","v":{"class":"Function","message":"return 1"}}',
  '{"~hp":"error","v":{"class":"Error","message":"x","props":{"__proto__":{"polluted":1}}}}',
  '{"~hp":"url","v":"javascript:1"}',
  '{"~hp":"object","v":["__proto__",{"polluted":1}]}',
  '{"~hp":"null","v":{"__proto__":{"polluted":1}}}',
  '{"~hp":"sparse","v":[4294967295]}',
  '{"~hp":"sparse","v":[4294967295,4294967294,1]}',
  '{"~hp":"sparse","v":[4294967296]}',
  '{"~hp":"+evil:type","v":{"run":"rm -rf /"}}',
  '{"~hp":"constructor","v":[]}',
  '{"~hp":["date"],"v":1}',
  '{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"x"}}',
  '{"lc":2,"type":"constructor","id":["Function"],"args":["return 1"]}',
];

/** Whole cells that are no JSON, or more of it than anybody saves. */
export const CELLS: readonly Cell[] = [
  null,
  0,
  -1,
  1.5,
  2 ** 53,
  "",
  " ",
  "\u0001",
  '\u0001{"a":1}',
  '\u0001"\\ud800"',
  "\ufeff{}",
  "NaN",
  "x".repeat(1000),
  new Uint8Array(0),
  new Uint8Array([0, 1, 2, 255]),
  Buffer.from("[0,4,"),
  Buffer.from([0xed, 0xa0, 0x80]),
  "[".repeat(DEEP),
  `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`,
  `${'{"a":'.repeat(LESS_DEEP)}1${"}".repeat(LESS_DEEP)}`,
  `${'["o",{},{"a":'.repeat(LESS_DEEP)}1${"}]".repeat(LESS_DEEP)}`,
  `[1,4,"",["o",{}],null,${'["o",{},{"messages":'.repeat(DEEP)}1${"}]".repeat(DEEP)}]`,
  `[0,4,"",${'{"a":'.repeat(LESS_DEEP)}1${"}".repeat(LESS_DEEP)},{},{}]`,
  `[0,4,"",{},${'{"a":'.repeat(LESS_DEEP)}1${"}".repeat(LESS_DEEP)},{}]`,
  `[0,4,"",{},{},{"deep":${"[".repeat(LESS_DEEP)}${"]".repeat(LESS_DEEP)}}]`,
  `[0,4,"",{},{},{"deep":${'{"~hp":"set","v":['.repeat(LESS_DEEP)}${"]}".repeat(LESS_DEEP)}}]`,
  `[0,4,"",{},{},{"huge":"${"h".repeat(5_000_000)}"}]`,
  `[0,4,"",{},{},{"huge":[${"0,".repeat(500_000)}0]}]`,
  `[0,4,"",{},{},{"huge":{"~hp":"bigint","v":"${"9".repeat(100_000)}"}}]`,
  '[0,4,"",{},{},{},{"channel_values":5,"id":"other","channel_versions":null}]',
  '[0,4,"",{"a":true},{"n":{"a":false}},{"a":1},{"__proto__":{"polluted":1}}]',
];

/** Places of a JSON value: the ways to its parts. */
function pathsOf(value: unknown, path: readonly (string | number)[] = [], into: (readonly (string | number)[])[] = []) {
  into.push(path);
  if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value))
      pathsOf((value as Record<string, unknown>)[key], [...path, Array.isArray(value) ? Number(key) : key], into);
  }
  return into;
}

const MARK = "\u0002here\u0002";

/** The JSON text with one part replaced by another text, or taken away. */
function replaced(text: string, choose: number, fragment: string | undefined): string {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return fragment ?? "";
  }
  const paths = pathsOf(tree);
  const path = paths[choose % paths.length]!;
  const last = path.at(-1);
  if (last === undefined) return fragment ?? "";
  let holder = tree as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  if (fragment === undefined) {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
    return JSON.stringify(tree);
  }
  holder[last] = MARK;
  return JSON.stringify(tree).replace(JSON.stringify(MARK), () => fragment);
}

function flipped(cell: Cell, at: number, bit: number): Cell {
  const bytes = Buffer.from(cell instanceof Uint8Array ? cell : String(cell));
  if (bytes.length === 0) return bytes;
  bytes[at % bytes.length]! ^= 1 << bit;
  return typeof cell === "string" && bit % 2 === 0 ? bytes.toString("latin1") : bytes;
}

/** What becomes of a cell. */
export const damage: fc.Arbitrary<(cell: Cell) => Cell> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(), fc.constantFrom(...FRAGMENTS)).map(
      ([at, fragment]) =>
        (cell: Cell) =>
          replaced(String(cell), at, fragment),
    ),
  },
  fc.nat().map((at) => (cell: Cell) => replaced(String(cell), at, undefined)),
  fc.nat().map((at) => (cell: Cell) => String(cell).slice(0, at % (String(cell).length + 1))),
  fc.tuple(fc.nat(), fc.nat(7)).map(
    ([at, bit]) =>
      (cell: Cell) =>
        flipped(cell, at, bit),
  ),
  fc.tuple(fc.nat(), fc.string({ unit: "binary", maxLength: 3 })).map(([at, text]) => (cell: Cell) => {
    const whole = String(cell);
    const place = at % (whole.length + 1);
    return whole.slice(0, place) + text + whole.slice(place + 1);
  }),
  fc
    .constantFrom(...CELLS.filter((cell) => cell === null || typeof cell === "number" || cell.length < 2000), ...FRAGMENTS)
    .map((cell) => () => cell),
);
