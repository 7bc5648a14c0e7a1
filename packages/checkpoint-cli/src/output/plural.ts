/** A number with what it counts: "1 thread", "2,000 threads". */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : several}`;
}
