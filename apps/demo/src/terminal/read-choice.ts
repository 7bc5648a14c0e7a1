export type Choice = "accept" | "edit" | "respond" | "ignore";

const WORDS: Readonly<Record<string, Choice>> = {
  a: "accept",
  accept: "accept",
  approve: "accept",
  y: "accept",
  yes: "accept",
  e: "edit",
  edit: "edit",
  r: "respond",
  respond: "respond",
  response: "respond",
  i: "ignore",
  ignore: "ignore",
};

/** Reads what a person chose at a gate; undefined for everything that is not clearly one of the choices, an empty line included. */
export function readChoice(text: string, allowed: readonly Choice[]): Choice | undefined {
  const choice = WORDS[text.trim().toLowerCase()];
  return choice !== undefined && allowed.includes(choice) ? choice : undefined;
}
