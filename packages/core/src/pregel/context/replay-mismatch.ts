import { type Decision, hash128 } from "@holdpoint/checkpoint";

/** Fingerprint of a question, to tell on replay whether the same one is asked. Undefined where it has no JSON form. */
export function fingerprint(question: unknown): string | undefined {
  try {
    return hash128(JSON.stringify(question) ?? "undefined");
  } catch {
    return undefined;
  }
}

/** Whether a decision is for this question; also where neither tells. */
export const isSameQuestion = (question: unknown, { asked }: Decision): boolean => asked === undefined || asked === fingerprint(question);

/**
 * Warns when a node that runs again asks another question at the place of one that was answered: it then gets an answer that was meant for
 * something else (seed: "Using multiple interrupts"). The question itself is not printed.
 */
export function noteMismatch(node: string, question: unknown, decision: Decision): void {
  const { interruptId } = decision;
  if (isSameQuestion(question, decision)) return;
  process.emitWarning(
    `Node "${node}" ran again and asked something else in the place of interrupt ${interruptId}, which is answered: the answer now counts for the new question. ` +
      "Keep the order of interrupt() calls the same on each run, or name them: interrupt(value, { key }).",
    { type: "HoldpointWarning", code: "REPLAY_MISMATCH" },
  );
}
