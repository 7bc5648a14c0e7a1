export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median of the ratios a/b, pair by pair. */
export const ratio = (a, b) => median(a.map((time, index) => time / b[index]));

/** Slope of the straight line that fits best through the points. */
export function slope(points) {
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const above = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const below = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return above / below;
}

/** Slope of log(y) over log(x): 1 is linear, 2 quadratic. */
export const exponent = (points) => slope(points.map(([x, y]) => [Math.log(x), Math.log(y)]));
