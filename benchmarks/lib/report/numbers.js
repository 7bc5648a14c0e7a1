// How figures are written.

export const times = (value) => (value === undefined ? "" : `${value >= 10 ? Math.round(value).toLocaleString("en") : value.toFixed(1)}x`);

export const micros = (value) =>
  value === undefined ? "" : value >= 100 ? Math.round(value).toLocaleString("en") : value >= 10 ? value.toFixed(0) : value.toFixed(1);

export const whole = (value) => (value === undefined ? "" : Math.round(value).toLocaleString("en"));

export const exponents = (value) => (value === undefined ? "" : value.toFixed(2));

/** One number, or from the least to the greatest. */
export function range(values, write) {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return "";
  const [least, most] = [write(Math.min(...known)), write(Math.max(...known))];
  return least === most ? least : `${least} – ${most}`;
}
