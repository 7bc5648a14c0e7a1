let cachedSecond = Number.NaN;
let cachedText = "";

/** The time as `Date.prototype.toISOString` writes it, of which only the milliseconds change from one step to the next. @param now milliseconds since 1970 */
export function isoTime(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== cachedSecond) {
    cachedText = new Date(second * 1000).toISOString().slice(0, -"000Z".length);
    cachedSecond = second;
  }
  const rest = now - second * 1000;
  return `${cachedText}${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}Z`;
}
