import type { AskedQuestion } from "@holdpoint/core";
import type { Level } from "./read-rules.js";
import type { Decider } from "./rule.js";

/** Tells whether somebody is one of those who decide at this level. */
export async function mayDecide({ approvers }: Level, by: Decider, question: AskedQuestion): Promise<boolean> {
  if (approvers === "anyone") return true;
  if (approvers === "assignees") return assigneesOf(question.interrupt.terms?.assignees).includes(by.id);
  // Only true is a yes: anything else is somebody's mistake.
  if (typeof approvers === "function") return ((await approvers(by, question)) as unknown) === true;
  if ("role" in approvers) {
    const roles: readonly unknown[] = Array.isArray(by.roles) ? by.roles : [];
    return [approvers.role].flat().some((role) => roles.includes(role));
  }
  return approvers.includes(by.id);
}

/** Ids of those who decide, where they are known by name. */
export function namedApprovers({ approvers }: Level, assignees: readonly string[] | undefined): readonly string[] | undefined {
  if (approvers === "assignees") return assigneesOf(assignees);
  return Array.isArray(approvers) ? (approvers as readonly string[]) : undefined;
}

/** Saved terms are data: a text in place of a list would admit its parts. */
const assigneesOf = (assignees: unknown): readonly string[] => (Array.isArray(assignees) ? (assignees as readonly string[]) : []);

/** Says in words who decides. */
export function describeApprovers(level: Level, assignees: readonly string[] | undefined): string {
  const { approvers } = level;
  const named = namedApprovers(level, assignees);
  if (named !== undefined) return named.join(", ");
  if (approvers === "anyone") return "anyone who says who they are";
  if (typeof approvers === "object" && "role" in approvers) return `whoever has the role ${[approvers.role].flat().join(" or ")}`;
  return "those whom the rule's function admits";
}
