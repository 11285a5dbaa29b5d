import { type Asked, askReader } from "./ask-reader.fixture";
import { type Shape, shapes } from "./hostile-shapes.fixture";

/**
 * `npm run bench:readers`: each reader on each of its worst shapes at four doubling sizes up to its limit, apart from
 * this process. The exponent is fitted to processor time above that of the smallest size's start: 1 is linear.
 */

const largest: Record<Shape["reader"], number> = {
  description: 20_000,
  card: 60_000,
  rows: 8_000_000,
  foreign: 8_000_000,
};
const NOISE_MS = 60;

/** The slope of the logarithms of time over size, by least squares, where there is time enough to tell. */
function exponentOf(points: readonly Asked[], floorMs: number): string {
  const known = points.flatMap(({ characters, usage }) => {
    const ms = (usage?.processorMs ?? 0) - floorMs;
    return ms > NOISE_MS ? [[Math.log(characters), Math.log(ms)] as const] : [];
  });
  if (known.length < 3) return "too quick to tell";
  const mean = (place: 0 | 1) => known.reduce((sum, point) => sum + point[place], 0) / known.length;
  const [x, y] = [mean(0), mean(1)];
  const above = known.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return (above / known.reduce((sum, [a]) => sum + (a - x) ** 2, 0)).toFixed(2);
}

const rows = [];
for (const shape of shapes) {
  const points: Asked[] = [];
  // Without what starting costs.
  const floor = (await askReader(shape, shape.of(64))).usage?.processorMs ?? 0;
  for (const share of [8, 4, 2, 1])
    points.push(await askReader(shape, shape.of(largest[shape.reader] / share)));
  const last = points.at(-1)!;
  rows.push({
    reader: shape.reader,
    shape: shape.name,
    characters: last.characters,
    "processor ms": last.usage?.processorMs ?? "-",
    "peak MB": last.usage ? Math.round(last.usage.peakKilobytes / 1024) : "-",
    exponent: exponentOf(points, floor),
    found: last.found,
  });
}
console.table(rows);
process.exit();
