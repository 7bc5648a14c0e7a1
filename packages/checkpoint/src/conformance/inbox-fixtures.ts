import assert from "node:assert/strict";
import type { InboxItem, InterruptPage, InterruptQuery } from "../inbox/inbox-types.js";
import type { CheckpointConfig, CheckpointSaver } from "../types.js";
import { firstCheckpoint, newThread, put, type ThreadFixture } from "./fixtures.js";

/** A time so many seconds after the first of January 2030. */
export function second(n: number): string {
  return new Date(Date.UTC(2030, 0, 1, 0, 0, n)).toISOString();
}

/** A question as the runtime saves it. */
export function question(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, value: `${id}?`, ns: ["node:1"], at: second(0), graph: "desk", code: "abc", ...more };
}

export function page(saver: CheckpointSaver, query?: InterruptQuery): Promise<InterruptPage> {
  assert.ok(saver.listInterrupts, "the saver has listInterrupts");
  return saver.listInterrupts(query);
}

/** Saves what a task asks. */
export function ask(saver: CheckpointSaver, config: CheckpointConfig, taskId: string, ...questions: unknown[]): Promise<void> {
  return saver.putWrites(config, [["__interrupt__", questions]], taskId);
}

/** A thread with one checkpoint, and questions of one task beside it. */
export async function asking(
  saver: CheckpointSaver,
  ...questions: unknown[]
): Promise<ThreadFixture & { readonly point: CheckpointConfig }> {
  const thread = newThread();
  const point = await put(saver, thread, firstCheckpoint({}));
  await ask(saver, point, "task", ...questions);
  return { ...thread, point };
}

/** Reads all pages of a query. */
export async function readAll(saver: CheckpointSaver, query: InterruptQuery): Promise<InboxItem[]> {
  const items: InboxItem[] = [];
  for (let cursor: string | undefined; ; ) {
    const read = await page(saver, { ...query, before: cursor });
    items.push(...read.items);
    assert.ok(read.items.length <= (query.limit ?? 100), "a page is no longer than its limit");
    if (read.next === undefined) return items;
    assert.equal(read.items.length, query.limit ?? 100, "only the last page may be short");
    cursor = read.next;
  }
}

/** Status of every question of a thread, by id. */
export async function statuses(saver: CheckpointSaver, { threadId }: ThreadFixture): Promise<Record<string, string>> {
  const items = await readAll(saver, { threadId, status: "any", order: "oldest" });
  return Object.fromEntries(items.map(({ id, status }) => [id, status]));
}

export function idsOfItems(items: readonly InboxItem[]): string[] {
  return items.map(({ id }) => id);
}
