/** Seconds that a person at a terminal is made to wait without being asked. */
const LONGEST_WAIT = 20;

/** Wraps fetch so that a short `retry-after` is announced, and a long one is an answer instead of a silence (the SDK would sit it out). */
export function patientFetch(fetch: typeof globalThis.fetch, onWait: ((seconds: number) => void) | undefined): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    if (response.ok || Number.isNaN(seconds)) return response;
    if (seconds <= LONGEST_WAIT) {
      onWait?.(seconds);
      return response;
    }
    const headers = new Headers(response.headers);
    headers.set("x-should-retry", "false");
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  };
}
