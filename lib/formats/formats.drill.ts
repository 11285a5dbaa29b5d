import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hostileFile } from "./hostile.fixture";
import { importAs, importForeign, verdictOf } from "./import-foreign";
import { signedBundle } from "./model-signing.fixture";
import { samples } from "./samples.fixture";

/** 10,000 malformed files of every format: no importer throws, and memory stays flat. */

const FILES_PER_FORMAT = 10_000;
const MAX_GROWTH_BYTES = 24 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heapBytes = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

const { bundle, pem } = await signedBundle({});
const signed = {
  name: "model.sig",
  format: "model-signing" as const,
  bytes: new TextEncoder().encode(JSON.stringify(bundle)),
};
const lines: Record<string, string | number>[] = [];
let failed = 0;

for (const [place, sample] of [...samples, signed].entries()) {
  const verdicts = new Map<string, number>();
  let crashes = 0;
  let warm = 0;
  const begun = performance.now();
  for (let seed = 0; seed < FILES_PER_FORMAT; seed++) {
    if (seed === FILES_PER_FORMAT / 10) warm = heapBytes();
    try {
      const bytes = hostileFile(sample, place * 1_000_000 + seed);
      const options = { publicKeys: [pem] };
      // Half of them are past recognition, so every other one is read as what it was.
      const found =
        seed % 2 === 0
          ? await importForeign(sample.name, bytes, options)
          : await importAs(sample.format, sample.name, bytes, options);
      const verdict = verdictOf(found);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    } catch (error) {
      crashes += 1;
      if (crashes < 4) console.error(sample.format, seed, error);
    }
  }
  const growth = heapBytes() - warm;
  if (crashes > 0 || growth > MAX_GROWTH_BYTES) failed += 1;
  lines.push({
    format: sample.format,
    files: FILES_PER_FORMAT,
    crashes,
    "heap growth KB": Math.round(growth / 1024),
    seconds: Math.round((performance.now() - begun) / 1000),
    verdicts: [...verdicts].map(([verdict, count]) => `${verdict} ${count}`).join(", "),
  });
}

console.table(lines);
if (failed > 0) process.exitCode = 1;
