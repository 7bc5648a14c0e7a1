/** What of an error is saved and shown: plain data. */
export function errorAsSaved(error: unknown): { name: string; message: string } {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { name, message };
}
