import type { Day } from "../calendar.js";
import { type Draft, hear, learn, NEW_DRAFT } from "./draft.js";
import { nextStep } from "./next-step.js";
import { type Question, readRequest } from "./read-request.js";
import { tellOutcome } from "./sentences.js";
import type { Plan, Turn } from "./turn.js";

/**
 * Decides what the desk does next, from the whole conversation: the model has no memory of its own, as a real one has none.
 * Pure: the same conversation and day give the same plan.
 */
export function planReply(turns: readonly Turn[], today: Day): Plan {
  let draft: Draft = NEW_DRAFT;
  let question: Question | undefined;
  let news: Turn[] = [];
  for (const turn of turns) {
    if (turn.kind === "desk") {
      question = turn.calls ? undefined : stepAfter(draft, news, today).question;
      // What was told is told; a search is over once its hotels were named.
      if (!turn.calls && draft.wish === "search" && draft.found !== undefined) draft = { ...draft, found: undefined };
      news = [];
      continue;
    }
    draft = turn.kind === "person" ? hear(draft, turn.text, question, today) : learn(draft, turn.outcome, today);
    news.push(turn);
  }
  return stepAfter(draft, news, today).plan;
}

interface Step {
  readonly plan: Plan;
  /** What the plan asks the person, so that a bare answer is understood. */
  readonly question?: Question;
}

/** Tells what the tools brought, and goes on with the wish where it is still open. */
function stepAfter(draft: Draft, news: readonly Turn[], today: Day): Step {
  const last = news.at(-1);
  if (last?.kind !== "result") return nextStep(draft, today);
  const outcomes = news.filter((turn) => turn.kind === "result").map(({ outcome }) => outcome);
  if (outcomes.every((outcome) => outcome.kind === "ran" && outcome.result.kind === "hotels")) return nextStep(draft, today);
  const told = outcomes.map(tellOutcome).join("\n");
  // A person answered in place of the tool: propose again if that changed the wish.
  const answered = outcomes.find((outcome) => outcome.kind === "answered");
  if (answered !== undefined && draft.wish === "book" && changes(answered.words, today)) {
    const { plan, question } = nextStep(draft, today);
    return { plan: { ...plan, text: `${told}\n${plan.text}` }, question };
  }
  return { plan: { kind: "say", text: told } };
}

/** Tells whether words say anything about a stay. */
const changes = (words: string, today: Day): boolean => {
  const { place, checkIn, checkOut, nights, guest } = readRequest(words, undefined, today);
  return [place, checkIn, checkOut, nights, guest].some((part) => part !== undefined);
};
