type Paint = (text: string) => string;

/** Colours by what they mean. */
export interface Style {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly name: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly ask: Paint;
}

const plain: Paint = (text) => text;
const sgr =
  (open: number, close: number): Paint =>
  (text) =>
    text === "" ? "" : `\u001b[${open}m${text}\u001b[${close}m`;

export const PLAIN_STYLE: Style = { strong: plain, faint: plain, name: plain, good: plain, bad: plain, ask: plain };

const COLOUR_STYLE: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  name: sgr(36, 39),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  ask: sgr(33, 39),
};

/** Chooses colours where the output shows them: not in a pipe, not with NO_COLOR or TERM=dumb, unless FORCE_COLOR asks for them. */
export function styleFor(output: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Style {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM } = env;
  if (NO_COLOR !== "") return PLAIN_STYLE;
  if (FORCE_COLOR !== "" && FORCE_COLOR !== "0") return COLOUR_STYLE;
  return output.isTTY === true && TERM !== "dumb" && FORCE_COLOR !== "0" ? COLOUR_STYLE : PLAIN_STYLE;
}
