import { GAP } from "./read-dates.js";

const name = "\\p{L}[\\p{L}'’.-]*";
const particle = "(?:de|da|do|dos|del|della|der|den|di|du|la|le|van|von|zu|bin|al|el)";
const capitalised = `\\p{Lu}[\\p{L}'’.-]*(?:\\s+(?:${particle}\\s+)*\\p{Lu}[\\p{L}'’.-]*){0,4}`;

/** Words that lead to a name, surely ("in the name of") or perhaps ("for"). */
const SURE = new RegExp(
  `\\b(?:in the name of|under the name(?: of)?|under|my name is|the name is|the name's|name:?|the guest is|guest:?|i am|i'm|it is for|it's for)\\s+(?<said>${name}(?:\\s+${name}){0,4})`,
  "iu",
);
const FOR = new RegExp(`\\b[Ff]or\\s+(?:(?:my|our)\\s+\\p{L}+\\s+)?(?<said>${capitalised})`, "gu");
/** "book it for ada lovelace": small letters count at the end of what was said only. */
const FOR_AT_END = new RegExp(`\\bfor\\s+(?<said>${name}(?:\\s+${name}){0,2})\\s*[.!]?\\s*$`, "iu");

/** Words that end a name, or show that there is none. */
const NO_NAME = new Set(
  "a an the me us my our him her them it this that these those at in on from to until and please with two three four five six seven night nights week weeks day days room rooms people persons adults guests hotel hotels stay booking business pleasure work free sure now tonight today tomorrow sorry looking going here not".split(
    " ",
  ),
);

export interface ReadGuest {
  readonly guest?: string;
  readonly rest: string;
}

/** Reads for whom a booking is: "for Ada Lovelace", "in the name of ada lovelace", "guest: Ada". */
export function readGuest(text: string): ReadGuest {
  const sure = SURE.exec(text);
  const guest = asName(sure?.groups?.said ?? "");
  if (sure !== null && guest !== undefined) return { guest, rest: cut(text, sure.index, sure[0]) };
  for (const match of [...text.matchAll(FOR), FOR_AT_END.exec(text)]) {
    const perhaps = asName(match?.groups?.said ?? "");
    if (match !== null && perhaps !== undefined) return { guest: perhaps, rest: cut(text, match.index, match[0]) };
  }
  return { rest: text };
}

/** Reads an answer to "for whom?": a bare name will do. */
export function readGuestAnswer(text: string): string | undefined {
  const { guest } = readGuest(text);
  if (guest !== undefined) return guest;
  const bare = text
    .replace(/^\s*(?:it's|it is|for|to|please use|use|just)\s+/i, "")
    .replace(/[.!]\s*$/, "")
    .trim();
  return new RegExp(`^${name}(?:\\s+${name}){0,5}$`, "u").test(bare) ? asName(bare) : undefined;
}

function asName(said: string): string | undefined {
  const words: string[] = [];
  for (const word of said.split(/\s+/)) {
    if (word === "" || NO_NAME.has(word.toLowerCase())) break;
    words.push(word);
  }
  const [first = ""] = words;
  if (words.length === 0 || first.length < 2) return undefined;
  return words
    .map(withCapital)
    .join(" ")
    .replace(/[.,]+$/, "");
}

const PARTICLE = new RegExp(`^${particle}$`);
const withCapital = (word: string): string => (PARTICLE.test(word) ? word : word.charAt(0).toLocaleUpperCase() + word.slice(1));

const cut = (text: string, index: number, said: string): string => `${text.slice(0, index)}${GAP}${text.slice(index + said.length)}`;
