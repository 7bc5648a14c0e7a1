import type { MatchCondition } from "./operation.js";
import type { ResolvedList } from "./resolve-operation.js";

/** Picks what a listing asks for from the namespaces that hold documents. */
export function listNamespaces(namespaces: Iterable<readonly string[]>, { conditions, maxDepth, limit, offset }: ResolvedList): string[][] {
  const listed = new Map<string, string[]>();
  for (const namespace of namespaces) {
    if (!conditions.every((condition) => meets(namespace, condition))) continue;
    const shown = namespace.slice(0, maxDepth);
    listed.set(JSON.stringify(shown), shown);
  }
  return [...listed.values()].sort(compareLabels).slice(offset, offset + limit);
}

/** The labels with which every namespace begins that a listing can show: where to look for them. */
export function commonPrefix(conditions: readonly MatchCondition[]): readonly string[] {
  const prefixes = conditions.filter(({ matchType }) => matchType === "prefix").map(({ path }) => untilWildcard(path));
  return prefixes.reduce((longest, prefix) => (prefix.length > longest.length ? prefix : longest), []);
}

const ANY_LABEL = "*";

function untilWildcard(path: readonly string[]): readonly string[] {
  const at = path.indexOf(ANY_LABEL);
  return at < 0 ? path : path.slice(0, at);
}

function meets(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  const from = matchType === "prefix" ? 0 : namespace.length - path.length;
  return path.length <= namespace.length && path.every((label, at) => label === ANY_LABEL || label === namespace[from + at]);
}

/** Label by label, in the order of their UTF-16 code units: the same in every store and every language. */
function compareLabels(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a[at] !== b[at]) return a[at]! < b[at]! ? -1 : 1;
  }
  return a.length - b.length;
}
